"""The `[delivery]` table of publication.toml; secrets come from the environment only."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class DeliverySettings(BaseModel):
    """How letters leave."""

    model_config = ConfigDict(frozen=True, extra="forbid")
