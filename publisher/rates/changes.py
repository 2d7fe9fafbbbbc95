"""How far a currency moved, computed from our own memory and said about the local currency.

Both values are taken exactly as their sources gave them, divided, and rounded once (half up).
A change is never finer than the two values allow: 0.01144 against 0.01143 is somewhere between
0 and 0.17 %, so its percent has no decimals.
"""

from __future__ import annotations

from decimal import Decimal

from publisher.rates.models import Change, Direction, ImpreciseError, Quote
from publisher.rates.notation import EXACT, at_decimals


def change_since(old: Quote, new: Quote, *, base: str, local: str, decimals: int) -> Change | None:
    """The move of the number shown (`base` first) since the day of the older quote.

    None when the older quote has no day or the digits do not carry even a whole percent.
    """
    try:
        then, now = old.in_base(base), new.in_base(base)
    except ImpreciseError:
        return None
    ratio = EXACT.divide(now, then)
    places = _carried(decimals, (old.relative_error + new.relative_error) * ratio * 100)
    if old.as_of is None or places is None:
        return None
    percent = abs(at_decimals((ratio - 1) * 100, places))
    return Change(percent=percent, direction=_direction(percent, ratio, base, local), since=old.as_of)


def _carried(decimals: int, error: Decimal) -> int | None:
    """The most decimals, up to those wanted, whose half unit is no finer than the error in percent."""
    carried = [places for places in range(decimals + 1) if Decimal(5).scaleb(-places - 1) >= error]
    return max(carried, default=None)


def _direction(percent: Decimal, ratio: Decimal, base: str, local: str) -> Direction:
    """More local money for one unit of the base is a weaker local currency, and the other way round."""
    if not percent:
        return Direction.UNCHANGED
    return Direction.STRONGER if (ratio > 1) == (base == local) else Direction.WEAKER
