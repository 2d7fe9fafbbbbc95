"""A quote and its digits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from publisher.rates.models import ImpreciseError, Kind, Quote
from publisher.rates.notation import digits_of


def quote(value: str, **fields) -> Quote:
    """Make a quote of dollars in som."""
    return Quote(base="USD", quote="KGS", value=Decimal(value), **fields)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("87.4500", 6), ("0.00008", 1), ("0.28490", 5), ("100", 3), ("12009.23939141", 13)],
)
def test_the_digits_typed_are_the_digits_claimed(typed, expected):
    """Trailing noughts behind the point count, leading ones do not."""
    assert quote(typed).significant == expected


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity", "1E+40", "1E-40"])
def test_a_value_that_is_no_rate_is_refused(value):
    """Non-positive, endless and absurd values never enter."""
    with pytest.raises(ValidationError):
        quote(value)


def test_a_currency_is_not_compared_with_itself():
    """USD/USD is a slip."""
    with pytest.raises(ValidationError, match="with itself"):
        Quote(base="USD", quote="USD", value=Decimal(1))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            "87.46545557",
            "0.01143308",
        ),  # off by at most 5e-9/87.5: the ninth digit of the inverse is not known
        ("0.01144", "87.4"),  # 0.011435 to 0.011445 is 87.37 to 87.45
        ("0.10811", "9.250"),
        ("510.96628245", "0.001957076"),
        ("12009.23939141", "0.00008326922"),
    ],
)
def test_an_inverse_has_only_the_digits_that_are_known(value, expected):
    """Hand-computed: the last digit shown is never finer than the error inherited."""
    inverse = quote(value).inverse()
    assert f"{inverse.value:f}".startswith(expected)
    assert digits_of(inverse.value) == inverse.significant <= quote(value).significant


@pytest.mark.parametrize("value", ["0.00008", "0.00193", "3.5", "12"])
def test_a_value_known_badly_is_not_turned_round(value):
    """0.00193 may be off by a quarter of a percent: its inverse would look exact and be wrong."""
    with pytest.raises(ImpreciseError, match="may be off by"):
        quote(value).inverse()


def test_a_decree_is_exact_and_can_be_turned_round():
    """3.50 by law is 3.50000."""
    peg = Quote(base="USD", quote="TMT", value=Decimal("3.50"), kind=Kind.PEG)
    assert peg.relative_error == 0
    assert peg.in_base("TMT") * Decimal("3.50") == 1


values = st.decimals(min_value="0.00001", max_value="99999", allow_nan=False, places=12).filter(
    lambda value: digits_of(value) > 5
)


@given(values)
def test_the_inverse_of_the_inverse_is_the_value_within_its_stated_precision(value):
    """Turning twice loses at most what the first inverse said it did not know."""
    once = quote(str(value)).inverse()
    twice = once.inverse()
    assert abs(twice.value - value) / value <= once.relative_error + twice.relative_error


@given(values)
def test_the_true_inverse_lies_within_what_the_inverse_states(value):
    """The digits shown are never finer than the error behind them."""
    original = quote(str(value))
    assert original.inverse().relative_error * Decimal("1.0001") >= original.relative_error
