"""The `[rates]` table of publication.toml."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from publisher.rates.models import Currency

Percent = Annotated[Decimal, Field(gt=0, le=100)]
Pair = Annotated[str, Field(pattern=r"^[A-Z]{3}/[A-Z]{3}$")]
Address = Annotated[str, Field(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]
SourceName = Literal["nbkr", "nbk", "cbu", "nbt", "frankfurter", "ecb", "currency-api", "file", "lines"]


class PegRule(BaseModel):
    """A value fixed by decree: it stands in the table whatever a market feed prints."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Currency = Field(description="The anchor, for example USD.")
    local: Currency = Field(description="The pegged currency, for example TMT.")
    value: Decimal = Field(gt=0, description="Local units for one unit of the anchor, for example 3.50.")
    since: date = Field(description="The first day it holds, for example 2015-01-01.")
    authority: str = Field(description="Who decreed it, for example Central Bank of Turkmenistan.")


MANAT = PegRule(
    base="USD",
    local="TMT",
    value=Decimal("3.50"),
    since=date(2015, 1, 1),
    authority="Central Bank of Turkmenistan",
)

DECIMALS: dict[str, int] = {
    "USD/KGS": 2,
    "USD/KZT": 2,
    "USD/TJS": 4,
    "USD/UZS": 2,
    "USD/TMT": 2,
    "KGS/USD": 5,
    "KZT/USD": 6,
    "TJS/USD": 5,
    "UZS/USD": 8,
    "TMT/USD": 5,
    "EUR/KGS": 2,
    "EUR/KZT": 2,
    "EUR/TJS": 4,
    "EUR/UZS": 2,
    "EUR/TMT": 2,
    "RUB/KGS": 4,
    "RUB/KZT": 4,
    "RUB/TJS": 4,
    "RUB/UZS": 2,
    "RUB/TMT": 4,
    "CNY/KGS": 4,
    "CNY/KZT": 2,
    "CNY/TJS": 4,
    "CNY/UZS": 2,
    "CNY/TMT": 4,
    "KGS/EUR": 5,
    "KZT/EUR": 6,
    "TJS/EUR": 5,
    "UZS/EUR": 8,
    "TMT/EUR": 5,
    "KGS/RUB": 4,
    "KZT/RUB": 5,
    "TJS/RUB": 4,
    "UZS/RUB": 6,
    "TMT/RUB": 3,
    "KGS/CNY": 5,
    "KZT/CNY": 5,
    "TJS/CNY": 5,
    "UZS/CNY": 7,
    "TMT/CNY": 4,
}
"""How many decimals a pair is shown with. They never vary with the value: a column must not jump."""


class RatesSettings(BaseModel):
    """Which currencies are shown, against what, how, and where the values come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currencies: tuple[Currency, ...] = Field(
        default=("KGS", "KZT", "TJS", "UZS", "TMT"), description="The rows, in the order they are shown."
    )
    base: Currency = Field(
        default="USD", description="The currency the rows are measured against: USD, EUR, RUB or CNY."
    )
    direction: Literal["per-base", "in-base", "both"] = Field(
        default="per-base", description="per-base: USD/KGS 87.45; in-base: KGS/USD 0.01144; or both."
    )
    sparkline: Literal["png", "blocks", "none"] = Field(
        default="png", description="How thirty days are drawn in the letter: png, blocks or none."
    )
    decimals: dict[Pair, Annotated[int, Field(ge=0, le=10)]] = Field(
        default_factory=dict,
        description='Fixed decimals of a pair where ours do not suit: { "USD/KGS" = 4 }.',
    )
    change_decimals: int = Field(
        default=2, ge=0, le=4, description="Decimals of a change in percent, for example 2 for 1.40 %."
    )
    pegs: tuple[PegRule, ...] = Field(
        default=(MANAT,),
        description="Values fixed by decree; the manat's 3.50 stands unless you say otherwise.",
    )

    max_move: Percent = Field(
        default=Decimal(5),
        description="A larger move within a week, in percent, stops an update: for example 5.",
    )
    max_age: int = Field(
        default=4, ge=1, le=60, description="A value older than so many days stops an update: for example 4."
    )
    max_disagreement: Percent = Field(
        default=Decimal(1),
        description="Two sources further apart, in percent, stop an update: for example 1.",
    )

    sources: tuple[SourceName, ...] = Field(
        default=("nbkr", "nbk", "cbu", "nbt", "frankfurter", "currency-api"),
        description="Whom to ask, in order: the first that knows a pair is believed, the next is compared.",
    )
    urls: dict[SourceName, Address] = Field(
        default_factory=dict,
        description='Another address of a source, such as your own copy: { frankfurter = "https://fx.example" }.',
    )
    file: str = Field(
        default="", description="What the sources `file` and `lines` read, for example rates/desk.csv."
    )
    timeout: float = Field(
        default=20,
        gt=0,
        le=120,
        description="Seconds that one address may take altogether, tries included: for example 20.",
    )

    def decimals_of(self, base: str, quote: str, value: Decimal) -> int:
        """The pair's fixed decimals; for a pair nobody has thought of, five significant digits."""
        pair = f"{base}/{quote}"
        known = self.decimals.get(pair, DECIMALS.get(pair))
        return known if known is not None else max(2, 4 - value.adjusted())
