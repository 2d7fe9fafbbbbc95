"""The table once more, by other means: whole fractions, and rounding as with a pencil."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from publisher.rates.history import History, from_csv, to_csv
from publisher.rates.models import Quote, RatesFile
from publisher.rates.settings import DECIMALS, RatesSettings
from publisher.rates.table import build_table

LOCALS = ("KGS", "KZT", "TJS", "UZS")
FIRST = date(2024, 3, 2)


def pencil(value: Fraction, decimals: int) -> str:
    """Round half up by hand: whole units of the last place, then the point put back."""
    units = (value * 10**decimals * 2 + 1) // 2
    digits = str(units).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits


# A feed prints eight decimals; a day's move is at most a tenth.
start = st.tuples(
    st.integers(80_00000000, 92_00000000),
    st.integers(440_00000000, 530_00000000),
    st.integers(9_00000000, 11_00000000),
    st.integers(11_800_00000000, 13_100_00000000),
)
moves = st.lists(
    st.tuples(st.integers(1, 60), *[st.integers(900_000, 1_100_000)] * 4), min_size=1, max_size=16
)


@given(start, moves, st.sampled_from(["per-base", "in-base"]))
def test_every_row_of_every_day_is_right_to_the_last_digit(first, steps, direction):
    """Up to seventeen dates, four currencies, both directions: values, changes and days."""
    days, units = [FIRST], [list(first)]
    for gap, *factors in steps:
        days.append(days[-1] + timedelta(gap))
        units.append([unit * factor // 1_000_000 for unit, factor in zip(units[-1], factors, strict=True)])
    quotes = [
        Quote.model_validate(
            {"base": "USD", "quote": local, "value": pencil(Fraction(unit, 10**8), 8), "as_of": day}
        )
        for day, row in zip(days, units, strict=True)
        for local, unit in zip(LOCALS, row, strict=True)
    ]
    history = from_csv(to_csv(History().including(quotes)))
    settings = RatesSettings(currencies=LOCALS, direction=direction)
    table = build_table(RatesFile(quotes=tuple(quotes[-4:])), history, settings, days[-1])
    for row, now, then in zip(table.rows, units[-1], units[-2], strict=True):
        value, ratio = Fraction(now, 10**8), Fraction(now, then)
        if direction == "in-base":
            value, ratio = 1 / value, 1 / ratio
        percent = pencil(abs(ratio - 1) * 100, 2)
        weaker = now > then
        expected = "unchanged" if percent == "0.00" else "weaker" if weaker else "stronger"
        assert f"{row.value:f}" == pencil(value, DECIMALS[row.pair])
        assert row.change is not None
        assert (str(row.change.percent), row.change.direction.value, row.change.since) == (
            percent,
            expected,
            days[-2],
        )
