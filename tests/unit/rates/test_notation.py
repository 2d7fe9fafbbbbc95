"""Numbers as people and banks write them."""

from decimal import Decimal

import pytest
from babel.numbers import parse_decimal
from hypothesis import given
from hypothesis import strategies as st

from publisher.rates.notation import at_decimals, at_digits, digits_of, parse_number, parse_percent, plain
from publisher.rendering.language import Language


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("87.4500", "87.4500"),
        ("87,4500", "87.4500"),
        ("12 009,24", "12009.24"),
        ("12\u202f009.24", "12009.24"),
        ("12,009.24", "12009.24"),
        ("12.009,24", "12009.24"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("0,011", "0.011"),
        ("0.00008", "0.00008"),
        ("12'009.24", "12009.24"),
    ],
)
def test_every_way_of_writing_a_number_keeps_its_digits(typed, expected):
    """Comma or point, any space as a group sign: the digits typed are the digits read."""
    assert plain(parse_number(typed)) == expected


@pytest.mark.parametrize(
    "typed", ["", "abc", "1..2", "1,2,3", "1.2.3,4", "12,00,5", "-3", "1e5", "٣٫٥", "NaN"]
)
def test_what_is_no_number_is_refused(typed):
    """A slip of the keyboard is never guessed at."""
    with pytest.raises(ValueError, match=r"not a number|not a plain"):
        parse_number(typed)


def test_a_lone_group_is_refused_because_it_means_two_things():
    """12,009 is twelve in Bishkek and twelve thousand in London; the editor says which."""
    with pytest.raises(ValueError, match=r"type 12009 or 12\.009"):
        parse_number("12,009")


@pytest.mark.parametrize("typed", ["-0", "−0.00", "– 0,0", "+0", "0"])
def test_minus_nothing_is_nothing(typed):
    """The page this began with said -0%."""
    assert str(parse_percent(typed)).lstrip("0.") == ""


def test_rounding_goes_half_up_and_never_leaves_a_minus_on_nothing():
    """As a reader with a pencil rounds."""
    assert [str(at_decimals(Decimal(v), 2)) for v in ("0.125", "0.135", "-0.001", "9.995")] == [
        "0.13",
        "0.14",
        "0.00",
        "10.00",
    ]


def test_fewer_than_no_decimals_rounds_to_whole_tens():
    """A number known to two digits shows two, and noughts to hold their place."""
    assert str(at_decimals(Decimal(12345), -3)) == "12000"


@given(
    st.decimals(min_value="0.0000001", max_value="99999999", allow_nan=False, places=9), st.integers(1, 12)
)
def test_a_rounded_number_never_has_more_digits_than_asked(value, digits):
    """Also when 9.99 becomes 10."""
    assert digits_of(at_digits(value, digits)) == digits


@given(st.decimals(min_value="0.00000001", max_value="999999", allow_nan=False, places=8))
def test_a_number_written_plainly_is_read_back_digit_for_digit(value):
    """`plain` and `parse_number` are each other's inverse."""
    assert parse_number(plain(value)).as_tuple() == value.as_tuple()


@given(
    st.decimals("0.00000001", "999999", places=8).filter(lambda value: value > 0),
    st.integers(1, 8),
    st.sampled_from(["en", "ru", "kk", "ky", "uz", "uz-Cyrl", "tg", "tk", "fa", "de"]),
)
def test_what_a_page_prints_is_read_back_or_refused_but_never_as_another_number(value, decimals, tag):
    """In every language: the digits survive, and `9,190` is refused where it might mean nine thousand."""
    shown = at_decimals(value, decimals)
    language = Language(tag)
    printed = language.number(shown)
    plainly = printed.translate({0x200E: None, 0x200F: None})
    assert parse_decimal(plainly, locale=language.locale) == shown
    assert read_or_refused(plainly) in (shown, None)


def read_or_refused(text: str) -> Decimal | None:
    """The number, or nothing where it could be two."""
    try:
        return parse_number(text)
    except ValueError:
        return None
