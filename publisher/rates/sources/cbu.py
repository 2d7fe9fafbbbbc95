"""Central Bank of Uzbekistan: sums for foreign money, any day, as JSON whose numbers are strings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from publisher.rates.models import Quote
from publisher.rates.sources.protocol import Client, Pair
from publisher.rates.sources.reading import Printed, Sheet, day_month_year, documented, in_local, read_json


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
            rows = read_json(data)
            days = {day_month_year(row["Date"]) for row in rows}
            printed = {row["Ccy"]: Printed(str(row["Rate"]), str(row["Nominal"])) for row in rows}
        return in_local(printed, "UZS", pairs, Sheet(self.title, max(days))) if days else ()
