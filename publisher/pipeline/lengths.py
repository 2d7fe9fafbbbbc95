"""How many pages each story takes, counted once while its issue stays the same."""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter

from publisher.cache import Cache
from publisher.content.models import Issue
from publisher.pipeline.recipes import Recipes
from publisher.rendering.models import Site
from publisher.rendering.pages.frame import Frame, frame
from publisher.rendering.pages.lengths import issue_lengths, may_be_long

_LENGTHS = TypeAdapter(dict[str, int])


def with_lengths(site: Site, recipes: Recipes, cache: Cache) -> Site:
    """The site with its stories' lengths; only issues with a story that may be long are looked at."""
    issues = [edition.issue for edition in site.editions if any(map(may_be_long, edition.issue.articles))]
    if not issues:
        return replace(site, lengths={})
    press = frame(site)
    counted = (_lengths(press, issue, recipes, cache) for issue in issues)
    return replace(site, lengths={path: length for lengths in counted for path, length in lengths.items()})


def _lengths(press: Frame, issue: Issue, recipes: Recipes, cache: Cache) -> dict[str, int]:
    name = f"lengths/{issue.slug}"
    recipe = recipes.of(name, (issue,))
    if kept := cache.read(name, recipe):
        return _LENGTHS.validate_json(kept)
    found = issue_lengths(press, issue)
    cache.write(name, recipe, _LENGTHS.dump_json(found))
    return found
