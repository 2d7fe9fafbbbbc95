"""What all models share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, JsonValue

SET_BY_LOADER: dict[str, JsonValue] = {"x-set-by-loader": True}
"""Marks a field that is measured, or comes from elsewhere than the front matter: it is never typed."""


class Frozen(BaseModel):
    """What was read does not change; what is not known is an error with a place."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Typed(Frozen):
    """What was typed in a file, and on which lines, for messages."""

    lines: tuple[tuple[str, int], ...] = Field(
        default=(),
        json_schema_extra=SET_BY_LOADER,
        description="The line of each field typed, and of the text as `body`.",
    )

    def line(self, field: str) -> int:
        """The line that a field was typed on, from 1; 0 if it was not typed."""
        return dict(self.lines).get(field, 0)
