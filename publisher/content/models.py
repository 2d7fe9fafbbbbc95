"""Article, Issue, Publication: what an editor wrote, checked and frozen.

Three dates are never mixed: an issue's date, its rates' as-of date, and an article's
published time. Every time carries a zone. Ids are minted once and stored (RFC 4151 `tag:`
URIs are made from them); URLs may change, ids may not.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    JsonValue,
    StringConstraints,
)

from publisher.content.text import Body, Line, OptionalLine
from publisher.content.times import Day, Moment, TimeZone
from publisher.rates.models import RatesFile

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,80}$")]
"""A path segment that is safe on every file system and in every URL."""

EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,120}$")]
"""The stored part of an article's permanent identity; unique for ever within a publication."""


Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""A BCP 47 tag."""


_NO_HOST = re.compile(r"https?:(?!//[^/\\])", re.IGNORECASE)


def _typed_address(value: object) -> object:
    """Refuse what pydantic would silently delete or encode: an address is typed without blanks."""
    if isinstance(value, str) and any(character.isspace() for character in value.strip()):
        raise ValueError("has a blank or a line break in it; delete it")
    if isinstance(value, str) and _NO_HOST.match(value):
        raise ValueError("is not a web address; type it in full, for example https://example.org/")
    return value


def _plain_web_address(value: HttpUrl) -> HttpUrl:
    """Refuse user:password@ in an address: it is never meant and hides where a link leads."""
    if value.username or value.password:
        raise ValueError("has a user name or password in it; delete everything up to the @")
    if ".." in (value.host or ""):
        raise ValueError("has two dots in its host name; delete one")
    return value


WebAddress = Annotated[HttpUrl, BeforeValidator(_typed_address), AfterValidator(_plain_web_address)]


def _named(value: object) -> object:
    """A plain text stands for a name, or for an address whose host is the name."""
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return {"name": urlsplit(value).hostname or value, "url": value}
    return {"name": value} if isinstance(value, str) else value


def _listed(value: object) -> object:
    """One thing stands for a list of one."""
    return (value,) if isinstance(value, str | dict) else value


def _list_of(item: Any) -> BeforeValidator:
    """Accept one item for a list of one; the schema for editors says so too."""
    return BeforeValidator(_listed, json_schema_input_type=item | tuple[item, ...])


def _site_relative(value: object) -> object:
    """`/2024-05-02/dam/` -> `2024-05-02/dam/`."""
    return value.removeprefix("/") if isinstance(value, str) else value


OldPath = Annotated[
    str,
    BeforeValidator(_site_relative),
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*/?$", max_length=200),
]
"""An address that the site once had, relative to its root."""


SET_BY_LOADER: dict[str, JsonValue] = {"x-set-by-loader": True}
"""Marks a field that is measured, or comes from elsewhere than the front matter: it is never typed."""


class Frozen(BaseModel):
    """What was read does not change; what is not known is an error with a place."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Frozen):
    """An author. Only the name is shown; the link is optional."""

    name: Line = Field(description="The name as it is printed, for example Aigul Sadykova.")
    url: WebAddress | None = Field(
        default=None, description="The author's page, for example https://example.org/aigul."
    )


NamedPerson = Annotated[Person, BeforeValidator(_named, json_schema_input_type=str | Person)]
People = Annotated[tuple[NamedPerson, ...], _list_of(str | Person)]
"""One name, a list of names, or names with addresses."""


class Source(Frozen):
    """Where a story, or a figure in it, comes from."""

    name: Line = Field(description="Who said it, for example Kabar.")
    url: WebAddress | None = Field(
        default=None, description="Where it can be read, for example https://example.org/report."
    )


NamedSource = Annotated[Source, BeforeValidator(_named, json_schema_input_type=str | Source)]
Sources = Annotated[tuple[NamedSource, ...], _list_of(str | Source)]
"""Likewise; an address alone is named after its host."""


class Image(Frozen):
    """The lead image. `path` is relative to the issue's folder."""

    path: Annotated[
        str, StringConstraints(pattern=r"^images/[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.(png|jpe?g)$")
    ] = Field(description="A PNG or JPEG below images/, for example images/dam.jpg.")
    alt: Line = Field(description="What the picture shows, for example A grey dam between two red hills.")
    credit: OptionalLine = Field(default="", description="Who made it, for example Photo: Kabar.")
    caption: OptionalLine = Field(
        default="", description="A line under the picture, for example The dam on Monday."
    )
    width: int = Field(default=0, exclude=True, json_schema_extra=SET_BY_LOADER)
    height: int = Field(default=0, exclude=True, json_schema_extra=SET_BY_LOADER)
    bytes: int = Field(default=0, exclude=True, json_schema_extra=SET_BY_LOADER)

    @property
    def media_type(self) -> str:
        """`image/png` or `image/jpeg`."""
        return "image/png" if self.path.endswith(".png") else "image/jpeg"


class Correction(Frozen):
    """What was wrong and is now right; shown to readers, and it bumps the entry's `updated`."""

    at: Moment = Field(description="When it was corrected, for example 2025-12-11T09:30+06:00.")
    text: Line = Field(
        description="What was wrong and is right, for example The dam is 90 metres high, not 900."
    )
    retraction: bool = Field(default=False, description="true withdraws the whole story.")


class Typed(Frozen):
    """What was typed in a file, and on which lines, for messages."""

    lines: tuple[tuple[str, int], ...] = Field(
        default=(),
        exclude=True,
        json_schema_extra=SET_BY_LOADER,
        description="The line of each field typed, and of the text as `body`.",
    )

    def line(self, field: str) -> int:
        """The line that a field was typed on, from 1; 0 if it was not typed."""
        return dict(self.lines).get(field, 0)


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
    tags: Annotated[tuple[Line, ...], _list_of(str)] = Field(
        default=(), description="Words a reader may look for, for example Kyrgyzstan."
    )
    corrections: tuple[Correction, ...] = Field(default=(), description="What was put right, and when.")
    moved_from: Annotated[tuple[OldPath, ...], _list_of(str)] = Field(
        default=(), description="Earlier addresses that now redirect, for example 2024-05-02/dam/."
    )
    language: Language | None = Field(
        default=None, description="Only if it differs from the publication's, for example ru."
    )
    body: Body = Field(json_schema_extra=SET_BY_LOADER, description="Markdown.")
    file: str = Field(
        default="",
        exclude=True,
        json_schema_extra=SET_BY_LOADER,
        description="The file it came from, for messages.",
    )
    pictures: tuple[str, ...] = Field(
        default=(),
        exclude=True,
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
    folder: str = Field(
        default="", exclude=True, json_schema_extra=SET_BY_LOADER, description="issues/2025-12-10"
    )
    pictures: tuple[str, ...] = Field(
        default=(),
        exclude=True,
        json_schema_extra=SET_BY_LOADER,
        description="Every picture shown, for example images/dam.jpg.",
    )

    @property
    def slug(self) -> str:
        """`2025-12-10`: the folder's and the page's name."""
        return self.date.isoformat()


class Section(Frozen):
    """A part of the publication with its own page and feeds."""

    id: Slug = Field(description="A folder of the site: a-z, 0-9 and hyphens, for example economy.")
    title: Line = Field(description="As it is printed, for example Economy.")
    description: OptionalLine = Field(default="", description="A line, for example Money, roads and mines.")


class Publisher(Frozen):
    """Who answers for the publication; stands in feeds, structured data and the letter's foot."""

    name: Line = Field(description="A person or a company, for example Steppe Letter.")
    url: WebAddress | None = Field(default=None, description="Its page, for example https://example.org/.")
    logo: WebAddress | None = Field(
        default=None,
        description="Its mark for search engines, a picture of 112 pixels or more, for example "
        "https://example.org/logo.png.",
    )
    email: OptionalLine = Field(
        default="", description="Where readers reach a person, for example desk@example.org."
    )
    address: OptionalLine = Field(
        default="",
        description="The postal address that mail law asks for, for example 12 Example Street, Bishkek.",
    )


class Publication(Frozen):
    """What all issues share."""

    title: Line = Field(description="The publication's name, for example Steppe Letter.")
    tagline: OptionalLine = Field(
        default="", description="What it is, for example Central Asia in ten minutes."
    )
    url: WebAddress = Field(description="Where the site lives, for example https://example.org/.")
    language: Language = Field(
        default="en", description="A BCP 47 tag (en, ru, kk, ky, uz, uz-Cyrl, tg, tk, fa), for example en."
    )
    timezone: TimeZone = Field(default="UTC", description="An IANA name, for example Asia/Bishkek.")
    cadence: Literal["daily", "weekdays", "weekly", "monthly"] = Field(
        default="weekdays", description="How often an issue comes out, for example weekdays."
    )
    publish_time: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = Field(
        default="07:00", description="When issues come out, local time, for example 07:00."
    )
    founded: Day = Field(
        description="Part of every permanent id (RFC 4151), never changed; for example 2025-01-01."
    )
    authority: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]*$")] = Field(
        default="", description="The domain in every tag: id. Set it to the old domain when the site moves."
    )
    sections: tuple[Section, ...] = Field(
        min_length=1, description="The parts of the publication, one at least."
    )
    publisher: Publisher = Field(description="Who answers for it.")
    desks: tuple[Line, ...] = Field(
        default=(), description="Authors who are not a person, for example News desk, Kabar."
    )
    copyright: OptionalLine = Field(
        default="", description="Whose words they are, for example Steppe Letter, free to quote."
    )

    @property
    def base_url(self) -> str:
        """The address of the site without a slash at its end."""
        return str(self.url).rstrip("/")

    @property
    def base_path(self) -> str:
        """Where the site lies on its host: `/news`, or nothing at its root."""
        return urlsplit(self.base_url).path
