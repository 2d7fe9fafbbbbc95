"""The `[feeds]`, `[email]` and `[pages]` tables of publication.toml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from publisher.content.models import WebAddress


class FeedSettings(BaseModel):
    """How feeds are cut."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: int = Field(
        default=40, ge=1, le=500, description="How many of the newest articles a feed carries."
    )
    content: Literal["full", "summary"] = Field(
        default="full", description="full: whole stories; summary: a paragraph and a link each."
    )
    issues: int = Field(
        default=10,
        ge=1,
        le=100,
        description="How many of the newest issues the feed of whole issues carries.",
    )
    archive_issues: int = Field(
        default=10,
        ge=1,
        le=100,
        description="How many issues an archive document holds; changing it renames every archive.",
    )
    hub: WebAddress | None = Field(
        default=None,
        description="A WebSub hub that is told of new issues, for example https://pubsubhubbub.appspot.com/.",
    )
    stylesheet: bool = Field(
        default=True,
        description="true: a feed opened in a browser is a readable page; needs application/xml.",
    )


class EmailSettings(BaseModel):
    """How the letter is cut."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    content: Literal["full", "summary", "lead-full"] = Field(
        default="full",
        description="full: whole stories; summary: a paragraph and a link each; lead-full: only the first whole.",
    )
    oversize: Literal["shorten", "refuse"] = Field(
        default="shorten",
        description="A letter that Gmail would clip: shorten its largest stories, or refuse to publish.",
    )
    images: Literal["hosted", "inline"] = Field(
        default="hosted",
        description="hosted: pictures are fetched from the site; inline: they travel with the letter.",
    )
    reason: str = Field(
        default="",
        max_length=300,
        description="Why a reader gets this letter, for example: You signed up at our spring fair.",
    )


class PageSettings(BaseModel):
    """What the web pages offer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subscribe: WebAddress | None = Field(
        default=None,
        description="Where the sign-up form is sent, for example https://example.org/subscribe; "
        "without one, pages point to the feeds.",
    )
