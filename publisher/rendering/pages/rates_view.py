"""The rates table as a page shows it: the letter's own words, and thirty days as lines and figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from publisher.rates.chart import chart_svg
from publisher.rates.models import RatesTable
from publisher.rendering.language import Language
from publisher.rendering.letter_rates import LetterRates, RateLine, letter_rates
from publisher.rendering.pages.curve import Curve, curve


@dataclass(frozen=True)
class RateView:
    """One row: its words, its small line, and (where there is history) its chart and extremes."""

    said: RateLine
    curve: Curve | None
    chart: Markup
    extremes: str


@dataclass(frozen=True)
class RatesView:
    """The table at the top, and the days behind it.

    `days` are newest first, each with one figure a row, empty where a row has none.
    """

    said: LetterRates
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
    said = letter_rates(table, language)
    return RatesView(said, tuple(_rate(line, language) for line in said.lines), _days(table, language))


def _rate(line: RateLine, language: Language) -> RateView:
    values = [value for _, value in line.row.history]
    low, high = (language.number(end(values, default=line.row.value)) for end in (min, max))
    extremes = language.text("Lowest {low}, highest {high}.", low=low, high=high)
    described = f"{line.trend.words}. {extremes}" if line.trend else extremes
    drawing = chart_svg(
        line.row,
        title=line.pair,
        description=described,
        number=language.number,
        day=lambda day: language.short_date(day, near=line.row.as_of),
    )
    return RateView(line, curve(values), Markup(drawing), extremes)  # noqa: S704  # chart_svg escapes


def _days(table: RatesTable, language: Language) -> tuple[tuple[date, tuple[str, ...]], ...]:
    histories: list[dict[date, Decimal]] = [dict(row.history) for row in table.rows]
    days = sorted({day for history in histories for day in history}, reverse=True)
    return tuple((day, tuple(language.number(h[day]) if day in h else "" for h in histories)) for day in days)
