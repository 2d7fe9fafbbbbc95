"""fawazahmed0's currency-api: market values of every currency, one JSON file a day on a CDN.

Weekends carry noise, and it has stalled for weeks: the gate on staleness is what makes it usable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from publisher.rates.models import Kind, Quote
from publisher.rates.notation import plain
from publisher.rates.sources.protocol import Client, Pair
from publisher.rates.sources.reading import Printed, Sheet, documented, in_foreign, read_json


@dataclass(frozen=True)
class CurrencyApi:
    """The package's files of one day."""

    url: str = "https://cdn.jsdelivr.net/npm/@fawazahmed0/currency-api"
    title: str = "currency-api"
    latest_only: bool = False

    def fetch(self, pairs: Sequence[Pair], day: date, client: Client) -> tuple[Quote, ...]:
        """Ask once for each base among the pairs."""
        quotes: tuple[Quote, ...] = ()
        for base in sorted({pair.base for pair in pairs}):
            of_base = [pair for pair in pairs if pair.base == base]
            data = client.get(f"{self.url}@{day.isoformat()}/v1/currencies/{base.lower()}.json")
            with documented(self.title):
                answer = read_json(data)
                answered = date.fromisoformat(answer["date"])
                values = answer[base.lower()]
                printed = {
                    pair.local: Printed(plain(values[pair.local.lower()]))
                    for pair in of_base
                    if pair.local.lower() in values
                }
            quotes += in_foreign(printed, base, of_base, Sheet(self.title, answered, kind=Kind.MARKET))
        return quotes
