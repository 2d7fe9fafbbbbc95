"""A rate's change: one meaning in symbol, figure and words."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from publisher.rates.models import Change, Direction, Peg, RateRow
from publisher.rendering.language import Language
from publisher.rendering.movement import Movement, movement, trend

EN = Language("en")
DAY = date(2025, 12, 10)


def row(base, quote, local, **more):
    """Make a row about `local`."""
    return RateRow(base=base, quote=quote, local=local, value=Decimal("0.10811"), **more)


def change(direction, percent="0.28"):
    """Make a change since the day before."""
    return Change(percent=Decimal(percent), direction=direction, since=DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("base", "quote", "direction", "expected"),
    [
        (
            "TJS",
            "USD",
            Direction.WEAKER,
            Movement("down", "▼", "−0.28%", "weaker 0.28%", "somoni weaker 0.28%"),
        ),
        (
            "TJS",
            "USD",
            Direction.STRONGER,
            Movement("up", "▲", "+0.28%", "stronger 0.28%", "somoni stronger 0.28%"),
        ),
        (
            "USD",
            "TJS",
            Direction.WEAKER,
            Movement("down", "▼", "weaker 0.28%", "weaker 0.28%", "somoni weaker 0.28%"),
        ),
        (
            "USD",
            "TJS",
            Direction.STRONGER,
            Movement("up", "▲", "stronger 0.28%", "stronger 0.28%", "somoni stronger 0.28%"),
        ),
        ("TJS", "USD", Direction.UNCHANGED, Movement("flat", "●", "0%", "unchanged", "somoni unchanged")),
        (
            "USD",
            "TJS",
            Direction.UNCHANGED,
            Movement("flat", "●", "unchanged", "unchanged", "somoni unchanged"),
        ),
    ],
)
def test_movement_is_about_the_local_currency(base, quote, direction, expected):
    """Turning the pair round changes the figure's form, never who got weaker."""
    percent = "0" if direction is Direction.UNCHANGED else "0.28"

    assert movement(row(base, quote, "TJS", change=change(direction, percent)), EN) == expected


def test_peg_is_fixed_and_says_since_when():
    """A value fixed by decree is not 'unchanged'."""
    fixed = row(
        "TMT",
        "USD",
        "TMT",
        peg=Peg(anchor="USD", value=Decimal("3.50"), since=date(2015, 1, 1), authority="Central Bank"),
    )

    assert movement(fixed, EN) == Movement(
        "flat", "●", "fixed", "fixed since 1 Jan 2015", "manat fixed since 1 Jan 2015"
    )


def test_first_value_has_no_change_yet():
    """Without an earlier value nothing is claimed."""
    assert movement(row("TJS", "USD", "TJS"), EN) == Movement(
        "flat", "", "–", "no earlier value", "somoni no earlier value"
    )


@pytest.mark.parametrize(("base", "quote"), [("TJS", "USD"), ("USD", "TJS")])
def test_trend_is_told_as_a_change_is(base, quote):
    """What the sparkline draws, in words about the local currency."""
    moved = trend(row(base, quote, "TJS", trend=change(Direction.WEAKER, "9.1")), EN)

    assert moved is not None
    assert moved.words == "somoni weaker 9.1%"


def test_one_value_is_no_trend():
    """A line needs two ends."""
    assert trend(row("TJS", "USD", "TJS"), EN) is None


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (row("TJS", "USD", "TJS", change=change(Direction.WEAKER)), True),
        (row("TJS", "USD", "TJS", change=change(Direction.UNCHANGED, "0")), True),
        (row("USD", "TJS", "TJS", change=change(Direction.WEAKER)), False),
        (row("USD", "TJS", "TJS", change=change(Direction.UNCHANGED, "0")), False),
        (row("TJS", "USD", "TJS"), False),
    ],
)
def test_a_number_is_told_from_words(rate, expected):
    """A number stays on one line and runs from left to right; words may be broken, in their own direction."""
    assert movement(rate, EN).numeric is expected
