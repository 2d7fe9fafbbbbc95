"""Frankfurter v2: the banks' own rates behind one address, any day, open source and keyless.

Its default answer blends providers and is no institution's official rate, so each currency's own
central bank is taken from the expanded answer; only where there is none, the blend, as a market
value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from publisher.rates.models import Kind, Quote
from publisher.rates.notation import plain
from publisher.rates.sources.protocol import Client, NotARateError, Pair
from publisher.rates.sources.reading import Printed, Sheet, documented, in_foreign, read_json

PROVIDERS: Mapping[str, str] = MappingProxyType(
    {"KGS": "nbkr", "KZT": "nbk", "TJS": "nbt", "UZS": "cbu", "EUR": "ecb"}
)
"""Whose word counts for a currency."""


@dataclass(frozen=True)
class Frankfurter:
    """The public instance, or your own."""

    url: str = "https://api.frankfurter.dev"
    title: str = "Frankfurter"
    latest_only: bool = False

    def fetch(self, pairs: Sequence[Pair], day: date, client: Client) -> tuple[Quote, ...]:
        """Ask once for each base among the pairs."""
        quotes: list[Quote] = []
        faults: list[tuple[Pair, str]] = []
        for base in sorted({pair.base for pair in pairs}):
            locals_ = sorted(pair.local for pair in pairs if pair.base == base)
            query = f"base={base}&quotes={','.join(locals_)}&date={day.isoformat()}&expand=providers"
            data = client.get(f"{self.url}/v2/rates?{query}")
            with documented(self.title):
                rows = [_Row.of(row) for row in read_json(data)]
            for row in rows:
                try:
                    quotes += in_foreign({row.quote: row.printed}, base, pairs, row.sheet(self.title))
                except NotARateError as error:
                    faults += error.faults
        if faults:
            raise NotARateError(self.title, faults, quotes)
        return tuple(quotes)


@dataclass(frozen=True)
class _Row:
    """One pair of the answer: the central bank's own figure, else the blend."""

    quote: str
    printed: Printed
    day: date
    provider: str = ""

    @classmethod
    def of(cls, row: Any) -> _Row:
        quote = row["quote"].upper()
        wanted = PROVIDERS.get(quote, "")
        own = [p for p in row.get("providers", ()) if p["key"].lower() == wanted and not p.get("excluded")]
        best = row | own[0] if own else row  # an older instance gives providers no day of their own
        provider = wanted.upper() if own else ""
        return cls(quote, Printed(plain(best["rate"])), date.fromisoformat(best["date"]), provider)

    def sheet(self, title: str) -> Sheet:
        if not self.provider:
            return Sheet(title, self.day, kind=Kind.MARKET)
        return Sheet(f"{self.provider} via {title}", self.day)
