"""Days as they are typed: click alone would ask an editor for `%Y-%m-%d`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click


class Day(click.DateTime):
    """A calendar day, typed as 2025-12-10."""

    def __init__(self) -> None:
        """Take this one form."""
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a day, or say how it is typed."""
        try:
            day: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is not a date; write it as 2025-12-10", param, ctx)
        return day


DAY = Day()
