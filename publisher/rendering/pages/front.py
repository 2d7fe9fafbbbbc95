"""The front page: the newest issue in short, and those before it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import accumulate

from publisher.rendering.models import Edition, Site
from publisher.rendering.pages import structured_data
from publisher.rendering.pages.frame import Frame, Head, Pages
from publisher.rendering.pages.rates_view import rates_view
from publisher.rendering.pages.views import StoryView

RECENT_ISSUES = 10
TEASERS = 36_000
"""Bytes of stories in short: the page stays under 60 KB with all the rest."""


def pages(press: Frame, site: Site) -> Pages:
    """One page."""
    yield "index.html", partial(_front, press, site.editions[: RECENT_ISSUES + 1])


def _front(press: Frame, editions: Sequence[Edition]) -> str:
    publication = press.site.publication
    head = Head(
        path="",
        title=publication.title,
        description=publication.tagline,
        data=structured_data.website(press.links),
    )
    if not editions:
        return press.page("web/index.html", head, issue=None)
    newest, *earlier = editions
    return press.page(
        "web/index.html",
        head,
        issue=newest.issue,
        rates=rates_view(newest.rates, press.language),
        lead=press.views.lead(newest.issue, root="./"),
        stories=_fitting(press.views.stories(newest.issue)),
        earlier=[edition.issue for edition in earlier],
    )


def _fitting(stories: Sequence[StoryView]) -> list[StoryView]:
    """The first of the stories, as many as stay within the limit."""
    taken = accumulate(story.weight for story in stories)
    return [story for story, weight in zip(stories, taken, strict=True) if weight <= TEASERS]
