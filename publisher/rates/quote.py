"""A quote: one value of one pair on one day, and how many of its digits are known.

`KGS/USD = 0.01144` reads: one som is worth 0.01144 dollars. The first currency is the base,
the second the quote; a value is always for ONE unit of the base.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from publisher.rates.notation import EXACT, at_digits, digits_of, half_unit, parse_number, plain


def _typed_day(value: object) -> object:
    """Refuse a bare number: pydantic would take 1765324800 for a day."""
    if isinstance(value, str) and value.strip().lstrip("-").isdigit():
        raise ValueError("is not a date; write it as 2025-12-10")
    return value


Day = Annotated[date, BeforeValidator(_typed_day)]
"""A calendar day, typed as 2025-12-10."""

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

WORST_ERROR = Decimal("0.001")
"""A quote that may be off by more than a tenth of a percent is never inverted."""
LARGEST_EXPONENT = 12
_DECREED_DIGITS = 28


class Kind(StrEnum):
    """Who stands behind a value."""

    OFFICIAL = "official"  # set by a central bank
    MARKET = "market"  # traded or blended by a provider
    PEG = "peg"  # fixed by decree
    EDITOR = "editor"  # typed in, or pasted with a page


class ImpreciseError(ValueError):
    """A quote has too few digits for what was asked of it."""


def _number(value: object) -> object:
    """Keep typed digits as they are: 87,4500 and 12 009.24 are numbers too."""
    return parse_number(value) if isinstance(value, str) and "E" not in value else value


class Place(NamedTuple):
    """Where a number was read: a file, and the line and column, counted from 1."""

    path: str = ""
    line: int = 0
    column: int = 0


NOWHERE = Place()


class Quote(BaseModel):
    """One value of one pair on one day. Its digits are the digits its source gave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Currency
    quote: Currency
    value: Annotated[Decimal, BeforeValidator(_number)] = Field(
        gt=0,
        max_digits=34,
        description="Units of the quote currency for ONE unit of the base, such as 87.45.",
    )
    significant: int = Field(
        default=0, ge=1, le=34, description="How many significant digits the source gave; else those typed."
    )
    as_of: Day | None = Field(default=None, description="The day the value holds for.")
    effective: Day | None = Field(
        default=None, description="The first day it is in force, when its source sets rates ahead."
    )
    source: str = Field(default="", description="Who said so, for example 'NBKR'.")
    kind: Kind = Kind.EDITOR
    stated_change: Decimal | None = Field(
        default=None, description="The change in percent that the source itself stated; kept, never shown."
    )

    place: Place = Field(
        default=NOWHERE,
        json_schema_extra={"x-set-by-loader": True},
        description="Where it was read, if in a file; never typed.",
    )

    @model_validator(mode="before")
    @classmethod
    def _count_digits(cls, data: object) -> object:
        """Take the digits typed for the digits meant, unless the entry says otherwise."""
        if not isinstance(data, dict) or data.get("significant") is not None or "value" not in data:
            return data
        try:
            digits = digits_of(Decimal(str(_number(data["value"]))))
        except (ArithmeticError, ValueError):
            digits = 1  # the value itself will be refused, with a better message
        return {**data, "significant": digits}

    @field_validator("value")
    @classmethod
    def _of_this_world(cls, value: Decimal) -> Decimal:
        if abs(value.adjusted()) > LARGEST_EXPONENT:
            raise ValueError("is no exchange rate; give the value of one unit, such as 87.45")
        return value

    @model_validator(mode="after")
    def _two_currencies(self) -> Self:
        if self.base == self.quote:
            raise ValueError(f"{self.pair} compares a currency with itself")
        return self

    @property
    def pair(self) -> str:
        """`KGS/USD`."""
        return f"{self.base}/{self.quote}"

    def at(self, place: Place) -> Self:
        """The same quote, knowing where it was read."""
        return self.model_copy(update={"place": place})

    @property
    def stated(self) -> Decimal:
        """The value written with exactly its significant digits."""
        return at_digits(self.value, self.significant)

    @property
    def relative_error(self) -> Decimal:
        """How far off the value may be, as a share of it; a decree is exact."""
        if self.kind is Kind.PEG:
            return Decimal(0)
        return EXACT.divide(half_unit(self.value, self.significant), self.value)

    @property
    def invertible(self) -> bool:
        """Whether the value has digits enough to be turned round."""
        return self.relative_error <= WORST_ERROR

    @property
    def inverse_digits(self) -> int:
        """How many digits of the inverse are known.

        As many as the value has, or one fewer: the last digit shown must not be finer than
        the error that the inverse inherits (0.01144 is 87.37 to 87.45, so its inverse is 87.4).
        The inverse of a decree has no end; it gets as many as nobody will miss.
        """
        if self.kind is Kind.PEG:
            return _DECREED_DIGITS
        inverse = EXACT.divide(Decimal(1), self.value)
        last = EXACT.divide(half_unit(inverse, self.significant), inverse)
        return self.significant if last >= self.relative_error else self.significant - 1

    def inverse(self) -> Quote:
        """The same fact from the other side, with the digits that it can carry.

        A stated change belongs to the direction it was stated in and is left behind.
        Raises ImpreciseError when the value is known to less than a tenth of a percent.
        """
        if not self.invertible:
            raise ImpreciseError(
                f"{self.pair} = {plain(self.stated)} may be off by {self.relative_error * 100:.2g} % "
                f"and cannot be turned into {self.quote}/{self.base}; type the value of one {self.quote}"
            )
        digits = self.inverse_digits
        return self.model_copy(
            update={
                "base": self.quote,
                "quote": self.base,
                "value": at_digits(EXACT.divide(Decimal(1), self.value), digits),
                "significant": digits,
                "stated_change": None,
            }
        )

    def in_base(self, base: str) -> Decimal:
        """The exact value for one unit of `base`, unrounded.

        Raises ImpreciseError when that needs an inversion that the digits cannot carry.
        """
        if base == self.base:
            return self.value
        if not self.invertible:
            raise ImpreciseError(f"{self.pair} = {plain(self.stated)} has too few digits to be turned round")
        return EXACT.divide(Decimal(1), self.value)
