"""Thirty values -> one small line, in numbers that a template writes as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from publisher.rates.sparkline import heights

WIDTH, HEIGHT = 96, 24
_MARGIN = 3


@dataclass(frozen=True)
class Curve:
    """A polyline in a box of `width` by `height` units; y grows downwards, as in SVG."""

    points: tuple[tuple[float, float], ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def polyline(self) -> str:
        """`3,20 10.4,18.5 …`, as the `points` attribute wants it."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)

    @property
    def end(self) -> tuple[float, float]:
        """Where the newest value stands."""
        return self.points[-1]


def curve(values: Sequence[Decimal]) -> Curve | None:
    """Spread the values over the box, oldest at the left; fewer than two make no line."""
    if len(values) < 2:  # noqa: PLR2004  # a line has two ends
        return None
    step = (WIDTH - 2 * _MARGIN) / (len(values) - 1)
    down = HEIGHT - 2 * _MARGIN
    return Curve(
        tuple(
            (round(_MARGIN + step * n, 1), round(_MARGIN + down * (1 - height), 1))
            for n, height in enumerate(heights(values))
        )
    )
