"""Sums in the text against the rates of their day."""

from datetime import UTC, date, datetime
from decimal import Decimal

import builders
import pytest

from publisher.checking.amounts import conversions
from publisher.checking.money import RateBook, contradiction
from publisher.checking.rules import check
from publisher.rates.history import History
from publisher.rates.models import Quote, RatesFile

DAY = date(2025, 12, 10)
NOW = datetime(2025, 12, 10, 12, tzinfo=UTC)


def quote(local: str, value: str, day: date | None = DAY, base: str = "USD") -> Quote:
    """Make a rate of a day."""
    return Quote(base=base, quote=local, value=Decimal(value), as_of=day)


HISTORY = History().including(
    [
        quote("UZS", "12009.24"),
        quote("KGS", "87.45"),
        quote("KZT", "518.10"),
        quote("USD", "1.3300", base="GBP"),
        quote("UZS", "13001.00", date(2025, 2, 12)),
    ]
)


def said(text: str, day: date = DAY, rates: RatesFile | None = None, history: History = HISTORY) -> list[str]:
    """What is told about a text of a day."""
    book = RateBook(history, rates, day)
    return [message for found in conversions(text) if (message := contradiction(found, book))]


def test_a_conversion_at_another_rate_is_told_with_both_rates():
    """1.5 trillion / 115.38 million is 13,000.5; the day's rate is 12,009.24."""
    expected = (
        "“UZS 1.5 trillion ($115.38 million)” implies 13000.52 UZS for 1 USD,"
        " the rate of 2025-12-10 is 12009.24 (+8.3 %)"
    )
    assert said("rising from UZS 1.5 trillion ($115.38 million) to") == [expected]


def test_the_rate_of_the_articles_own_day_counts():
    """The same sums were right in February."""
    assert said("UZS 1.5 trillion ($115.38 million)", date(2025, 2, 13)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 million soms ($34,000)", 0),  # 34,305
        ("3 million soms ($36,000)", 1),
        ("3 million soms ($35,400)", 1),  # 3.1 % off
        ("3 million soms ($35,200)", 0),  # 2.5 % off
        ("160 million soms ($2 million)", 0),  # 1.83 million rounds to 2
        ("130 million soms ($2 million)", 1),  # 1.49 million does not
        ("300 млрд сумов (около $23 млн)", 1),  # 24.98
        ("£144 million ($191.5 million)", 0),
        ("£144 million ($180 million)", 1),
        ("518 million tenge (87 million soms)", 0),  # through the dollar
        ("518 million tenge (95 million soms)", 1),
        ("TJS 10 million ($1 million)", 0),  # nobody knows the somoni here
    ],
)
def test_three_percent_is_the_limit_and_rounding_is_no_contradiction(text, expected):
    """Hand-computed; a currency without a rate is not judged."""
    assert len(said(text)) == expected


def test_without_memory_the_issues_own_table_counts():
    """What it is known to is told when that is much."""
    table = RatesFile.model_validate({"quotes": ["UZS/USD = 0.00008"]})
    expected = (
        "“UZS 3 trillion ($230.77 million)” implies 12999.96 UZS for 1 USD,"
        " the rate is 12500 (+4.0 %, known to 6.2 %)"
    )
    assert said("UZS 3 trillion ($230.77 million)", rates=table, history=History()) == [expected]


def test_a_value_with_digits_enough_is_taken_before_a_later_one_without():
    """A pasted 0.00008 does not hide what the feed said the day before."""
    pasted = HISTORY.including([quote("USD", "0.00008", date(2025, 12, 11), base="UZS")])
    assert (
        "the rate of 2025-12-10 is 12009.24"
        in said("UZS 300 billion ($23 million)", date(2025, 12, 11), history=pasted)[0]
    )


def test_the_copy_desk_tells_file_line_and_column():
    """As a warning with a code, which a remark in the file can excuse."""
    body = "The budget doubled.\n\nIt rose to UZS 3 trillion ($230.77 million) in four years.\n"
    story = builders.article(body=body, file="issues/2025-12-10/01.md")
    findings = check(builders.issue(story), builders.publication(), now=NOW, history=HISTORY)
    told = [(f.path, f.column, f.severity.value) for f in findings if f.code == "E213"]
    assert told == [("issues/2025-12-10/01.md", 12, "warning")]
    excused = builders.article(body=body + "\n<!-- lint-ok E213: the ministry's own sum -->\n", file="x.md")
    findings = check(builders.issue(excused), builders.publication(), now=NOW, history=HISTORY)
    assert [f.code for f in findings if f.code in ("E213", "C901")] == []
