"""What the letter says around its numbers: of which day they are, since when, and how sure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from letter_samples import DAY, in_base, per_base, rate

from publisher.rates.models import Change, Direction, RateRow, RatesTable
from publisher.rendering.language import Language
from publisher.rendering.letter_rates import letter_rates

EN = Language("en")


def moved(base: str, since: date) -> RateRow:
    """Make a row whose change is counted from a day of its own."""
    change = Change(percent=Decimal("0.5"), direction=Direction.WEAKER, since=since)
    return rate(base, "USD", base, "0.5", "0", change=change)


def table(*rows: RateRow, **changes) -> RatesTable:
    """Make a table of these rows."""
    return RatesTable(rows=rows, **({"as_of": DAY} | changes))


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        (in_base(), "US dollars"),
        (per_base(), "per USD"),
        (table(in_base().rows[0], per_base().rows[1]), "Value"),
    ],
)
def test_the_head_of_the_values_says_what_they_count(rates, expected):
    """Dollars for one unit, units for a dollar, or no word that would be wrong for half of the rows."""
    assert letter_rates(rates, EN).unit == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((1, 1), "since 9 Dec"),
        ((7, 7, 1), "since 3 Dec"),
        ((7, 1), "since 9 Dec"),
        ((), "Change"),
    ],
)
def test_the_head_of_the_changes_says_since_when_most_are_counted(days, expected):
    """'Day' is said of yesterday only; where two days are equally common the later stands."""
    bases = ("KGS", "KZT", "TJS")
    rows = [moved(base, DAY - timedelta(days)) for base, days in zip(bases, days, strict=False)]
    said = letter_rates(table(*rows or [rate("KGS", "USD", "KGS", "0.5", "0", change=None)]), EN)
    assert said.since == expected


def test_a_change_from_another_day_than_the_rest_is_remarked():
    """Nobody should take a week's move for a day's."""
    rows = [
        moved("KGS", DAY - timedelta(1)),
        moved("KZT", DAY - timedelta(1)),
        moved("TJS", DAY - timedelta(7)),
    ]
    said = letter_rates(table(*rows), EN)
    assert said.note == "Rates of 10 Dec 2025. TJS/USD: change since 3 Dec."


def test_a_value_known_roughly_and_one_of_an_older_day_are_marked_where_they_stand():
    """The mark is beside the number, and what it means below the table."""
    rough = rate("UZS", "USD", "UZS", "0.00008", "0", imprecise=True)
    old = rate("TJS", "USD", "TJS", "0.1081", "0", stale=True, as_of=DAY - timedelta(2))
    said = letter_rates(table(rough, old), EN)
    assert [line.value for line in said.lines] == ["≈ 0.00008", "0.1081"]
    assert said.lines[1].name.endswith(", 8 Dec")
    assert "≈ marks a value that its source gives with few digits." in said.note


def test_rates_set_ahead_say_from_when_they_hold_and_a_remark_of_the_editor_comes_last():
    """Central banks fix tomorrow's rates today."""
    rates = table(
        in_base().rows[0],
        effective=DAY + timedelta(1),
        sources=("NBKR",),
        note="The bank was closed on Monday.",
    )
    assert letter_rates(rates, EN).note == (
        "Rates of 10 Dec 2025. In force from 11 Dec 2025. Source: NBKR. The bank was closed on Monday."
    )


def test_a_table_without_a_day_claims_none():
    """A date that nobody gave is not made up."""
    said = letter_rates(table(rate("KGS", "USD", "KGS", "0.5", "0", change=None), as_of=None), EN)
    assert (said.caption, said.since, said.note, said.moved) == ("Exchange rates", "Change", "", False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12009.24", ["12,009.24"]),
        ("0.0000826", ["0.0000826"]),
        ("1234567890.12", ["1,", "234,", "567,", "890.12"]),
        ("0.0000000123", ["0.00000", "00123"]),
    ],
)
def test_only_a_value_too_long_for_a_telephone_may_be_broken(value, expected):
    """Between its groups, never before its decimals."""
    (line,) = letter_rates(table(rate("USD", "UZS", "UZS", value, "0")), EN).lines
    assert line.pieces == expected
    assert "".join(line.pieces) == line.value


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (in_base().rows, False),
        (per_base().rows, True),
        ((rate("USD", "KGS", "KGS", "87.45", "0", change=None),), False),
        ((*in_base().rows, rate("USD", "KGS", "KGS", "87.45", "0.3")), True),
    ],
)
def test_a_table_knows_whether_it_tells_changes_in_words(rows, expected):
    """Pairs turned round do, and one of them is enough; rows without a change say nothing either way."""
    assert letter_rates(table(*rows), EN).worded is expected


def test_an_older_day_follows_the_name_with_the_comma_of_the_script():
    """A Latin comma between Persian words is a printer's error."""
    stale = moved("KZT", DAY - timedelta(9)).model_copy(update={"stale": True, "as_of": DAY - timedelta(2)})

    assert letter_rates(table(stale), EN).lines[0].name == "Kazakh tenge, 8 Dec"
    assert letter_rates(table(stale), Language("fa")).lines[0].name.partition("، ")[2] == "8 دسامبر"
