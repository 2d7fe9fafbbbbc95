"""The `[subscribers]` table of publication.toml; secrets come from the environment only."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class SubscriberSettings(BaseModel):
    """How people sign up and leave."""

    model_config = ConfigDict(frozen=True, extra="forbid")
