"""Quotes and history -> the table that every output shows.

Each value is rounded once, half up, to the fewer of two counts of decimals: those fixed for its
pair and those its source gave. A quote known to less than a tenth of a percent is never turned
round: its row stays in the source's direction and is marked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from publisher.rates.changes import change_since
from publisher.rates.crossing import Route, routes
from publisher.rates.history import History
from publisher.rates.models import Change, Kind, Peg, Quote, RateRow, RatesFile, RatesTable
from publisher.rates.notation import at_decimals
from publisher.rates.pegs import decreed, rule_for
from publisher.rates.settings import RatesSettings

CHART_DAYS = timedelta(days=30)
CHART_VALUES = 30
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
            route, quote = self._known(local)
            if quote and direction in ("per-base", "both"):
                yield self._row(route, quote, base, local)
            if quote and direction in ("in-base", "both"):
                yield self._row(route, quote, local, base)

    def _known(self, local: str) -> tuple[Route, Quote | None]:
        """A currency's value by the best way that the issue's quotes allow."""
        ways = routes(self.settings.base, local, self.day, self.settings.pegs)
        found = ((way, way.quote(self._find)) for way in ways)
        return next(((way, quote) for way, quote in found if quote), (ways[0], None))

    def _find(self, one: str, other: str) -> Quote | None:
        """What is shown for two currencies: the decree if there is one, else what the issue says."""
        given = next((q for q in self.rates.quotes if {q.base, q.quote} == {one, other}), None)
        day = given.as_of if given and given.as_of else self.day
        rule = rule_for(self.settings.pegs, one, other, day)
        if rule is None or (given and self.rates.accepts(given.pair, PEG_BROKEN)):
            return given
        return decreed(rule, day)

    def _row(self, route: Route, quote: Quote, base: str, other: str) -> RateRow:
        """One line, in the wanted direction if the digits allow it."""
        if base != quote.base and not quote.invertible:
            base, other = other, base
        past = self._past(route, quote, base)
        drawn = _drawn(past, quote)
        value = self._shown(quote, base, other)
        points = [(old.as_of, self._shown(old, base, other)) for old in drawn if old.as_of]
        peg = self._peg(route)
        return RateRow(
            base=base,
            quote=other,
            local=route.local,
            value=value,
            change=self._change(past[-1:], quote, base, route.local),
            change_week=self._change(_at_least(past, quote, _WEEK), quote, base, route.local),
            change_month=self._change(_at_least(past, quote, _MONTH), quote, base, route.local),
            trend=self._change(drawn[:1], quote, base, route.local),
            peg=peg,
            through=route.through or None,
            as_of=quote.as_of,
            effective=quote.effective,
            source=quote.source,
            kind=Kind.PEG if peg else quote.kind,
            imprecise=not quote.invertible,
            history=(*points, *([(quote.as_of, value)] if quote.as_of else [])),
        )

    def _peg(self, route: Route) -> Peg | None:
        """The decree behind a row, of the pair itself or of the leg that it goes through."""
        anchor, local = route.through or route.base, route.local
        leg = self._find(anchor, local)
        rule = rule_for(self.settings.pegs, anchor, local, leg.as_of or self.day) if leg else None
        if rule is None or leg is None or leg.kind is not Kind.PEG:
            return None
        return Peg(anchor=rule.base, value=rule.value, since=rule.since, authority=rule.authority)

    def _shown(self, quote: Quote, base: str, other: str) -> Decimal:
        """Exactly the digits to show: the pair's decimals, unless the source knows fewer."""
        exact = quote.in_base(base)
        fixed = self.settings.decimals_of(base, other, exact)
        decimals = min(max(fixed, -exact.adjusted()), _known_decimals(quote, base, exact))
        return at_decimals(exact, decimals)

    def _past(self, route: Route, new: Quote, base: str) -> list[Quote]:
        """Earlier values that can be shown in the row's direction, decrees in place of noise."""
        if new.as_of is None:
            return []
        days = [old.as_of for old in self.history.before(*route.first, new.as_of)[-_REMEMBERED:]]
        earlier = [route.quote(partial(self._find_on, day)) for day in days if day]
        return [old for old in earlier if old and (old.base == base or old.invertible)]

    def _find_on(self, day: date, one: str, other: str) -> Quote | None:
        """What was shown for two currencies on an earlier day."""
        rule = rule_for(self.settings.pegs, one, other, day)
        return decreed(rule, day) if rule else self.history.on(one, other, day)

    def _change(self, old: Sequence[Quote], new: Quote, base: str, local: str) -> Change | None:
        """Since an earlier value, if there is one."""
        decimals = self.settings.change_decimals
        return change_since(old[0], new, base=base, local=local, decimals=decimals) if old else None


def _known_decimals(quote: Quote, base: str, exact: Decimal) -> int:
    """How many decimals the source's digits reach to, in the direction shown."""
    digits = quote.significant if base == quote.base else quote.inverse_digits
    return digits - 1 - exact.adjusted()


def _drawn(past: Sequence[Quote], new: Quote) -> Sequence[Quote]:
    """Thirty days; where these hold no line, up to thirty values, however far back they reach."""
    recent = [old for old in past if old.as_of and new.as_of and new.as_of - old.as_of <= CHART_DAYS]
    return (recent if len(recent) > 1 else past)[1 - CHART_VALUES :]


def _at_least(past: Sequence[Quote], new: Quote, age: timedelta) -> Sequence[Quote]:
    """The last value that is so old or a little older; weekends and holidays may lie between."""
    if new.as_of is None:
        return ()
    then = new.as_of - age
    return [old for old in past if old.as_of and timedelta(0) <= then - old.as_of <= _WEEK][-1:]
