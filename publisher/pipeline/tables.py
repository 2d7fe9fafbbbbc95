"""The rates tables of all issues, each laid out once."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from datetime import date

from publisher.cache import Cache
from publisher.content.models import Issue
from publisher.rates.history import History
from publisher.rates.models import RatesTable
from publisher.rates.settings import RatesSettings
from publisher.rates.table import build_table


class Tables:
    """Lays out tables, and remembers them while an issue's rates and all before them stay the same."""

    def __init__(self, settings: RatesSettings, history: History, cache: Cache) -> None:
        """Take a hash of all that was known on each day."""
        self._settings, self._history, self._cache = settings, history, cache
        state = hashlib.sha256()
        self._known: list[tuple[date, str]] = []
        for quote in history.quotes:
            state.update(quote.model_dump_json().encode())
            self._known.append((quote.as_of or date.min, state.hexdigest()))

    def of(self, issue: Issue) -> RatesTable | None:
        """The table of an issue, if it has rates."""
        if issue.rates is None or not issue.rates.quotes:
            return None
        name = f"tables/{issue.slug}"
        known = self._known_at(max([issue.date, *(q.as_of for q in issue.rates.quotes if q.as_of)]))
        key = f"{issue.date} {known} {issue.rates.model_dump_json()}"
        if kept := self._cache.read(name, key):
            return RatesTable.model_validate_json(kept)
        table = build_table(issue.rates, self._history, self._settings, issue.date)
        self._cache.write(name, key, table.model_dump_json().encode())
        return table

    def _known_at(self, day: date) -> str:
        place = bisect_right(self._known, day, key=lambda known: known[0])
        return self._known[place - 1][1] if place else ""
