"""One story, with its picture and its corrections."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from publisher.content.models.addresses import EntryId, Language, OldPath, Slug
from publisher.content.models.base import SET_BY_LOADER, Frozen, Typed
from publisher.content.models.people import NamedSource, People, Sources, list_of
from publisher.content.text import Body, Line, OptionalLine
from publisher.content.times import Moment


class Image(Frozen):
    """The lead image. `path` is relative to the issue's folder."""

    path: Annotated[
        str, StringConstraints(pattern=r"^images/[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.(?i:png|jpe?g)$")
    ] = Field(
        description="A PNG or JPEG below images/, named in a-z, 0-9, dots and hyphens, for example images/dam.jpg."
    )
    alt: Line = Field(description="What the picture shows, for example A grey dam between two red hills.")
    credit: OptionalLine = Field(default="", description="Who made it, for example Photo: Kabar.")
    caption: OptionalLine = Field(
        default="", description="A line under the picture, for example The dam on Monday."
    )
    width: int = Field(default=0, json_schema_extra=SET_BY_LOADER)
    height: int = Field(default=0, json_schema_extra=SET_BY_LOADER)
    bytes: int = Field(default=0, json_schema_extra=SET_BY_LOADER)

    @property
    def media_type(self) -> str:
        """`image/png` or `image/jpeg`."""
        return "image/png" if self.path.lower().endswith(".png") else "image/jpeg"


class Correction(Frozen):
    """What was wrong and is now right; shown to readers, and it bumps the entry's `updated`."""

    at: Moment = Field(description="When it was corrected, for example 2025-12-11T09:30+06:00.")
    text: Line = Field(
        description="What was wrong and is right, for example The dam is 90 metres high, not 900."
    )
    retraction: bool = Field(default=False, description="true withdraws the whole story.")


class Article(Typed):
    """One story, in one Markdown file of an issue's folder."""

    id: EntryId = Field(
        description="Minted once by `publisher new` or `import`, never changed; for example 2025-12-10.dam."
    )
    title: Line = Field(description="The headline, in one line, for example A dam opens in Osh.")
    slug: Slug = Field(
        description="The last part of the address: a-z, 0-9 and hyphens, for example dam-opens."
    )
    section: Slug = Field(description="The id of a section of publication.toml, for example economy.")
    authors: People = Field(default=(), description="Names, or name and url, for example Aigul Sadykova.")
    published: Moment = Field(description="When readers first saw it, for example 2025-12-10T07:00+06:00.")
    updated: Moment | None = Field(
        default=None,
        description="Only for a change that readers should notice, for example 2025-12-11T09:30+06:00.",
    )
    summary: OptionalLine = Field(
        default="", description="One or two sentences, for example The dam halves the price of light."
    )
    image: Image | None = Field(default=None, description="The lead image: path, alt, credit, caption.")
    source: NamedSource | None = Field(
        default=None, description="The original, when the story is told after another."
    )
    sources: Sources = Field(default=(), description="Everything the story rests on, for example Kabar.")
    tags: Annotated[tuple[Line, ...], list_of(str)] = Field(
        default=(), description="Words a reader may look for, for example Kyrgyzstan."
    )
    corrections: tuple[Correction, ...] = Field(default=(), description="What was put right, and when.")
    moved_from: Annotated[tuple[OldPath, ...], list_of(str)] = Field(
        default=(), description="Earlier addresses that now redirect, for example 2024-05-02/dam/."
    )
    language: Language | None = Field(
        default=None, description="Only if it differs from the publication's, for example ru."
    )
    body: Body = Field(json_schema_extra=SET_BY_LOADER, description="Markdown.")
    file: str = Field(
        default="",
        json_schema_extra=SET_BY_LOADER,
        description="The file it came from, for messages.",
    )
    pictures: tuple[str, ...] = Field(
        default=(),
        json_schema_extra=SET_BY_LOADER,
        description="Every picture shown, for example images/dam.jpg.",
    )

    @property
    def modified(self) -> datetime:
        """The last change readers should notice: published, `updated`, or the last correction."""
        return max(
            [self.published, *(c.at for c in self.corrections), *([self.updated] if self.updated else [])]
        )

    @property
    def retracted(self) -> bool:
        """Whether the story has been withdrawn; its entry stays, with the notice."""
        return any(c.retraction for c in self.corrections)
