"""A change is computed from two values, and never finer than they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from publisher.rates.changes import change_since
from publisher.rates.models import Direction, Quote


def quote(value: str, day: int | None = 9, base: str = "USD", other: str = "KGS") -> Quote:
    """Make a value of a day in December 2025."""
    as_of = date(2025, 12, day) if day else None
    return Quote(base=base, quote=other, value=Decimal(value), as_of=as_of)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("87.4500", "87.4500", ("0.00", Direction.UNCHANGED)),
        ("87.0000", "87.8700", ("1.00", Direction.WEAKER)),
        ("87.8700", "87.0000", ("0.99", Direction.STRONGER)),
    ],
)
def test_more_soms_for_a_dollar_is_a_weaker_som(old, new, expected):
    """The number shown is USD/KGS, the currency spoken of is the som."""
    change = change_since(quote(old), quote(new, 10), base="USD", local="KGS", decimals=2)
    assert change is not None
    assert (str(change.percent), change.direction) == expected
    assert change.since == date(2025, 12, 9)


def test_the_meaning_stays_when_the_pair_is_turned_round():
    """Fewer dollars for a som is a weaker som too."""
    change = change_since(quote("87.0000"), quote("87.8700", 10), base="KGS", local="KGS", decimals=2)
    assert change is not None
    assert change.direction is Direction.WEAKER


def test_a_percent_has_no_more_decimals_than_the_values_carry():
    """0.01144 against 0.01143 is between 0 and 0.17 %: no decimals."""
    old, new = quote("0.01143", 9, "KGS", "USD"), quote("0.01144", 10, "KGS", "USD")
    change = change_since(old, new, base="KGS", local="KGS", decimals=2)
    assert change is not None
    assert (str(change.percent), change.direction) == ("0", Direction.UNCHANGED)


@pytest.mark.parametrize(
    ("old", "new", "base"),
    [
        (quote("87.45", None), quote("87.50", 10), "USD"),
        (quote("0.1", 9, "KGS", "USD"), quote("0.2", 10, "KGS", "USD"), "KGS"),
        (quote("0.01", 9, "KGS", "USD"), quote("0.01", 10, "KGS", "USD"), "USD"),
    ],
    ids=["no day", "too few digits for a percent", "too few digits to be turned round"],
)
def test_what_cannot_be_known_is_not_said(old, new, base):
    """No change at all rather than an invented one."""
    assert change_since(old, new, base=base, local="KGS", decimals=2) is None
