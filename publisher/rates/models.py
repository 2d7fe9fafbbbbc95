"""What an issue says about rates, and the table that every output shows.

A quote is in `quote.py`; here are the row it becomes, the table, and an issue's rates.yml.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from publisher.rates.notation import WHAT_TO_TYPE, plain, ticker_fields
from publisher.rates.quote import Currency, Day, ImpreciseError, Kind, Quote

__all__ = [
    "Acceptance",
    "Change",
    "Currency",
    "Day",
    "Direction",
    "ImpreciseError",
    "Kind",
    "Peg",
    "Quote",
    "RateRow",
    "RatesFile",
    "RatesTable",
]


class Direction(StrEnum):
    """What happened to the LOCAL currency; inverting the quote cannot turn it round."""

    STRONGER = "stronger"
    WEAKER = "weaker"
    UNCHANGED = "unchanged"


class Change(BaseModel):
    """How far the shown number moved since an earlier day.

    `percent` is unsigned and rounded as it is shown; zero after rounding is UNCHANGED.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    percent: Decimal = Field(ge=0)
    direction: Direction
    since: date


class Peg(BaseModel):
    """A value fixed by decree: so many units of the row's currency for one of the anchor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    anchor: Currency
    value: Decimal
    since: date
    authority: str


class RateRow(BaseModel):
    """One line of the table, ready to be written in any language.

    `value` carries exactly the digits to show (its exponent is the number of decimals).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Currency
    quote: Currency
    local: Currency = Field(
        description="The currency that the row is about; the other one is the table's base."
    )
    value: Decimal
    change: Change | None = None
    change_week: Change | None = None
    change_month: Change | None = None
    trend: Change | None = Field(default=None, description="Since the first day of `history`.")
    peg: Peg | None = None
    through: Currency | None = Field(
        default=None, description="The third currency that the value was computed through, if any."
    )
    as_of: date | None = None
    effective: date | None = None
    source: str = ""
    kind: Kind = Kind.EDITOR
    imprecise: bool = Field(
        default=False,
        description="Known to less than a tenth of a percent: shown as its source gave it, with a mark.",
    )
    stale: bool = Field(
        default=False, description="Its own date differs from the table's: shown with a mark."
    )
    history: tuple[tuple[date, Decimal], ...] = Field(
        default=(),
        description="The values of 30 days, oldest first, in the direction shown; the last is this row's.",
    )

    @property
    def pair(self) -> str:
        """`KGS/USD`."""
        return f"{self.base}/{self.quote}"

    @property
    def fixed(self) -> bool:
        """Whether a decree fixes this very pair; EUR/TMT moves although the manat is fixed to the dollar."""
        return self.peg is not None and self.peg.anchor in (self.base, self.quote)


class RatesTable(BaseModel):
    """The rows in the publication's order, and what must be said about them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Currency = Field(default="USD", description="The currency that all rows are measured against.")
    rows: tuple[RateRow, ...]
    as_of: date | None = Field(default=None, description="The day the table holds for; not the issue's date.")
    effective: date | None = Field(
        default=None, description="The first day the rates are in force, when their sources set them ahead."
    )
    sources: tuple[str, ...] = ()
    note: str = Field(default="", description="An editor's remark shown under the table.")


class Acceptance(BaseModel):
    """An editor's word that a value which a gate stopped is right; recorded for good."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pair: str
    code: str = Field(description="The finding that was accepted, for example R302.")
    at: Day
    reason: str = ""


def _typed_quote(entry: object) -> object:
    """Accept a ticker line where the fields of a quote are expected."""
    if not isinstance(entry, str):
        return entry
    fields = ticker_fields(entry)
    if fields is None:
        raise ValueError(f"{entry.strip()!r} is no rate; {WHAT_TO_TYPE}, or base, quote and value")
    return fields


class RatesFile(BaseModel):
    """An issue's `rates.yml`: values as typed, pasted or fetched, each a ticker line or fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: Day | None = Field(
        default=None, description="The day all values hold for, unless one says otherwise."
    )
    source: str = Field(
        default="",
        max_length=100,
        description="Who said so, unless a value says otherwise, for example NBKR.",
    )
    note: str = Field(default="", max_length=500, description="A remark shown under the table.")
    quotes: tuple[
        Annotated[Quote, BeforeValidator(_typed_quote, json_schema_input_type=str | Quote)], ...
    ] = Field(
        default=(),
        description="Ticker lines such as KGS/USD = 0.01144 0%, or base, quote, value, source.",
    )
    accepted: tuple[Acceptance, ...] = ()

    @field_validator("quotes")
    @classmethod
    def _one_value_a_pair(cls, quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
        """Equal repeats collapse; unequal ones cannot both be right."""
        kept: dict[str, Quote] = {}
        for quote in quotes:
            first = kept.setdefault(quote.pair, quote)
            if first.value != quote.value:
                values = f"{plain(first.value)} and as {plain(quote.value)}"
                raise ValueError(f"{quote.pair} is given as {values}; keep the right one")
        return tuple(kept.values())

    @model_validator(mode="after")
    def _complete_every_quote(self) -> Self:
        """Fill in the day and the source that stand once at the top."""
        complete = tuple(self._completed(quote) for quote in self.quotes)
        if complete != self.quotes:
            # the model is frozen; this is the moment in which it is made
            object.__setattr__(self, "quotes", complete)
        return self

    def _completed(self, quote: Quote) -> Quote:
        missing = {
            "as_of": self.as_of if quote.as_of is None else None,
            "source": self.source if not quote.source else None,
        }
        return quote.model_copy(update={name: value for name, value in missing.items() if value})

    def accepts(self, quote_pair: str, code: str) -> bool:
        """Whether an editor has vouched for what a gate stopped; KGS/USD stands for USD/KGS too."""
        sides = set(quote_pair.split("/"))
        return any(a.code == code and set(a.pair.split("/")) == sides for a in self.accepted)
