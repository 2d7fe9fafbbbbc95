"""The table at the top, against values computed by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.rates.history import History
from publisher.rates.models import Direction, Kind, Quote, RatesFile, RatesTable
from publisher.rates.notation import decimals_of
from publisher.rates.settings import RatesSettings
from publisher.rates.table import build_table

DAY = date(2025, 12, 9)
# What a feed printed for 9 December 2025, and made-up values of six days before.
NOW = {
    "KGS": "87.46545557",
    "KZT": "510.96628245",
    "TJS": "9.19006023",
    "UZS": "12009.23939141",
    "TMT": "3.49623295",
}
THEN = {"KGS": "87.46500000", "KZT": "504.00000000", "TJS": "9.21580000", "UZS": "11997.00", "TMT": "3.5101"}


def quote(local: str, value: str, day: date = DAY, base: str = "USD") -> Quote:
    """Make a market quote of one dollar."""
    return Quote(base=base, quote=local, value=Decimal(value), as_of=day, source="feed", kind=Kind.MARKET)


def file(values: dict[str, str] = NOW) -> RatesFile:
    """Make the issue's rates."""
    return RatesFile(as_of=DAY, quotes=tuple(quote(local, value) for local, value in values.items()))


def history(values: dict[str, str] = THEN, day: date = date(2025, 12, 3)) -> History:
    """Make a memory of one earlier day."""
    return History().including(quote(local, value, day) for local, value in values.items())


def table(rates: RatesFile | None = None, past: History | None = None, **settings) -> RatesTable:
    """Build the table of the day."""
    past = history() if past is None else past
    return build_table(rates or file(), past, RatesSettings(**settings), date(2025, 12, 10))


def told(rates: RatesTable) -> list[tuple[str, ...]]:
    """What a reader sees of each row."""
    return [
        (row.pair, str(row.value), str(row.change.percent), row.change.direction.value)
        for row in rates.rows
        if row.change
    ]


def test_a_table_per_dollar_is_right_to_the_last_digit():
    """Computed by hand from the two days' values; the manat's decree stands against the feed's noise."""
    assert told(table()) == [
        ("USD/KGS", "87.47", "0.00", "unchanged"),  # +0.0005 %
        ("USD/KZT", "510.97", "1.38", "weaker"),  # 510.96628245 / 504 = 1.0138219
        ("USD/TJS", "9.1901", "0.28", "stronger"),  # 9.19006023 / 9.2158 = 0.9972070
        ("USD/UZS", "12009.24", "0.10", "weaker"),  # 1.0010202
        ("USD/TMT", "3.50", "0.00", "unchanged"),
    ]


def test_a_table_in_dollars_tells_the_same_story():
    """Inverting the quote turns the number, never the meaning."""
    assert told(table(direction="in-base")) == [
        ("KGS/USD", "0.01143", "0.00", "unchanged"),
        ("KZT/USD", "0.001957", "1.36", "weaker"),  # 504 / 510.96628245 = 0.9863664
        ("TJS/USD", "0.10881", "0.28", "stronger"),
        ("UZS/USD", "0.00008327", "0.10", "weaker"),
        ("TMT/USD", "0.28571", "0.00", "unchanged"),
    ]


def test_both_directions_stand_under_each_other():
    """Currency by currency, in the publication's order."""
    both = table(currencies=("UZS", "KGS"), direction="both")
    assert [row.pair for row in both.rows] == ["USD/UZS", "UZS/USD", "USD/KGS", "KGS/USD"]


def test_a_change_says_since_when():
    """'vs 3 Dec' is part of the truth."""
    assert {row.change.since for row in table().rows if row.change} == {date(2025, 12, 3)}


def test_without_history_no_change_is_told_whatever_the_ticker_states():
    """A change is ours or there is none."""
    rates = RatesFile.model_validate({"as_of": DAY, "quotes": ["TJS/USD = 0.10811 -0.28%"]})
    assert [row.change for row in table(rates, History(), currencies=("TJS",)).rows] == [None]


def test_history_from_the_day_itself_or_later_is_not_used():
    """An old issue keeps its old table when it is built again."""
    later = history(day=DAY).including(quote("KZT", "600", DAY + timedelta(1)) for _ in range(1))
    assert [row.change for row in table(past=later, currencies=("KZT",)).rows] == [None]


def test_a_quote_with_too_few_digits_keeps_its_own_direction_and_a_mark():
    """0.00193 turned round would be anything from 516.8 to 519.5."""
    rates = RatesFile.model_validate({"as_of": DAY, "quotes": ["KGS/USD = 0.01144", "KZT/USD = 0.00193"]})
    rows = table(rates, currencies=("KGS", "KZT"), direction="both").rows
    assert [(row.pair, str(row.value), row.imprecise) for row in rows] == [
        ("USD/KGS", "87.4", False),
        ("KGS/USD", "0.01144", False),
        ("KZT/USD", "0.00193", True),
    ]


def test_a_change_is_no_finer_than_the_digits_behind_it():
    """0.01144 after 0.01143 may be a move of 0.17 % or none: no decimals are told, so it is unchanged."""
    rates = RatesFile(as_of=DAY, quotes=(quote("USD", "0.01144", base="KGS"),))
    past = History().including([quote("USD", "0.01143", date(2025, 12, 3), base="KGS")])
    change = table(rates, past, currencies=("KGS",)).rows[0].change
    assert change is not None
    assert (str(change.percent), change.direction) == ("0", Direction.UNCHANGED)


def test_one_digit_tells_no_change_at_all():
    """0.00008 may be off by six percent."""
    rates = RatesFile(as_of=DAY, quotes=(quote("USD", "0.00008", base="UZS"),))
    past = History().including([quote("USD", "0.00008", date(2025, 12, 3), base="UZS")])
    assert table(rates, past, currencies=("UZS",)).rows[0].change is None


def test_a_row_of_another_day_is_marked_and_the_table_bears_the_common_day():
    """Banks set weekly and daily rates; the odd one out is shown with its own date."""
    quotes = (*file().quotes[:4], quote("TMT", "3.50", DAY), quote("KZT", "510.9", DAY - timedelta(1)))
    rates = RatesFile(quotes=(quotes[0], quotes[5], quotes[2]))
    result = table(rates, currencies=("KGS", "KZT", "TJS"))
    assert result.as_of == DAY
    assert [row.stale for row in result.rows] == [False, True, False]


def test_week_and_month_changes_look_back_over_weekends():
    """The last value at least so old counts, if it is not much older."""
    days = {1: "505.00", 8: "500.00", 30: "490.00", 31: "480.00"}
    past = History().including(quote("KZT", v, DAY - timedelta(d)) for d, v in days.items())
    row = table(file({"KZT": "510.00"}), past, currencies=("KZT",)).rows[0]
    changes = [
        change and (str(change.percent), change.since.isoformat())
        for change in (row.change, row.change_week, row.change_month)
    ]
    assert changes == [("0.99", "2025-12-08"), ("2.00", "2025-12-01"), ("4.08", "2025-11-09")]


def test_a_gap_in_memory_is_no_week():
    """A value of two months ago is not last week's."""
    row = table(past=history(day=date(2025, 10, 1)), currencies=("KZT",)).rows[0]
    assert (row.change_week, row.change_month) == (None, None)


def test_history_of_a_row_ends_with_its_value_and_has_thirty_points():
    """In the direction and with the decimals shown."""
    past = History().including(quote("KZT", f"{500 + n}.25", DAY - timedelta(n)) for n in range(1, 50))
    row = table(past=past, currencies=("KZT",)).rows[0]
    assert len(row.history) == 30
    assert row.history[-2:] == ((date(2025, 12, 8), Decimal("501.25")), (DAY, Decimal("510.97")))


def test_another_base_finds_its_own_quotes():
    """EUR, RUB or CNY by setting; the dollar's decree says nothing about the euro."""
    rates = RatesFile(
        as_of=DAY, quotes=(quote("KGS", "101.7900", base="EUR"), quote("TMT", "4.07", base="EUR"))
    )
    result = table(rates, base="EUR", currencies=("KGS", "TMT"))
    assert [(row.pair, str(row.value), row.peg) for row in result.rows] == [
        ("EUR/KGS", "101.79", None),
        ("EUR/TMT", "4.07", None),
    ]


def test_a_currency_without_a_value_has_no_row():
    """A hole is not filled with yesterday."""
    assert [row.local for row in table(file({"KGS": "87.45"}), pegs=()).rows] == ["KGS"]


def test_fixed_decimals_can_be_set_but_never_hide_a_rate():
    """0.00 soms to the dollar would be a lie."""
    rows = table(currencies=("UZS",), direction="in-base", decimals={"UZS/USD": 2}).rows
    assert str(rows[0].value) == "0.00008"


def test_an_accepted_break_of_a_peg_is_shown():
    """When a decree falls, an editor says so once, on the record."""
    rates = RatesFile.model_validate(
        {
            "as_of": DAY,
            "quotes": ["USD/TMT = 4.10"],
            "accepted": [{"pair": "USD/TMT", "code": "R309", "at": DAY, "reason": "devalued"}],
        }
    )
    assert [(str(row.value), row.peg) for row in table(rates, currencies=("TMT",)).rows] == [("4.10", None)]


values = st.decimals("0.00001", "20000", places=8).filter(lambda value: value > 0)


@given(values, values, st.sampled_from(["per-base", "in-base", "both"]))
def test_no_digit_is_shown_that_the_source_did_not_give(now, then, direction):
    """And nothing ever reads -0; a rate never reads 0; the arrow follows the local currency."""
    rates, past = file({"KGS": str(now)}), history({"KGS": str(then)})
    for row in table(rates, past, currencies=("KGS",), direction=direction).rows:
        assert len(str(row.value).replace(".", "").strip("0")) <= rates.quotes[0].significant
        assert row.value > 0
        assert decimals_of(row.value) <= 12
        if row.change:
            assert "-" not in str(row.change.percent)
            weaker = now > then
            expected = {Direction.UNCHANGED, Direction.WEAKER if weaker else Direction.STRONGER}
            assert row.change.direction in expected
            assert (row.change.percent == 0) == (row.change.direction is Direction.UNCHANGED)


@pytest.mark.parametrize("direction", ["per-base", "in-base"])
def test_the_same_input_gives_the_same_table(direction):
    """Byte for byte, whatever order the history arrived in."""
    backwards = History().including(reversed(history().quotes))
    assert table(direction=direction) == table(past=backwards, direction=direction)
