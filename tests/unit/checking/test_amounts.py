"""Sums of money and their conversions, in English and Russian."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steps import grows_no_faster_than_its_text

from publisher.checking.amounts import conversions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rose to UZS 1.5 trillion ($115.38 million) a year", ("UZS", "1.5E+12", "USD", "115380000")),
        ("cost 3 million soms ($34,000)", ("KGS", "3E+6", "USD", "34000")),
        ("cost 3 million Kyrgyz soms, or about $34,000, in all", ("KGS", "3E+6", "USD", "34000")),
        ("£144 million (more than $180 million)", ("GBP", "1.44E+8", "USD", "1.8E+8")),
        ("2.5 billion tenge (US$4.9 million)", ("KZT", "2.5E+9", "USD", "4.9E+6")),
        ("KGS 100m (€1m)", ("KGS", "1E+8", "EUR", "1E+6")),
        ("12,500 tenge ($24)", ("KZT", "12500", "USD", "24")),
        ("100 Uzbek soms ($0.008)", ("UZS", "100", "USD", "0.008")),
        ("1.5 trillion UZS ($115.38 million)", ("UZS", "1.5E+12", "USD", "115380000")),
        ("1,5 трлн сумов (115,38 млн долларов)", ("UZS", "1.5E+12", "USD", "115380000")),
        ("300 млрд сумов (около $23 млн)", ("UZS", "3E+11", "USD", "2.3E+7")),
        ("12 500 тенге (24 доллара США)", ("KZT", "12500", "USD", "24")),
        ("200 тысяч сомов, или примерно 2 287 долларов", ("KGS", "2E+5", "USD", "2287")),
        ("1,5 млн сомони (160 тыс. долларов)", ("TJS", "1.5E+6", "USD", "1.6E+5")),
    ],
)
def test_a_sum_and_its_conversion_are_understood(text, expected):
    """Signs, codes and words; thousands to trillions; comma and point; either language."""
    found = list(conversions(text))
    assert len(found) == 1
    original, converted = found[0].original, found[0].converted
    first, value, second, worth = expected
    assert (original.currency, original.value) == (first, Decimal(value))
    assert (converted.currency, converted.value) == (second, Decimal(worth))


def test_two_conversions_of_one_sentence_are_both_found():
    """Each is quoted as it stands, with its bracket."""
    text = "from UZS 1.5 trillion ($115.38 million) to UZS 3 trillion ($230.77 million)"
    assert [found.words for found in conversions(text)] == [
        "UZS 1.5 trillion ($115.38 million)",
        "UZS 3 trillion ($230.77 million)",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "exports of $10.5 billion (17.5%)",
        "trade reached £144 million, up 73.5%",
        "the budget doubled to $230 million",
        "between $5 million or $6 million",
        "5 soms (3 apples)",
        "article 12 (2025)",
        "C$5 million (KGS 300 million)",
    ],
)
def test_what_is_no_conversion_is_left_alone(text):
    """Percentages, years, one currency twice, a dollar that is not the American one."""
    assert list(conversions(text)) == []


def test_the_last_digit_says_how_round_a_sum_is():
    """$23 million is known to half a million, $115.38 million to five thousand."""
    texts = ("UZS 1 ($23 million)", "UZS 1 ($115.38 million)", "UZS 1 ($34,000)")
    units = [next(conversions(text)).converted.half_unit for text in texts]
    assert units == [500_000, 5_000, 500]


@given(st.text("$€£ 0123456789.,()UZSom million трлн", max_size=200))
def test_no_text_breaks_the_reader(text):
    """Whatever stands in an article."""
    list(conversions(text))


@pytest.mark.parametrize("unit", ["000 ", "0", "$", "$1 (", "1,000"])
def test_a_page_of_digits_asks_for_no_more_work_than_its_length(unit):
    """No run of digits, groups or signs makes the search begin again and again."""
    assert grows_no_faster_than_its_text(lambda text: list(conversions(text)), unit, 40_000)
