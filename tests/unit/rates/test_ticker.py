"""Ticker lines, as pages print and people paste them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from publisher.rates.models import Quote, RatesFile
from publisher.rates.ticker import read_line, read_ticker, write_line


@pytest.mark.parametrize(
    "line",
    [
        "KGS/USD = 0.01144 -0.28%",
        "  • KGS/USD = 0.01144 −0.28%",
        "* KGS/USD = 0,01144 –0,28 %",
        "-\u00a0KGS / USD\u00a0=\u00a00.01144\u00a0— 0.28%",
        "▪ KGS/USD = 0.01144 (▼ 0.28%)",
        "· KGS/USD=0.01144 ↓0.28%\r",
    ],
)
def test_bullets_spaces_signs_and_commas_do_not_matter(line):
    """What a person reads as one rate is read as that rate."""
    expected = Quote(base="KGS", quote="USD", value=Decimal("0.01144"), stated_change=Decimal("-0.28"))
    assert read_line(line) == expected


def test_minus_nothing_is_kept_as_nothing():
    """`-0%` claims no fall."""
    quote = read_line("KZT/USD = 0.00193 -0%")
    assert quote is not None
    assert str(quote.stated_change) == "0"


@pytest.mark.parametrize(
    "line", ["", "10 December 2025", "A/B = 3", "USD 87", "The KGS/USD = rate", "KGS/USD = "]
)
def test_other_lines_are_somebody_elses(line):
    """Only a ticker's line is taken."""
    assert read_line(line) is None


def test_equal_repeats_collapse_to_one_quote_a_pair():
    """A page that scrolls its ticker eight times says five things."""
    pairs = ["KGS/USD = 0.01144 0%", "KZT/USD = 0.00193 -0%", "TJS/USD = 0.10811 -0.28%"]
    ticker = read_ticker("\n".join(f"  • {line}" for line in pairs * 8))
    assert [(line.quote.pair, line.line, line.column) for line in ticker.lines] == [
        ("KGS/USD", 1, 5),
        ("KZT/USD", 2, 5),
        ("TJS/USD", 3, 5),
    ]
    assert (ticker.total, ticker.findings) == (24, ())


def test_unequal_repeats_are_told_with_both_lines():
    """Two values of one pair cannot both be right; the first is kept until somebody says."""
    ticker = read_ticker("KGS/USD = 0.01144 0%\n• KGS/USD = 0.01150 0%\n", "paste.txt")
    assert [quote.value for quote in ticker.quotes] == [Decimal("0.01144")]
    expected = (
        "paste.txt:2:3: KGS/USD: is 0.01150 0% here but 0.01144 0% in line 1"
        " -> keep the right line and delete the other"
    )
    assert [str(finding) for finding in ticker.findings] == [expected]


def test_a_number_that_is_none_is_told_with_its_line():
    """Nothing is dropped in silence."""
    ticker = read_ticker("x\nUSD/UZS = 12,009 0%", "paste.txt")
    assert [(f.line, f.code) for f in ticker.findings] == [(2, "R306")]
    assert "two ways" in ticker.findings[0].message


def test_a_rate_of_nothing_is_told_in_words():
    """A library's own report never reaches an editor."""
    ticker = read_ticker("USD/UZS = 0.00 0%")
    assert [f.message for f in ticker.findings] == ["Input should be greater than 0"]


amounts = st.decimals(min_value="0.0000001", max_value="999999", allow_nan=False, places=8)
changes = st.none() | st.decimals(min_value="-50", max_value="50", allow_nan=False, places=2)


@given(amounts.filter(bool), changes)
def test_what_is_written_is_read_back(value, change):
    """parse(format(q)) = q."""
    quote = Quote(base="TJS", quote="USD", value=value, stated_change=change)
    assert read_line(write_line(quote)) == quote


@given(st.text(max_size=60))
def test_no_text_whatever_breaks_the_reader(text):
    """Pasted pages hold anything."""
    read_ticker(text)


def test_a_rates_file_takes_ticker_lines_and_fields_alike():
    """An editor types whichever is at hand; the day stands once at the top."""
    file = RatesFile.model_validate(
        {
            "as_of": "2025-12-10",
            "quotes": [
                "KGS/USD = 0.01144 0%",
                {"base": "USD", "quote": "KZT", "value": "518,10", "as_of": "2025-12-09"},
            ],
        }
    )
    assert [(q.pair, str(q.value), q.significant, q.as_of) for q in file.quotes] == [
        ("KGS/USD", "0.01144", 4, date(2025, 12, 10)),
        ("USD/KZT", "518.10", 5, date(2025, 12, 9)),
    ]


def test_a_bad_line_says_what_to_type_and_which_line_it_is():
    """The loader turns the place into file:line:column."""
    with pytest.raises(ValidationError, match=r"type a line such as KGS/USD = 0\.01144") as caught:
        RatesFile.model_validate({"quotes": ["KGS/USD = 0.01144", "KGS 0.01144"]})
    assert caught.value.errors()[0]["loc"] == ("quotes", 1)


def test_a_pair_given_twice_with_two_values_is_refused():
    """Equal repeats collapse, a contradiction does not."""
    twice = ["KGS/USD = 0.01144", "KGS/USD = 0.01144 0%"]
    assert len(RatesFile.model_validate({"quotes": twice}).quotes) == 1
    with pytest.raises(ValidationError, match=r"KGS/USD is given as 0\.01144 and as 0\.0115; keep"):
        RatesFile.model_validate({"quotes": [*twice, "KGS/USD = 0.0115"]})


def test_a_source_and_a_day_stand_once_at_the_top_for_all_values():
    """What a value says itself has precedence."""
    typed = {
        "as_of": "2025-12-10",
        "source": "KASE",
        "quotes": ["USD/KZT = 518.10", {"base": "USD", "quote": "KGS", "value": "87.45", "source": "NBKR"}],
    }
    quotes = RatesFile.model_validate(typed).quotes
    assert [(q.source, q.as_of) for q in quotes] == [
        ("KASE", date(2025, 12, 10)),
        ("NBKR", date(2025, 12, 10)),
    ]
