"""Quotes and history -> the table that every output shows.

Each value is rounded once, half up, to the fewer of two counts of decimals: those fixed for its
pair and those its source gave. A quote known to less than a tenth of a percent is never turned
round: its row stays in the source's direction and is marked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from publisher.rates.changes import change_since
from publisher.rates.history import History
from publisher.rates.models import Change, Kind, Peg, Quote, RateRow, RatesFile, RatesTable
from publisher.rates.notation import at_decimals
from publisher.rates.pegs import decreed, rule_for
from publisher.rates.settings import RatesSettings

CHART_DAYS = 30
_REMEMBERED = 60
"""Values, one a day at most: enough for the chart, and for the month and a week that a change looks
back. A site of many issues lays out many tables: with 1,500 days in memory one takes a twentieth of
the time that reading all of them would."""
PEG_BROKEN = "R309"
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)


def build_table(rates: RatesFile, history: History, settings: RatesSettings, issue_date: date) -> RatesTable:
    """Lay an issue's rates out in the publication's order and direction.

    `issue_date` only decides which decrees hold for a value that has no date of its own. Only
    history from before a value's own day is used, so that an old issue keeps its old table.
    """
    day = _common_day(rates.quotes) or rates.as_of
    builder = _Builder(rates, history, settings, day or issue_date)
    rows = {row.pair: row for row in builder.rows()}.values()
    return RatesTable(
        base=settings.base,
        rows=tuple(row.model_copy(update={"stale": row.as_of not in (None, day)}) for row in rows),
        as_of=day,
        effective=max((row.effective for row in rows if row.effective), default=None),
        sources=tuple(dict.fromkeys(row.source for row in rows if row.source)),
        note=rates.note,
    )


def _common_day(quotes: Iterable[Quote]) -> date | None:
    """The day most quotes hold for; of equally common ones the later."""
    days = Counter(quote.as_of for quote in quotes if quote.as_of)
    return max(days, key=lambda day: (days[day], day), default=None)


@dataclass(frozen=True)
class _Builder:
    """What the rows of one table have in common."""

    rates: RatesFile
    history: History
    settings: RatesSettings
    day: date

    def rows(self) -> Iterator[RateRow]:
        base, direction = self.settings.base, self.settings.direction
        for local in self.settings.currencies:
            quote = self._quote(local)
            if quote is None:
                continue
            if direction in ("per-base", "both"):
                yield self._row(quote, local, base, local)
            if direction in ("in-base", "both"):
                yield self._row(quote, local, local, base)

    def _quote(self, local: str) -> Quote | None:
        """What is shown for a currency: the decree if there is one, else what the issue says."""
        sides = {self.settings.base, local}
        given = next((quote for quote in self.rates.quotes if {quote.base, quote.quote} == sides), None)
        day = given.as_of if given and given.as_of else self.day
        rule = rule_for(self.settings.pegs, self.settings.base, local, day)
        if rule is None or (given and self.rates.accepts(given.pair, PEG_BROKEN)):
            return given
        return decreed(rule, day)

    def _row(self, quote: Quote, local: str, base: str, other: str) -> RateRow:
        """One line, in the wanted direction if the digits allow it."""
        if base != quote.base and not quote.invertible:
            base, other = other, base
        past = self._past(quote, base, other)
        peg = rule_for(self.settings.pegs, base, other, quote.as_of or self.day)
        value = self._shown(quote, base, other)
        points = [(old.as_of, self._shown(old, base, other)) for old in past if old.as_of]
        return RateRow(
            base=base,
            quote=other,
            local=local,
            value=value,
            change=self._change(past[-1] if past else None, quote, base, local),
            change_week=self._change(_at_least(past, quote, _WEEK), quote, base, local),
            change_month=self._change(_at_least(past, quote, _MONTH), quote, base, local),
            peg=Peg(since=peg.since, authority=peg.authority) if peg and quote.kind is Kind.PEG else None,
            as_of=quote.as_of,
            effective=quote.effective,
            source=quote.source,
            kind=quote.kind,
            imprecise=not quote.invertible,
            history=(*points[1 - CHART_DAYS :], *([(quote.as_of, value)] if quote.as_of else [])),
        )

    def _shown(self, quote: Quote, base: str, other: str) -> Decimal:
        """Exactly the digits to show: the pair's decimals, unless the source knows fewer."""
        exact = quote.in_base(base)
        fixed = self.settings.decimals_of(base, other, exact)
        decimals = min(max(fixed, -exact.adjusted()), _known_decimals(quote, base, exact))
        return at_decimals(exact, decimals)

    def _past(self, quote: Quote, base: str, other: str) -> list[Quote]:
        """Earlier values that can be shown in the row's direction, decrees in place of noise."""
        if quote.as_of is None:
            return []
        recent = self.history.before(base, other, quote.as_of)[-_REMEMBERED:]
        earlier = (self._decree_or(old) for old in recent)
        return [old for old in earlier if old.base == base or old.invertible]

    def _decree_or(self, old: Quote) -> Quote:
        rule = rule_for(self.settings.pegs, old.base, old.quote, old.as_of or self.day)
        return decreed(rule, old.as_of or self.day) if rule else old

    def _change(self, old: Quote | None, new: Quote, base: str, local: str) -> Change | None:
        if old is None:
            return None
        return change_since(old, new, base=base, local=local, decimals=self.settings.change_decimals)


def _known_decimals(quote: Quote, base: str, exact: Decimal) -> int:
    """How many decimals the source's digits reach to, in the direction shown."""
    digits = quote.significant if base == quote.base else quote.inverse_digits
    return digits - 1 - exact.adjusted()


def _at_least(past: list[Quote], new: Quote, age: timedelta) -> Quote | None:
    """The last value that is so old or a little older; weekends and holidays may lie between."""
    if new.as_of is None:
        return None
    then = new.as_of - age
    old = next((quote for quote in reversed(past) if quote.as_of and quote.as_of <= then), None)
    return old if old and old.as_of and then - old.as_of <= _WEEK else None
