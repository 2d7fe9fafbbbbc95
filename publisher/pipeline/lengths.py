"""How many pages each story takes, counted once while its issue stays the same."""

from __future__ import annotations

from functools import partial

from pydantic import TypeAdapter

from publisher.cache import Cache
from publisher.content.models import Issue
from publisher.pipeline.recipes import Recipes
from publisher.rendering.models import Site
from publisher.rendering.pages.frame import Frame
from publisher.rendering.pages.lengths import counted, issue_lengths

_LENGTHS = TypeAdapter(dict[str, int])


def with_lengths(site: Site, recipes: Recipes, cache: Cache) -> Site:
    """The site with its stories' lengths, as far as they are known from the cache."""
    return counted(site, partial(_lengths, recipes, cache))


def _lengths(recipes: Recipes, cache: Cache, press: Frame, issue: Issue) -> dict[str, int]:
    name = f"lengths/{issue.slug}"
    recipe = recipes.of(name, (issue,))
    if kept := cache.read(name, recipe):
        return _LENGTHS.validate_json(kept)
    found = issue_lengths(press, issue)
    cache.write(name, recipe, _LENGTHS.dump_json(found))
    return found
