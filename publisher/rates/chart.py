"""A pair's last thirty values as an SVG chart for a web page.

It has a title and a description for those who cannot see it (SVG 2, 5.7; WAI-ARIA graphics),
takes its colours from the page (`currentColor` and the classes below), and stands beside a table
of the same values, which the page provides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from html import escape

from publisher.rates.models import RateRow
from publisher.rates.notation import plain
from publisher.rates.sparkline import heights

WIDTH, HEIGHT = 640, 160
_LEFT, _RIGHT, _TOP, _BOTTOM = 88, 96, 12, 32

_LINE_HEIGHT = 14

History = tuple[tuple[date, Decimal], ...]
Points = list[tuple[float, float]]


def chart_svg(
    row: RateRow,
    *,
    title: str,
    description: str,
    number: Callable[[Decimal], str] = plain,
    day: Callable[[date], str] = date.isoformat,
) -> str:
    """Draw `row.history` against its days; empty when there are fewer than two values.

    `title` and `description` are read aloud: the pair, and what happened in words. `number` and
    `day` write the labels in the page's language. Style `.rate-line`, `.rate-end`, `.rate-grid` and `.rate-label`; without styles everything is drawn in the text's colour.
    """
    if len(row.history) < 2:  # noqa: PLR2004  # one point is no line
        return ""
    name = f"chart-{row.base}-{row.quote}".lower()
    points = _points(row.history)
    labels = _labels(row, points, number, day)
    return (
        f'<svg class="rate-chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
        f'<g aria-hidden="true">{_drawing(points)}{"".join(labels)}</g></svg>'
    )


def _drawing(points: Points) -> str:
    """A line at the highest and at the lowest value, the curve, and a dot at its end."""
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last_x, last_y = points[-1]
    high_y, low_y = min(y for _, y in points), max(y for _, y in points)
    return (
        f'<path class="rate-grid" d="M{_LEFT} {high_y:.1f}H{last_x:.1f}M{_LEFT} {low_y:.1f}H{last_x:.1f}"'
        f' stroke="currentColor" stroke-opacity=".25" fill="none"/>'
        f'<polyline class="rate-line" points="{line}" fill="none" stroke="currentColor"'
        f' stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>'
        f'<circle class="rate-end" cx="{last_x:.1f}" cy="{last_y:.1f}" r="4" fill="currentColor"/>'
    )


def _labels(
    row: RateRow, points: Points, number: Callable[[Decimal], str], day: Callable[[date], str]
) -> Iterator[str]:
    """The last value; the highest and, where there is room, the lowest; the first day and the last."""
    last_x, last_y = points[-1]
    high_y, low_y = min(y for _, y in points), max(y for _, y in points)
    values = [value for _, value in row.history]
    yield _label(last_x + 10, last_y + 4, "start", number(row.value))
    yield _label(_LEFT - 10, high_y + 4, "end", number(max(values)))
    if low_y - high_y > _LINE_HEIGHT:
        yield _label(_LEFT - 10, low_y + 4, "end", number(min(values)))
    yield _label(_LEFT, HEIGHT - 8, "start", day(row.history[0][0]))
    yield _label(last_x, HEIGHT - 8, "end", day(row.history[-1][0]))


def _points(history: History) -> Points:
    """Days across, so that a gap in memory looks like one; values up, a percent high at least."""
    first, last = history[0][0], history[-1][0]
    days = max(1, (last - first).days)
    across, down = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    levels = heights([value for _, value in history])
    return [
        (_LEFT + across * (when - first).days / days, _TOP + down * (1 - level))
        for (when, _), level in zip(history, levels, strict=True)
    ]


def _label(x: float, y: float, anchor: str, text: str) -> str:
    return (
        f'<text class="rate-label" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor"'
        f' font-size="13">{escape(text)}</text>'
    )
