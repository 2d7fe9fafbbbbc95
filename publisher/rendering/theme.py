"""Design tokens: the colours, type and spacing that letter and pages share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Theme(BaseModel):
    """The `[theme]` table of publication.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")
