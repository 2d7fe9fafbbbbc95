"""What a value must pass before it is believed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from publisher.rates.gates import Circumstances, examine, percent_apart
from publisher.rates.history import History
from publisher.rates.models import Kind, Quote
from publisher.rates.settings import RatesSettings

DAY = date(2026, 4, 2)  # a Thursday


def quote(value: str, local: str = "UZS", *, base: str = "USD", age: int = 0, **fields) -> Quote:
    """Make a bank's quote of so many days ago."""
    fields = {"source": "CBU", "kind": Kind.OFFICIAL, "as_of": DAY - timedelta(age)} | fields
    return Quote(base=base, quote=local, value=Decimal(value), **fields)


def around(*past: Quote, **settings) -> Circumstances:
    """Make a memory and limits."""
    return Circumstances(History().including(past), RatesSettings(**settings), DAY, "rates.yml")


def told(findings) -> list[tuple[str, str]]:
    """Code and sentence of each finding."""
    return [(finding.code, finding.message) for finding in findings]


def test_an_ordinary_day_passes():
    """Nothing is said when nothing is wrong."""
    assert examine([quote("12194.21")], around(quote("12210.71", age=1)), second=[quote("12190.00")]) == ()


def test_a_jump_is_stopped_with_both_numbers():
    """A bank's own cross rate of the manat once fell 14 % in a day."""
    found = examine([quote("3469.17", base="EUR")], around(quote("4037.68", base="EUR", age=1)))
    expected = "moved 14.08 %: 4037.68 on 2026-04-01, 3469.17 on 2026-04-02 (limit 5 %)"
    assert told(found) == [("R302", expected)]
    assert found[0].hint == "look it up elsewhere; if it is right: --accept R302:EUR/UZS"


@pytest.mark.parametrize(
    ("age", "value", "expected"),
    [
        (1, "10500", []),
        (1, "10501", ["R302"]),
        (7, "10500", []),
        (7, "10501", ["R302"]),
        (8, "11000", []),  # a second week has begun
        (8, "11001", ["R302"]),
        (400, "12500", []),  # however long the gap, no more than a quarter
        (400, "12501", ["R302"]),
    ],
)
def test_a_move_is_measured_a_week_begun(age, value, expected):
    """Five percent within a week, as much again for each week more, and never more than five weeks' worth."""
    assert [f.code for f in examine([quote(value)], around(quote("10000", age=age)))] == expected


@pytest.mark.parametrize(
    ("last", "day"),
    [
        (date(2026, 4, 3), date(2026, 4, 6)),  # Friday to Monday
        (date(2026, 3, 20), date(2026, 3, 25)),  # four days of Nowruz
        (date(2026, 4, 30), date(2026, 5, 11)),  # the holidays of May
        (date(2025, 12, 31), date(2026, 1, 8)),  # the turn of the year
    ],
)
def test_a_fall_of_fourteen_percent_is_stopped_after_any_holiday(last, day):
    """No gap that a calendar knows makes it look ordinary."""
    past = History((quote("12194.20", as_of=last),))
    found = examine([quote("10487.01", as_of=day)], Circumstances(past, RatesSettings(), day))
    assert [f.code for f in found] == ["R302"]


def test_limits_can_be_set():
    """A newsroom that lives through a devaluation knows better."""
    assert examine([quote("13000")], around(quote("10000", age=1), max_move=40)) == ()


def test_an_old_value_is_stopped():
    """Long weekends are four days; a stalled feed is longer."""
    assert examine([quote("12000", age=4)], around()) == ()
    expected = "12000 is of 2026-03-28: 5 days before 2026-04-02 (limit 4)"
    assert told(examine([quote("12000", age=5)], around())) == [("R301", expected)]


def test_an_answer_for_another_day_is_stopped():
    """A bank that is asked for April and answers with May has changed the date in silence."""
    expected = "CBU was asked for 2026-04-02 and answered for 2026-05-10: 12000"
    assert told(examine([quote("12000", age=-38)], around())) == [("R308", expected)]


def test_a_bank_that_sets_rates_ahead_may_say_tomorrow():
    """The National Bank of the Kyrgyz Republic fixes today what holds tomorrow."""
    tomorrow = DAY + timedelta(1)
    assert examine([quote("87.45", "KGS", as_of=tomorrow, effective=tomorrow)], around()) == ()
    assert [f.code for f in examine([quote("87.45", "KGS", as_of=tomorrow)], around())] == ["R308"]


def test_two_sources_more_than_a_percent_apart_are_stopped():
    """With what each says."""
    found = examine([quote("12000.00")], around(), second=[quote("12200.00", source="ECB")])
    expected = "CBU says 12000.00 (2026-04-02), ECB says 12200.00 (2026-04-02): 1.64 % apart"
    assert told(found) == [("R303", expected)]


def test_two_sources_are_compared_whichever_way_round_they_speak():
    """1/12000 is 0.00008333."""
    other = quote("0.0000833333", "USD", base="UZS", source="feed")
    assert examine([quote("12000.00")], around(), second=[other]) == ()


def test_market_noise_around_a_decree_says_nothing():
    """3.43 to 3.51 were printed within one weekend."""
    past = quote("3.51", "TMT", age=1)
    assert examine([quote("3.43", "TMT")], around(past), second=[quote("3.50", "TMT", source="x")]) == ()


def test_a_value_that_leaves_the_noise_is_stopped():
    """It may be the end of the decree."""
    expected = (
        "4.1000 is 17.14 % from the peg: the decree of Central Bank of Turkmenistan"
        " since 2015-01-01 says 3.50"
    )
    assert told(examine([quote("4.10", "TMT")], around())) == [("R309", expected)]


def test_a_source_that_changes_its_word_about_a_day_is_stopped():
    """The same bank, the same day, another value."""
    found = examine([quote("12400.00")], around(quote("12000.00")))
    expected = "CBU said 12000.00 for 2026-04-02 and now says 12400.00 (3.33 %)"
    assert told(found) == [("R310", expected)]


def test_a_stated_change_that_contradicts_our_memory_is_told():
    """The page said -0% while the tenge fell 2.5 %; what is shown is computed, so it is a warning."""
    past = quote("0.00198", "USD", base="KZT", age=1)
    typed = quote("0.00193", "USD", base="KZT", stated_change=Decimal(0))
    found = {f.code: f for f in examine([typed], around(past))}
    expected = "states a change of 0 %, but it is -2.53 %: 0.00198 on 2026-04-01, 0.00193 on 2026-04-02"
    assert found["R311"].message == expected
    assert found["R311"].severity == "warning"


def test_a_stated_change_that_fits_is_not_told():
    """-2.5% for -2.53 %."""
    past = quote("0.00198", "USD", base="KZT", age=1)
    typed = quote("0.00193", "USD", base="KZT", stated_change=Decimal("-2.5"))
    assert [f.code for f in examine([typed], around(past))] == ["R304"]


def test_too_few_digits_are_told_with_what_they_mean():
    """0.00008 may be 11,765 to 13,333 to the dollar."""
    found = examine([quote("0.00008", "USD", base="UZS")], around())
    expected = "0.00008 has 1 significant digit: it may be off by 6.25 %"
    assert told(found) == [("R304", expected)]


def test_percent_apart_is_unsigned():
    """Of the second value."""
    assert str(percent_apart(Decimal(86), Decimal(100))) == "14.00"


def test_swapped_columns_are_told_in_numbers_that_can_be_read():
    """A value that was turned round to be compared has 34 digits, and a round one would be 5E+1."""
    (found,) = examine([quote("87.45", "KGS")], around(quote("87.40", "USD", base="KGS", age=1)))
    assert found.message.startswith("moved 764213.00 %: 0.01144165 on 2026-04-01, 87.45 on 2026-04-02")
    (found,) = examine(
        [quote("87.45", "KGS", source="")], around(quote("0.020", "USD", base="KGS", source=""))
    )
    assert found.message == "it said 50 for 2026-04-02 and now says 87.45 (74.90 %)"
