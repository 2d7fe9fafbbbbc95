"""One dated briefing."""

from __future__ import annotations

from pydantic import Field

from publisher.content.models.article import Article
from publisher.content.models.base import SET_BY_LOADER, Typed
from publisher.content.text import Body, Line, OptionalLine
from publisher.content.times import Day, Moment
from publisher.rates.models import RatesFile


class Issue(Typed):
    """One dated briefing: a lead paragraph and its articles, the lead story first."""

    date: Day = Field(description="The folder's name, for example 2025-12-10.")
    title: Line = Field(description="The issue's title, for example A dam and what it cost.")
    number: int = Field(
        ge=1, le=1_000_000, description="Counts issues, shown in the masthead, for example 128."
    )
    subject: OptionalLine = Field(
        default="", description="The letter's subject, else the title; for example A dam opens: nine million."
    )
    preheader: OptionalLine = Field(
        default="",
        description="40 to 90 characters shown after the subject, for example A dam, a price, and pelicans.",
    )
    editor: OptionalLine = Field(default="", description="Who edited the issue, for example Aigul Sadykova.")
    published: Moment = Field(description="When the issue went out; else 07:00 in the publication's zone.")
    lead: Body = Field(
        default="", json_schema_extra=SET_BY_LOADER, description="Markdown of the opening paragraph."
    )
    articles: tuple[Article, ...] = Field(
        json_schema_extra=SET_BY_LOADER, description="The stories, in order."
    )
    rates: RatesFile | None = Field(
        default=None, json_schema_extra=SET_BY_LOADER, description="The issue's rates.yml."
    )
    folder: str = Field(default="", json_schema_extra=SET_BY_LOADER, description="issues/2025-12-10")
    digest: str = Field(
        default="", json_schema_extra=SET_BY_LOADER, description="A hash of every file in the folder."
    )
    pictures: tuple[str, ...] = Field(
        default=(),
        json_schema_extra=SET_BY_LOADER,
        description="Every picture shown, for example images/dam.jpg.",
    )

    @property
    def slug(self) -> str:
        """`2025-12-10`: the folder's and the page's name."""
        return self.date.isoformat()
