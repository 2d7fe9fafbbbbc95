"""What the feeds show of the newest editions, kept from one publish to the next.

A story stands in its feed for weeks, and every issue writes that feed anew: of 336 stories that are set for
one issue more, 328 are what they were. It was a fifth of the CPU.
"""

from __future__ import annotations

from collections.abc import Callable

from pydantic import TypeAdapter

from publisher.cache import Cache
from publisher.pipeline.recipes import Recipes
from publisher.rendering.models import Edition, Site

NEWEST = 100
"""Editions whose entries are kept: what feeds usually reach back to. Older ones stand in archives, which stay."""

_ENTRIES = TypeAdapter(dict[str, str])


class RememberedEntries:
    """The HTML of entries by id, made at most once while their edition stays the same."""

    def __init__(self, site: Site, recipes: Recipes, cache: Cache) -> None:
        """Nothing is read before it is asked for."""
        self._recipes, self._cache = recipes, cache
        self._newest = {edition.issue.slug for edition in site.editions[:NEWEST]}
        self._known: dict[str, dict[str, str]] = {}
        self._learnt: dict[str, Edition] = {}

    def __call__(self, edition: Edition, identity: str, make: Callable[[], str]) -> str:
        """What was made of an edition under this id before; else make it."""
        slug = edition.issue.slug
        if slug not in self._newest:
            return make()
        if slug not in self._known:
            self._known[slug] = self._read(edition)
        if identity not in self._known[slug]:
            self._known[slug][identity] = make()
            self._learnt[slug] = edition
        return self._known[slug][identity]

    def note(self) -> None:
        """Have what is new ready to be kept."""
        for slug, edition in self._learnt.items():
            self._cache.write(_name(slug), self._key(edition), _ENTRIES.dump_json(self._known[slug]))

    def _read(self, edition: Edition) -> dict[str, str]:
        kept = self._cache.read(_name(edition.issue.slug), self._key(edition))
        return _ENTRIES.validate_json(kept) if kept else {}

    def _key(self, edition: Edition) -> str:
        return self._recipes.of("entries", (edition,))


def _name(slug: str) -> str:
    return f"entries/{slug}"
