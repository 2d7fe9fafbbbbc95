"""The rates tables of all issues, each laid out once, and read only where it is shown."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from datetime import date
from functools import cached_property

from publisher.cache import Cache
from publisher.content.models import Issue
from publisher.rates.history import History
from publisher.rates.models import RatesTable
from publisher.rates.settings import RatesSettings
from publisher.rates.table import build_table
from publisher.rendering.models import Edition


class KeptEdition(Edition):
    """An edition whose table was kept: only those that are shown anew are read, a few of a thousand."""

    def __init__(self, issue: Issue, kept: bytes) -> None:
        """Take the table as it came from the cache."""
        vars(self).update(issue=issue, kept=kept)

    @cached_property
    def rates(self) -> RatesTable:
        """The table, from the first look on."""
        return RatesTable.model_validate_json(vars(self)["kept"])


def said(table: RatesTable | None) -> bytes:
    """A table as it is kept."""
    return table.model_dump_json().encode() if table else b""


def table_of(edition: Edition) -> bytes:
    """The table of an edition as it is kept, without reading it."""
    return vars(edition).get("kept") or said(edition.rates)


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

    def edition(self, issue: Issue) -> Edition:
        """An issue with its table, if it has rates."""
        if issue.rates is None or not issue.rates.quotes:
            return Edition(issue)
        name = f"tables/{issue.slug}"
        known = self._known_at(max([issue.date, *(q.as_of for q in issue.rates.quotes if q.as_of)]))
        key = f"{issue.date} {known} {issue.rates.model_dump_json()}"
        if kept := self._cache.read(name, key):
            return KeptEdition(issue, kept)
        table = build_table(issue.rates, self._history, self._settings, issue.date)
        self._cache.write(name, key, said(table))
        return Edition(issue, table)

    def _known_at(self, day: date) -> str:
        place = bisect_right(self._known, day, key=lambda known: known[0])
        return self._known[place - 1][1] if place else ""
