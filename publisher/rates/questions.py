"""Questions that an import left in rates.yml: an update answers those about values that it replaces, no others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from publisher.rates.models import Quote

Questions = Mapping[str, Sequence[str]]
"""`# CHECK: …` lines by the pair that they are about; those about no pair stand under nothing."""

_MARK = re.compile(r"\s*# CHECK:")


def still_open(text: str, before: Iterable[Quote], after: Sequence[Quote]) -> Questions:
    """What the file's text asks about the values that stay as they were, and about its other fields."""
    asked = _asked(text, before := tuple(before))
    kept = [quote.pair for quote in before if quote in after]
    return {pair: asked[pair] for pair in ("", *kept) if pair in asked}


def _asked(text: str, quotes: Iterable[Quote]) -> dict[str, list[str]]:
    """Every question, by what it stands above."""
    pairs = {quote.place.line: quote.pair for quote in quotes}
    asked: dict[str, list[str]] = defaultdict(list)
    waiting: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if _MARK.match(line):
            waiting.append(line.strip())
        elif number in pairs or line[:1].isalpha():
            asked[pairs.get(number, "")] += waiting
            waiting = []
    asked[""] += waiting
    return asked
