"""The `[rates]` table of publication.toml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from publisher.rates.models import Currency


class RatesSettings(BaseModel):
    """Which currencies are shown, against what, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currencies: tuple[Currency, ...] = Field(
        default=("KGS", "KZT", "TJS", "UZS", "TMT"), description="The rows, in the order they are shown."
    )
    base: Currency = Field(default="USD", description="The currency the rows are measured against.")
    direction: Literal["per-base", "in-base", "both"] = Field(
        default="per-base", description="per-base: USD/KGS 87.45; in-base: KGS/USD 0.01144."
    )
    sparkline: Literal["png", "blocks", "none"] = "png"
