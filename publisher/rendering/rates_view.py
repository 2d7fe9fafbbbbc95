"""The rates table as a page shows it: names, figures, changes in words, and thirty days as lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from publisher.rates.chart import chart_svg
from publisher.rates.models import RateRow, RatesTable
from publisher.rendering.curve import Curve, curve
from publisher.rendering.language import Language
from publisher.rendering.movement import Movement, movement, trend


@dataclass(frozen=True)
class RateView:
    """One row with its name, its change in words, its line and (where there is history) its chart."""

    row: RateRow
    name: str
    value: str
    movement: Movement
    trend: Movement | None
    line: Curve | None
    chart: Markup
    low: str
    high: str


@dataclass(frozen=True)
class RatesView:
    """The table at the top, and the same days as charts and as figures.

    `since` is the day all changes are counted from, or None when they differ. `days` are newest
    first, each with one figure a row, empty where a row has none.
    """

    table: RatesTable
    since: date | None
    rows: tuple[RateView, ...]
    days: tuple[tuple[date, tuple[str, ...]], ...]

    @property
    def drawn(self) -> tuple[RateView, ...]:
        """The rows that have history enough for a chart."""
        return tuple(rate for rate in self.rows if rate.chart)


def rates_view(table: RatesTable | None, language: Language) -> RatesView | None:
    """Make the view, or nothing when an issue has no rates."""
    if table is None or not table.rows:
        return None
    since = {row.change.since for row in table.rows if row.change and not row.peg}
    return RatesView(
        table=table,
        since=since.pop() if len(since) == 1 else None,
        rows=tuple(_rate(row, language) for row in table.rows),
        days=_days(table, language),
    )


def _rate(row: RateRow, language: Language) -> RateView:
    values = [value for _, value in row.history]
    over_all = trend(row, language)
    low, high = (language.number(end(values, default=row.value)) for end in (min, max))
    described = language.text("Lowest {low}, highest {high}.", low=low, high=high)
    return RateView(
        row=row,
        name=language.currency(row.local),
        value=language.number(row.value),
        movement=movement(row, language),
        trend=over_all,
        line=curve(values),
        chart=_chart(row, f"{over_all.words}. {described}" if over_all else described, language),
        low=low,
        high=high,
    )


def _chart(row: RateRow, description: str, language: Language) -> Markup:
    drawing = chart_svg(
        row, title=row.pair, description=description, number=language.number, day=language.short_date
    )
    return Markup(drawing)  # noqa: S704  # chart_svg escapes what it is given


def _days(table: RatesTable, language: Language) -> tuple[tuple[date, tuple[str, ...]], ...]:
    histories: list[dict[date, Decimal]] = [dict(row.history) for row in table.rows]
    days = sorted({day for history in histories for day in history}, reverse=True)
    return tuple((day, tuple(language.number(h[day]) if day in h else "" for h in histories)) for day in days)
