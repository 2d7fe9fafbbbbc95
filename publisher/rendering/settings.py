"""The `[feeds]` and `[email]` tables of publication.toml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class FeedSettings(BaseModel):
    """How feeds are cut."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: int = Field(
        default=40, ge=1, le=500, description="How many of the newest articles a feed carries."
    )
    content: Literal["full", "summary"] = "full"


class EmailSettings(BaseModel):
    """How the letter is cut."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    content: Literal["full", "summary", "lead-full"] = "full"
