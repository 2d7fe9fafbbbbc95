"""Central Bank of Uzbekistan: sums for foreign money, any day, as JSON whose numbers are strings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from publisher.rates.models import Quote
from publisher.rates.sources.protocol import Client, Pair
from publisher.rates.sources.reading import (
    Printed,
    Sheet,
    day_month_year,
    documented,
    each_once,
    in_local,
    read_json,
)


@dataclass(frozen=True)
class Cbu:
    """The bank's archive."""

    url: str = "https://cbu.uz"
    title: str = "CBU"
    latest_only: bool = False

    def fetch(self, pairs: Sequence[Pair], day: date, client: Client) -> tuple[Quote, ...]:
        """Ask for the day's list; its rows carry the day each was set for."""
        if not any("UZS" in pair for pair in pairs):
            return ()
        data = client.get(f"{self.url}/en/arkhiv-kursov-valyut/json/all/{day.isoformat()}/")
        with documented(self.title):
            rows = [_Row.of(row) for row in read_json(data)]
        quotes: tuple[Quote, ...] = ()
        for day_set in sorted({row.day for row in rows}):
            printed = each_once((row.currency, row.printed) for row in rows if row.day == day_set)
            quotes += in_local(printed, "UZS", pairs, Sheet(self.title, day_set))
        return quotes


class _Row(NamedTuple):
    """One currency of the list, with the day it was set for."""

    currency: str
    printed: Printed
    day: date

    @classmethod
    def of(cls, row: Any) -> _Row:
        printed = Printed(str(row["Rate"]), str(row["Nominal"]))
        return cls(row["Ccy"], printed, day_month_year(row["Date"]))
