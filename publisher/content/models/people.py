"""Who is named beside a story: authors, and where it comes from."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field

from publisher.content.models.addresses import Name, WebAddress
from publisher.content.models.base import Frozen
from publisher.content.text import Line


def _named(value: object) -> object:
    """A plain text stands for a name, or for an address whose host is the name."""
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return {"name": urlsplit(value).hostname or value, "url": value}
    return {"name": value} if isinstance(value, str) else value


def _listed(value: object) -> object:
    """One thing stands for a list of one."""
    return (value,) if isinstance(value, str | dict) else value


def list_of(item: Any) -> BeforeValidator:
    """Accept one item for a list of one; the schema for editors says so too."""
    return BeforeValidator(_listed, json_schema_input_type=item | tuple[item, ...])


class Person(Frozen):
    """An author. Only the name is shown; the link is optional."""

    name: Name = Field(description="The name as it is printed, for example Aigul Sadykova.")
    url: WebAddress | None = Field(
        default=None, description="The author's page, for example https://example.org/aigul."
    )


NamedPerson = Annotated[Person, BeforeValidator(_named, json_schema_input_type=str | Person)]
People = Annotated[tuple[NamedPerson, ...], list_of(str | Person)]
"""One name, a list of names, or names with addresses."""


class Source(Frozen):
    """Where a story, or a figure in it, comes from."""

    name: Line = Field(description="Who said it, for example Kabar.")
    url: WebAddress | None = Field(
        default=None, description="Where it can be read, for example https://example.org/report."
    )


NamedSource = Annotated[Source, BeforeValidator(_named, json_schema_input_type=str | Source)]
Sources = Annotated[tuple[NamedSource, ...], list_of(str | Source)]
"""Likewise; an address alone is named after its host."""
