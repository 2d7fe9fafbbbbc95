"""What an exchange rate is, and the table that every output shows.

`KGS/USD = 0.01144` reads: one som is worth 0.01144 dollars. The first currency is the base,
the second the quote; a value is always for ONE unit of the base.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Kind(StrEnum):
    """Who stands behind a value."""

    OFFICIAL = "official"  # set by a central bank
    MARKET = "market"  # traded or blended by a provider
    PEG = "peg"  # fixed by decree
    EDITOR = "editor"  # typed in, or pasted with a page


class Quote(BaseModel):
    """One value of one pair on one day. Its digits are the digits its source gave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Currency
    quote: Currency
    value: Decimal = Field(gt=0, description="Units of the quote currency for ONE unit of the base.")
    significant: int = Field(ge=1, description="How many significant digits the source gave.")
    as_of: date | None = Field(default=None, description="The day the value holds for.")
    source: str = Field(default="", description="Who said so, for example 'NBKR'.")
    kind: Kind = Kind.EDITOR
    stated_change: Decimal | None = Field(
        default=None, description="The change in percent that the source itself stated; kept, never shown."
    )

    @property
    def pair(self) -> str:
        """`KGS/USD`."""
        return f"{self.base}/{self.quote}"


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
    """A value fixed by decree."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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
    peg: Peg | None = None
    as_of: date | None = None
    source: str = ""
    kind: Kind = Kind.EDITOR
    stale: bool = Field(
        default=False, description="Its own date differs from the table's: shown with a mark."
    )
    history: tuple[tuple[date, Decimal], ...] = Field(
        default=(),
        description="Up to 30 values, oldest first, in the direction shown; the last is this row's.",
    )

    @property
    def pair(self) -> str:
        """`KGS/USD`."""
        return f"{self.base}/{self.quote}"


class RatesTable(BaseModel):
    """The rows in the publication's order, and what must be said about them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Currency = Field(default="USD", description="The currency that all rows are measured against.")
    rows: tuple[RateRow, ...]
    as_of: date | None = Field(default=None, description="The day the table holds for; not the issue's date.")
    sources: tuple[str, ...] = ()
    note: str = Field(default="", description="An editor's remark shown under the table.")


class Acceptance(BaseModel):
    """An editor's word that a value which a gate stopped is right; recorded for good."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pair: str
    code: str = Field(description="The finding that was accepted, for example R302.")
    at: date
    reason: str = ""


class RatesFile(BaseModel):
    """An issue's `rates.yml`: values as typed, pasted or fetched, each a ticker line or fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date | None = Field(
        default=None, description="The day all values hold for, unless one says otherwise."
    )
    note: str = Field(default="", max_length=500, description="A remark shown under the table.")
    quotes: tuple[Quote, ...] = Field(
        default=(), description="Ticker lines such as KGS/USD = 0.01144 0%, or base, quote, value, source."
    )
    accepted: tuple[Acceptance, ...] = ()
