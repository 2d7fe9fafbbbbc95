"""What all issues share: the publication, its sections, and who answers for it."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints

from publisher.content.models.addresses import Language, MailAddress, Name, SiteAddress, Slug, WebAddress
from publisher.content.models.base import Frozen
from publisher.content.text import Line, OptionalLine
from publisher.content.times import Day, TimeZone


class Section(Frozen):
    """A part of the publication with its own page and feeds."""

    id: Slug = Field(description="A folder of the site: a-z, 0-9 and hyphens, for example economy.")
    title: Line = Field(description="As it is printed, for example Economy.")
    description: OptionalLine = Field(default="", description="A line, for example Money, roads and mines.")


class Publisher(Frozen):
    """Who answers for the publication; stands in feeds, structured data and the letter's foot."""

    name: Name = Field(description="A person or a company, for example Steppe Letter.")
    url: WebAddress | None = Field(default=None, description="Its page, for example https://example.org/.")
    logo: WebAddress | None = Field(
        default=None,
        description="Its mark for search engines, a picture of 112 pixels or more, for example "
        "https://example.org/logo.png.",
    )
    email: MailAddress = Field(
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
    url: SiteAddress = Field(description="Where the site lives, for example https://example.org/.")
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
