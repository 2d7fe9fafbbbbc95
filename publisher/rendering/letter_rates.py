"""A RatesTable as a letter tells it: names, digits and changes in the publication's language."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from publisher.rates.models import RateRow, RatesTable
from publisher.rates.table import CHART_DAYS
from publisher.rendering.language import Language
from publisher.rendering.movement import Movement, movement, trend

_NARROW = 10  # characters of a value beside all else on 320 pixels
_GROUPS = re.compile(r"\A0\D\d{1,5}|\d{1,5}(?:[.,]\d\d?\Z|\D)?|\D+")


@dataclass(frozen=True)
class RateLine:
    """One row in words and digits."""

    row: RateRow
    pair: str
    name: str
    value: str
    movement: Movement
    trend: Movement | None

    @property
    def pieces(self) -> list[str]:
        """The value, cut where a line may break; only one that a narrow screen cannot hold is cut."""
        return [self.value] if len(self.value) <= _NARROW else _GROUPS.findall(self.value)


@dataclass(frozen=True)
class LetterRates:
    """Column heads, lines, and what stands under them."""

    caption: str
    unit: str
    since: str
    span: str
    lines: tuple[RateLine, ...]
    note: str

    @property
    def moved(self) -> bool:
        """Whether any row has a change to show; a first issue has none."""
        return any(line.movement.symbol for line in self.lines)

    @property
    def worded(self) -> bool:
        """Whether changes are told in words (`weaker 0.28%`), which need more room than figures."""
        return any(
            line.movement.symbol and line.movement.figure == line.movement.phrase for line in self.lines
        )


def letter_rates(table: RatesTable, language: Language) -> LetterRates:
    """Say a table in a language."""
    return LetterRates(
        caption=_caption(table, language),
        unit=_unit(table, language),
        since=_since_head(table, language),
        span=_span(table, language),
        lines=tuple(_line(row, table.as_of, language) for row in table.rows),
        note=" ".join(_remarks(table, language)),
    )


def _line(row: RateRow, near: date | None, language: Language) -> RateLine:
    name = language.sentence(language.currency(row.local))
    if row.stale and row.as_of:
        name = language.listed(name, language.short_date(row.as_of, near=near))
    value = language.number(row.value)
    return RateLine(
        row=row,
        pair=row.pair,
        name=name,
        value=f"≈ {value}" if row.imprecise else value,
        movement=movement(row, language),
        trend=trend(row, language),
    )


def _caption(table: RatesTable, language: Language) -> str:
    if table.as_of:
        return language.text("Exchange rates, {date}", date=language.medium_date(table.as_of))
    return language.text("Exchange rates")


def _unit(table: RatesTable, language: Language) -> str:
    """The head of the value column: `US dollars`, `per USD`, or `Value` for a mixed table."""
    if all(row.quote == table.base for row in table.rows):
        return language.currency_heading(table.base)
    if all(row.base == table.base for row in table.rows):
        return language.text("per {unit}", unit=table.base)
    return language.text("Value")


def _since(table: RatesTable) -> date | None:
    """The day that most changes are counted from; of equally common ones the later."""
    days = Counter(row.change.since for row in table.rows if row.change and not row.fixed)
    return max(days, key=lambda day: (days[day], day), default=None)


def _since_head(table: RatesTable, language: Language) -> str:
    since = _since(table)
    if since is None:
        return language.text("Change")
    return language.text("since {date}", date=language.short_date(since, near=table.as_of))


def _span(table: RatesTable, language: Language) -> str:
    """The head over the small lines: `30 days`, or the first day where they reach further back."""
    first = min((row.history[0][0] for row in table.rows if row.history), default=None)
    if first and table.as_of and table.as_of - first > CHART_DAYS:
        return language.text("since {date}", date=language.short_date(first, near=table.as_of))
    return language.text("30 days")


def _remarks(table: RatesTable, language: Language) -> list[str]:
    """What a careful reader asks: of which day, from when on, since when, who says so."""
    said = []
    if table.as_of:
        said.append(language.text("Rates of {date}.", date=language.medium_date(table.as_of)))
    if table.effective and table.effective != table.as_of:
        said.append(language.text("In force from {date}.", date=language.medium_date(table.effective)))
    common = _since(table)
    for row in table.rows:
        if row.change and not row.fixed and row.change.since != common:
            when = language.short_date(row.change.since, near=table.as_of)
            said.append(language.text("{pair}: change since {date}.", pair=row.pair, date=when))
    said += [_derived(row, language) for row in table.rows if row.through]
    if any(row.imprecise for row in table.rows):
        said.append(language.text("≈ marks a value that its source gives with few digits."))
    if table.sources:
        said.append(language.text("Source: {names}.", names=language.listed(*table.sources)))
    if table.note:
        said.append(table.note)
    return said


def _derived(row: RateRow, language: Language) -> str:
    """How a value came about that nobody quotes."""
    if row.peg is None:
        return language.text("{pair}: computed through {currency}.", pair=row.pair, currency=row.through)
    return language.text(
        "{pair}: by decree {value} for 1 {anchor} since {date}.",
        pair=row.pair,
        value=language.number(row.peg.value),
        anchor=row.peg.anchor,
        date=language.medium_date(row.peg.since),
    )
