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
    `figure` stands in the table, `phrase` beside the pair for those who cannot see it, `words`
    where nothing else names the currency.
    """

    mood: Literal["up", "down", "flat"]
    symbol: str
    figure: str  # −0.28%
    phrase: str  # weaker 0.28%
    words: str  # somoni weaker 0.28%

    @property
    def numeric(self) -> bool:
        """Whether the table shows a number; a word (`fixed`, `weaker 0.28%`) may be broken over lines."""
        return self.figure != self.phrase and any(map(str.isdigit, self.figure))


def movement(row: RateRow, language: Language) -> Movement:
    """`▼ −0.28%` for a pair in its own currency, `▼ weaker 0.28%` for a pair turned round."""
    if row.peg and row.fixed:
        fixed = language.text("fixed since {date}", date=language.medium_date(row.peg.since))
        return _flat(row, FLAT, language.text("fixed"), fixed, language)
    if not row.change:
        return _flat(row, "", "–", language.text("no earlier value"), language)
    return _moved(row, row.change, language)


def trend(row: RateRow, language: Language) -> Movement | None:
    """The same over the whole of the row's history, which is what its sparkline draws."""
    return _moved(row, row.trend, language) if row.trend else None


def _moved(row: RateRow, change: Change, language: Language) -> Movement:
    own = row.local == row.base
    if change.direction is Direction.UNCHANGED:
        unchanged = language.text("unchanged")
        return _flat(row, FLAT, language.percent(Decimal(0)) if own else unchanged, unchanged, language)
    stronger = change.direction is Direction.STRONGER
    percent = language.percent(change.percent)
    phrase = language.text("stronger {percent}" if stronger else "weaker {percent}", percent=percent)
    signed = language.percent(change.percent if stronger else -change.percent, signed=True)
    return Movement(
        mood="up" if stronger else "down",
        symbol=UP if stronger else DOWN,
        figure=signed if own else phrase,
        phrase=phrase,
        words=f"{language.currency_noun(row.local)} {phrase}",
    )


def _flat(row: RateRow, symbol: str, figure: str, phrase: str, language: Language) -> Movement:
    return Movement("flat", symbol, figure, phrase, f"{language.currency_noun(row.local)} {phrase}")
