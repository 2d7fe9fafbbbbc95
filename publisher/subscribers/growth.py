"""From tallies to a small picture of how the list grew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from publisher.subscribers.models import State

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_HEIGHT = 6
_WIDTH = 60


def active_by_day(
    growth: Iterable[tuple[date, State, int]], today: date, days: int
) -> list[tuple[date, int]]:
    """How many were active at the end of each of the last days."""
    change: Counter[date] = Counter()
    first = today - timedelta(days=days - 1)
    for day, state, number in growth:
        if state is State.ACTIVE:
            change[max(day, first)] += number
    total, series = 0, []
    for number in range(days):
        day = first + timedelta(days=number)
        total += change[day]
        series.append((day, total))
    return series


def plot(series: Sequence[tuple[date, int]]) -> Iterator[str]:
    """Columns of block characters with a scale and the first and last day; zero is at the foot."""
    columns = _thinned([count for _, count in series])
    top = max(*columns, 1)
    label = len(f"{top:,}")
    heights = [round(count / top * _HEIGHT * 8) for count in columns]
    for row in reversed(range(_HEIGHT)):
        scale = f"{top:,}" if row == _HEIGHT - 1 else "0" if row == 0 else ""
        yield f"{scale:>{label}} ┤{''.join(_EIGHTHS[min(8, max(0, h - row * 8))] for h in heights)}".rstrip()
    start, end = series[0][0].isoformat(), series[-1][0].isoformat()
    yield f"{'':{label}} {start}{end:>{max(len(columns) + 1 - len(start), len(end) + 1)}}"


def _thinned(values: list[int]) -> list[int]:
    """At most as many as fit on a line: the last of each stretch."""
    if len(values) <= _WIDTH:
        return values
    return [values[(number + 1) * len(values) // _WIDTH - 1] for number in range(_WIDTH)]
