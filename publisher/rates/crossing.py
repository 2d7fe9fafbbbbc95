"""A rate through a third currency: EUR/USD and USD/KGS make EUR/KGS.

Wanted where nobody quotes a pair directly, and where a decree fixes it: the manat is 3.50 to the
dollar, so that a euro is worth 3.50 times its dollars, whatever a feed prints for EUR/TMT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from publisher.rates.models import ImpreciseError, Kind, Quote
from publisher.rates.notation import EXACT, at_digits, half_unit
from publisher.rates.quote import LARGEST_EXPONENT
from publisher.rates.settings import PegRule

PIVOT = "USD"
"""Every source that knows a currency at all knows it in dollars."""

_DIGITS = 20
"""More than any leg has, so that what is shown is still rounded once, and few enough for a Quote."""

Find = Callable[[str, str], Quote | None]
"""What is said of two currencies, whichever way round."""


@dataclass(frozen=True)
class Route:
    """How a pair becomes known: as it is quoted, or `through` a third currency."""

    base: str
    local: str
    through: str = ""

    @property
    def legs(self) -> tuple[tuple[str, str], ...]:
        """The pairs that must be known."""
        return (self.first, (self.through, self.local)) if self.through else (self.first,)

    @property
    def first(self) -> tuple[str, str]:
        """The leg whose days and source the value has."""
        return self.base, self.through or self.local

    def quote(self, find: Find) -> Quote | None:
        """What is known of the pair this way."""
        first = find(*self.first)
        if first is None or not self.through:
            return first
        second = find(self.through, self.local)
        return crossed(first, second) if second else None


def routes(base: str, local: str, day: date, rules: Iterable[PegRule]) -> tuple[Route, ...]:
    """The ways to a pair, the best first: by decree, as quoted, through the dollar."""
    anchors = {rule.base for rule in rules if rule.local == local and rule.since <= day}
    by_decree = [Route(base, local, anchor) for anchor in sorted(anchors - {base})]
    dollar = [Route(base, local, PIVOT)] if PIVOT not in (base, local) else []
    return tuple(dict.fromkeys([*by_decree, Route(base, local), *dollar]))


def crossed(first: Quote, second: Quote) -> Quote | None:
    """Multiply two legs; None when one has too few digits to be turned as it must, or for no rate at all.

    The value gets as many digits as the errors of both legs together allow: the last one shown is
    never finer than they are. It is nobody's official rate.
    """
    (via,) = {first.base, first.quote} & {second.base, second.quote}
    base = first.base if first.quote == via else first.quote
    local = second.base if second.quote == via else second.quote
    try:
        value = EXACT.multiply(first.in_base(base), second.in_base(via))
    except ImpreciseError:
        return None
    if abs(value.adjusted()) > LARGEST_EXPONENT:
        return None
    digits = _carried(value, first.relative_error + second.relative_error)
    days = [first.as_of, second.as_of]
    forces = [quote.effective for quote in (first, second) if quote.effective]
    return Quote(
        base=base,
        quote=local,
        value=at_digits(value, _DIGITS),
        significant=digits,
        as_of=min(filter(None, days)) if all(days) else None,
        effective=max(forces, default=None),
        source=", ".join(dict.fromkeys(quote.source for quote in (first, second) if quote.source)),
        kind=Kind.MARKET,
    )


def _carried(value: Decimal, relative_error: Decimal) -> int:
    """The most digits whose half unit is no finer than the error."""
    error = EXACT.multiply(value, relative_error)
    return max(digits for digits in range(1, _DIGITS) if digits == 1 or half_unit(value, digits) >= error)
