"""A rate's change in a symbol, a figure and words; said once for letter, text part, pages and feeds.

Words are tied to the local currency, so that turning the pair round cannot turn the meaning round:
`KGS/USD` falling and `USD/KGS` rising are both 'som weaker'.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from publisher.rates.models import Change, Direction, RateRow
from publisher.rendering.language import Language

UP, DOWN, FLAT = "▲", "▼", "●"


@dataclass(frozen=True)
class Movement:
    """How a row's number moved, ready to be shown.

    `mood` names the colour (a CSS class); `symbol` is decoration and never the only sign;
    `figure` stands in the table, `words` where there is room or nothing to see.
    """

    mood: Literal["up", "down", "flat"]
    symbol: str
    figure: str
    words: str


def movement(row: RateRow, language: Language) -> Movement:
    """`▼ −0.28%` for a pair in its own currency, `▼ weaker 0.28%` for a pair turned round."""
    if row.peg:
        words = language.text("fixed since {date}", date=language.medium_date(row.peg.since))
        return Movement("flat", FLAT, language.text("fixed"), _about(row, words, language))
    if not row.change:
        return Movement("flat", "", "–", _about(row, language.text("no earlier value"), language))
    return _moved(row, row.change, language)


def trend(row: RateRow, language: Language) -> Movement | None:
    """The same over the whole of the row's history, which is what its sparkline draws."""
    if len(row.history) < 2 or not row.history[0][1]:  # noqa: PLR2004  # two values make a line
        return None
    (since, first), (_, last) = row.history[0], row.history[-1]
    percent = (abs(last / first - 1) * 100).quantize(Decimal("0.1"))
    return _moved(
        row, Change(percent=percent, direction=_direction(row, first, last, percent), since=since), language
    )


def _direction(row: RateRow, first: Decimal, last: Decimal, percent: Decimal) -> Direction:
    if not percent:
        return Direction.UNCHANGED
    stronger = (last > first) == (row.local == row.base)
    return Direction.STRONGER if stronger else Direction.WEAKER


def _moved(row: RateRow, change: Change, language: Language) -> Movement:
    own = row.local == row.base
    if change.direction is Direction.UNCHANGED:
        words = language.text("unchanged")
        figure = language.percent(Decimal(0)) if own else words
        return Movement("flat", FLAT, figure, _about(row, words, language))
    stronger = change.direction is Direction.STRONGER
    percent = language.percent(change.percent)
    said = language.text("stronger {percent}" if stronger else "weaker {percent}", percent=percent)
    signed = language.percent(change.percent if stronger else -change.percent, signed=True)
    return Movement(
        "up" if stronger else "down",
        UP if stronger else DOWN,
        signed if own else said,
        _about(row, said, language),
    )


def _about(row: RateRow, words: str, language: Language) -> str:
    return f"{language.currency_noun(row.local)} {words}"
