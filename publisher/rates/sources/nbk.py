"""National Bank of Kazakhstan: tenge for foreign money, any day, with a `quant` of 1, 10, 100 or 1000."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from publisher.rates.models import Quote
from publisher.rates.sources.protocol import Client, Pair
from publisher.rates.sources.reading import (
    Printed,
    Sheet,
    day_month_year,
    documented,
    each_once,
    in_local,
    read_xml,
)


@dataclass(frozen=True)
class Nbk:
    """The bank's daily XML."""

    url: str = "https://nationalbank.kz"
    title: str = "NBK"
    latest_only: bool = False

    def fetch(self, pairs: Sequence[Pair], day: date, client: Client) -> tuple[Quote, ...]:
        """Ask for the day's list."""
        if not any("KZT" in pair for pair in pairs):
            return ()
        data = client.get(f"{self.url}/rss/get_rates.cfm?fdate={day:%d.%m.%Y}")
        with documented(self.title):
            root = read_xml(data)
            answered = day_month_year(root.findtext("date", ""))
            printed = each_once(
                (
                    item.findtext("title", ""),
                    Printed(item.findtext("description", ""), item.findtext("quant", "")),
                )
                for item in root.iter("item")
            )
        return in_local(printed, "KZT", pairs, Sheet(self.title, answered))
