"""Article, Issue, Publication: what an editor wrote, checked and frozen.

Three dates are never mixed: an issue's date, its rates' as-of date, and an article's
published time. Every time carries a zone. Ids are minted once and stored (RFC 4151 `tag:`
URIs are made from them); URLs may change, ids may not.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

from publisher.content.text import Body, Line, OptionalLine
from publisher.rates.models import RatesFile

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,80}$")]
"""A path segment that is safe on every file system and in every URL."""

EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,120}$")]
"""The stored part of an article's permanent identity; unique for ever within a publication."""


def _plain_web_address(value: HttpUrl) -> HttpUrl:
    """Refuse user:password@ in an address: it is never meant and hides where a link leads."""
    if value.username or value.password:
        raise ValueError("must not carry a user name or password")
    return value


WebAddress = Annotated[HttpUrl, AfterValidator(_plain_web_address)]


class Frozen(BaseModel):
    """What was read does not change; what is not known is an error with a place."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Frozen):
    """An author. Only the name is shown; the link is optional."""

    name: Line = Field(description="The name as it is printed, for example Aigul Sadykova.")
    url: WebAddress | None = Field(
        default=None, description="The author's page, for example https://example.org/aigul."
    )


class Source(Frozen):
    """Where a story, or a figure in it, comes from."""

    name: Line = Field(description="Who said it, for example Kabar.")
    url: WebAddress | None = Field(default=None, description="Where it can be read.")


class Image(Frozen):
    """The lead image. `path` is relative to the issue's folder."""

    path: Annotated[
        str, StringConstraints(pattern=r"^images/[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.(png|jpe?g)$")
    ] = Field(description="A PNG or JPEG below images/, for example images/dam.jpg.")
    alt: Line = Field(description="What the picture shows, for a reader who cannot see it.")
    credit: OptionalLine = Field(default="", description="Who made it, for example Photo: Kabar.")
    caption: OptionalLine = Field(default="", description="A line under the picture.")
    # Measured by the loader from the file itself; never typed.
    width: int = Field(default=0, exclude=True, json_schema_extra={"x-measured": True})
    height: int = Field(default=0, exclude=True, json_schema_extra={"x-measured": True})
    bytes: int = Field(default=0, exclude=True, json_schema_extra={"x-measured": True})

    @property
    def media_type(self) -> str:
        """`image/png` or `image/jpeg`."""
        return "image/png" if self.path.endswith(".png") else "image/jpeg"


class Correction(Frozen):
    """What was wrong and is now right; shown to readers, and it bumps the entry's `updated`."""

    at: AwareDatetime = Field(description="When it was corrected, for example 2025-12-11T09:30+06:00.")
    text: Line = Field(description="What was wrong and what is right, in a sentence.")
    retraction: bool = Field(default=False, description="true when the whole story is withdrawn.")


class Article(Frozen):
    """One story, in one Markdown file of an issue's folder."""

    id: EntryId = Field(description="Minted once by `publisher new` or `import`; never change it.")
    title: Line = Field(description="The headline, in one line.")
    slug: Slug = Field(description="The last part of the address: a-z, 0-9 and hyphens.")
    section: Slug = Field(description="The id of one of the sections in publication.toml.")
    authors: tuple[Person, ...] = Field(default=(), description="Names, or name and url.")
    published: AwareDatetime = Field(description="When readers first saw it, with its zone.")
    updated: AwareDatetime | None = Field(
        default=None, description="Only for a change that readers should notice."
    )
    summary: OptionalLine = Field(
        default="", description="One or two sentences; else the first paragraph is used."
    )
    image: Image | None = None
    source: Source | None = Field(
        default=None, description="The original, when the story is told after another."
    )
    sources: tuple[Source, ...] = Field(default=(), description="Everything the story rests on.")
    tags: tuple[Line, ...] = Field(
        default=(), description="Words a reader may look for, for example Kyrgyzstan."
    )
    corrections: tuple[Correction, ...] = ()
    moved_from: tuple[str, ...] = Field(
        default=(), description="Earlier addresses that now redirect, site-relative."
    )
    language: str | None = Field(default=None, description="Only if it differs from the publication's.")
    body: Body = Field(description="Markdown.")
    file: str = Field(default="", exclude=True, description="The file it came from, for messages.")

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


class Issue(Frozen):
    """One dated briefing: a lead paragraph and its articles, the lead story first."""

    date: date
    title: Line = Field(description="The issue's title, for example its lead story in short.")
    number: int = Field(ge=1, description="Counts issues; shown in the masthead.")
    subject: OptionalLine = Field(default="", description="The letter's subject; else the title.")
    preheader: OptionalLine = Field(default="", description="40 to 90 characters shown after the subject.")
    editor: OptionalLine = Field(default="", description="Who edited the issue.")
    published: AwareDatetime = Field(
        description="When the issue went out; else 07:00 in the publication's zone."
    )
    lead: Body = Field(default="", description="Markdown of the opening paragraph.")
    articles: tuple[Article, ...]
    rates: RatesFile | None = Field(default=None, description="The issue's rates.yml.")
    folder: str = Field(default="", exclude=True, description="issues/2025-12-10")

    @property
    def slug(self) -> str:
        """`2025-12-10`: the folder's and the page's name."""
        return self.date.isoformat()


class Section(Frozen):
    """A part of the publication with its own page and feeds."""

    id: Slug
    title: Line
    description: OptionalLine = ""


class Publisher(Frozen):
    """Who answers for the publication; stands in feeds, structured data and the letter's foot."""

    name: Line
    url: WebAddress | None = None
    email: OptionalLine = Field(default="", description="Where readers reach a person.")
    address: OptionalLine = Field(
        default="", description="The postal address; mail law asks for one in each letter."
    )


class Publication(Frozen):
    """What all issues share."""

    title: Line
    tagline: OptionalLine = ""
    url: WebAddress = Field(description="Where the site lives, for example https://example.org/.")
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = Field(
        default="en", description="A BCP 47 tag: en, ru, kk, ky, uz, uz-Cyrl, tg, tk, fa."
    )
    timezone: str = Field(default="UTC", description="An IANA name, for example Asia/Bishkek.")
    cadence: Literal["daily", "weekdays", "weekly", "monthly"] = "weekdays"
    publish_time: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "07:00"
    founded: date = Field(description="Part of every tag: id (RFC 4151); set once, never changed.")
    authority: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]*$")] = Field(
        default="", description="The domain in every tag: id. Set it to the old domain when the site moves."
    )
    sections: tuple[Section, ...]
    publisher: Publisher
    copyright: OptionalLine = ""

    @property
    def base_url(self) -> str:
        """The address of the site without a slash at its end."""
        return str(self.url).rstrip("/")
