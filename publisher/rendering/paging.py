"""How long lists are cut into pages that stay light, and stay: pure arithmetic on lists.

Pages are counted from the oldest story, a dozen each, so that tomorrow's issue fills the open page
and moves nothing from one full page to another. The open page, a section's front, holds one to two
dozen: it never looks empty. A year is one page until that would be heavy; then each month has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple, TypeVar

from publisher.content.models import Article, Issue, Section
from publisher.rendering.models import Site

BUDGET = 60_000
"""Bytes that a page may weigh, pictures aside: a second on a slow line."""

FULL = 12
"""Stories on a full page: twice as many, with titles of the greatest length, stay within the budget."""

HEAVY = 36_000
"""Bytes of a list of issues beyond which a year is told month by month."""

_LINE = 120  # bytes of tags and addresses around an issue's title

Item = TypeVar("Item")
Told = tuple[Issue, Article]


class StoryPage(NamedTuple):
    """One page of a section; `number` is counted from 1 for the oldest, 0 is the open page."""

    number: int
    stories: Sequence[Told]


def story_pages(site: Site, section: Section) -> list[StoryPage]:
    """Cut a section's stories into pages, the newest page first and each with its newest story first."""
    stories = [
        (edition.issue, article)
        for edition in site.editions
        for article in edition.issue.articles
        if article.section == section.id
    ]
    full = max(0, len(stories) // FULL - 1)
    start = len(stories) - full * FULL
    cuts = range(start, len(stories), FULL)
    closed = [StoryPage(full - n, stories[cut : cut + FULL]) for n, cut in enumerate(cuts)]
    return [StoryPage(0, stories[:start]), *closed]


def with_neighbours(items: Sequence[Item]) -> Iterator[tuple[Item | None, Item, Item | None]]:
    """Each of the items, newest first, between the one after it in time and the one before it."""
    for place, item in enumerate(items):
        yield items[place - 1] if place else None, item, items[place + 1] if place + 1 < len(items) else None


def by_year(issues: Sequence[Issue]) -> dict[int, list[Issue]]:
    """Group issues, newest first, by their year."""
    return {year: list(its) for year, its in groupby(issues, lambda issue: issue.date.year)}


def by_month(issues: Sequence[Issue]) -> dict[date, list[Issue]]:
    """Group issues, newest first, by the first day of their month."""
    return {month: list(its) for month, its in groupby(issues, lambda issue: issue.date.replace(day=1))}


def is_heavy(issues: Sequence[Issue]) -> bool:
    """Whether a list of these issues is too much for one page."""
    return sum(_LINE + len(issue.title.encode()) for issue in issues) > HEAVY
