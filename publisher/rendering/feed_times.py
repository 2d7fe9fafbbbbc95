"""The times of entries: order that survives readers who sort by date.

Readers such as NetNewsWire keep entries in a set and sort them by date, and a validator frowns at
two equal `updated`. So no two times are the same, and the lead story is the newest of its issue.
Times are settled oldest entry first: publishing one more issue moves none that was published.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from publisher.content.models import Article, Issue

_STEP = timedelta(seconds=1)


class Times(NamedTuple):
    """When an entry was first seen, and when it last changed so that readers should notice."""

    published: datetime
    updated: datetime


def article_times(issues: Sequence[Issue]) -> dict[str, Times]:
    """Map every article's id to its times; issues are given newest first."""
    taken: set[datetime] = set()
    times: dict[str, Times] = {}
    for issue in reversed(issues):
        for article, at in zip(reversed(issue.articles), reversed(spaced(issue.articles)), strict=True):
            times[article.id] = _settle(at, article.published, article.modified, taken)
    return times


def issue_times(issues: Sequence[Issue]) -> dict[str, Times]:
    """Map every issue's slug to its times: an issue changes when one of its articles does."""
    taken: set[datetime] = set()
    times: dict[str, Times] = {}
    for issue in reversed(issues):
        changes = [article.modified for article in issue.articles if article.modified > article.published]
        at = _whole_second(issue.published)
        times[issue.slug] = _settle(at, issue.published, max([issue.published, *changes]), taken)
    return times


def spaced(articles: Sequence[Article]) -> list[datetime]:
    """Space the articles of one issue, given in editorial order, by at least a second.

    A time moves only if it must: none is later than the latest that the editor wrote, and a story
    older than those after it is lifted to just before them.
    """
    lifted: list[datetime] = []  # the last story first
    for article in reversed(articles):
        own = _whole_second(article.published)
        lifted.append(max(own, lifted[-1] + _STEP) if lifted else own)
    latest = max((_whole_second(article.published) for article in articles), default=None)
    return [min(at, latest - place * _STEP) for place, at in enumerate(reversed(lifted)) if latest]


def _settle(at: datetime, published: datetime, modified: datetime, taken: set[datetime]) -> Times:
    first = _free(at, taken)
    if modified <= published:
        return Times(first, first)
    return Times(first, _free(max(_whole_second(modified), first + _STEP), taken))


def _free(at: datetime, taken: set[datetime]) -> datetime:
    """The time itself, or the first second after it that no other entry has."""
    while at in taken:
        at += _STEP
    taken.add(at)
    return at


def _whole_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
