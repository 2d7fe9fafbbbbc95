"""National Bank of the Kyrgyz Republic: soms for foreign money, in windows-1251 with comma decimals.

`daily.xml` has USD, EUR, RUB, KZT and CNY, `weekly.xml` the rest; both know only the latest day.
Rates are fixed in the afternoon and take effect the next calendar day, so a file fetched on
Saturday is dated Sunday: its date is the day the values hold for.
"""

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
class Nbkr:
    """The bank's two XML files."""

    url: str = "https://www.nbkr.kg"
    title: str = "NBKR"
    latest_only: bool = True

    def fetch(self, pairs: Sequence[Pair], day: date, client: Client) -> tuple[Quote, ...]:  # noqa: ARG002  # it knows one day
        """Ask for the daily list, and for the weekly one if that leaves a pair open."""
        wanted = [pair for pair in pairs if "KGS" in pair]
        quotes: tuple[Quote, ...] = ()
        for file in ("daily", "weekly"):
            known = {quote.base for quote in quotes}
            still = [pair for pair in wanted if not known & set(pair)]
            if still:
                quotes += self._read(client.get(f"{self.url}/XML/{file}.xml"), still)
        return quotes

    def _read(self, data: bytes, pairs: Sequence[Pair]) -> tuple[Quote, ...]:
        with documented(self.title):
            root = read_xml(data)
            day = day_month_year(root.attrib["Date"])
            printed = each_once(
                (item.attrib["ISOCode"], Printed(item.findtext("Value", ""), item.findtext("Nominal", "")))
                for item in root.iter("Currency")
            )
        return in_local(printed, "KGS", pairs, Sheet(self.title, day, effective=day))
