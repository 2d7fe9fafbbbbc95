"""How rates are written by people and banks: numbers, their digits, ticker lines.

A digit is a claim. `87.4500` claims six significant digits and `0.00008` one, and nothing in
this room may ever show more than was claimed. All arithmetic runs in one explicit context, so
that no program's ambient settings can change a rate.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=34, rounding=ROUND_HALF_UP)
"""Wide enough that every rounding a reader sees happens once, at the end, and half goes up."""

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f_'’]")
_MINUS = str.maketrans(dict.fromkeys("−–—‐‑‒", "-"))
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_GROUPS = re.compile(r"[1-9][0-9]{0,2}((,[0-9]{3})+|(\.[0-9]{3})+)")
_LINE = re.compile(
    r"""^[^\w=]*                                 # any bullet
    (?P<base>[A-Z]{3})\s*/\s*(?P<quote>[A-Z]{3})\s*=\s*
    (?P<value>[0-9](?:[0-9.,'’_\s]*[0-9])?)      # at least one digit; spaces only between digits
    (?:\s+\(?\s*(?P<arrow>[▲▼△▽↑↓]?)\s*(?P<change>[+-]?\s*[0-9][0-9.,]*)\s*%\s*\)?)?
    \s*[;.]?\s*$""",
    re.VERBOSE,
)
WHAT_TO_TYPE = "type a line such as KGS/USD = 0.01144 −0.28%"


def parse_number(text: str) -> Decimal:
    """Read `87.45`, `87,4500`, `12 009,24`, `12,009.24` or `1,234,567`, keeping every digit.

    Raises ValueError for what is no plain number, and for a lone group such as `12,009`
    that means twelve to some readers and twelve thousand to others.
    """
    raw = _SPACES.sub("", text)
    separators = sorted({char for char in raw if char in ".,"}, key=raw.rindex)
    if len(separators) == 2:  # noqa: PLR2004  # both kinds: the last one is the decimal sign
        group, point = separators
        raw = _without_groups(raw, group, point, text)
    elif separators and raw.count(separators[0]) > 1:
        raw = _without_groups(raw, separators[0], "", text)
    elif _GROUPS.fullmatch(raw) and "," in raw:
        whole = raw.replace(",", "")
        raise ValueError(f"{text!r} can be read in two ways; type {whole} or {raw.replace(',', '.')}")
    raw = raw.replace(",", ".")
    if not _NUMBER.fullmatch(raw):
        raise ValueError(f"{text!r} is not a number; type digits with one decimal point, such as 87.45")
    return Decimal(raw)


def _without_groups(raw: str, group: str, point: str, text: str) -> str:
    whole, _, fraction = raw.partition(point) if point else (raw, "", "")
    if not _GROUPS.fullmatch(whole):
        raise ValueError(f"{text!r} is not a number; type digits with one decimal point, such as 87.45")
    return whole.replace(group, "") + ("." + fraction if point else "")


def parse_percent(text: str) -> Decimal:
    """Read `-0.28`, `−0,28` or `+ 1.4`; minus nothing is nothing."""
    raw = _SPACES.sub("", text.translate(_MINUS))
    value = parse_number(raw.lstrip("+-"))
    return EXACT.minus(value) if raw.startswith("-") and value else value


def ticker_fields(line: str) -> dict[str, object] | None:
    """`• KGS/USD = 0.01144 −0.28%` as the fields of a quote; None when it is no such line.

    Raises ValueError when it is one but its number cannot be read.
    """
    found = _LINE.match(line.translate(_MINUS))
    if not found:
        return None
    fields: dict[str, object] = {
        "base": found["base"],
        "quote": found["quote"],
        "value": parse_number(found["value"]),
    }
    if found["change"]:
        change = parse_percent(found["change"])
        fields["stated_change"] = -change if found["arrow"] in tuple("▼▽↓") and change > 0 else change
    return fields


def digits_of(value: Decimal) -> int:
    """How many significant digits a number was written with: `87.4500` has six."""
    return len(value.as_tuple().digits)


def decimals_of(value: Decimal) -> int:
    """How many digits stand behind the point."""
    return max(0, -int(value.as_tuple().exponent))


def at_decimals(value: Decimal, decimals: int) -> Decimal:
    """Round half up to so many decimals; fewer than none rounds to tens or hundreds."""
    rounded = EXACT.quantize(value, Decimal(1).scaleb(-decimals))
    rounded = rounded if decimals >= 0 else EXACT.quantize(rounded, Decimal(1))
    return rounded or abs(rounded)  # there is no minus nothing


def at_digits(value: Decimal, digits: int) -> Decimal:
    """Round half up to so many significant digits, all of them written: 9.999 to two is 10."""
    rounded = EXACT.quantize(value, Decimal(1).scaleb(value.adjusted() - digits + 1))
    if digits_of(rounded) > digits:
        rounded = EXACT.quantize(rounded, Decimal(1).scaleb(rounded.adjusted() - digits + 1))
    return rounded


def half_unit(value: Decimal, digits: int) -> Decimal:
    """Half a unit in the last of so many significant digits: how far off the number may be."""
    return Decimal(5).scaleb(value.adjusted() - digits)


def plain(value: Decimal) -> str:
    """The digits that were claimed, no more and no fewer, readable by `parse_number` and Decimal."""
    return str(value) if int(value.as_tuple().exponent) > 0 else f"{value:f}"
