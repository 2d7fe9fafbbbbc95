"""An issue's page: a day's stories in full, as far as they fit on one page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from publisher.rendering.models import Edition, Site
from publisher.rendering.pages import structured_data
from publisher.rendering.pages.frame import Frame, Head, Pages, Turn, file_of
from publisher.rendering.pages.rates_view import rates_view
from publisher.rendering.pages.views import StoryView
from publisher.rendering.paging import BUDGET, with_neighbours


def pages(press: Frame, site: Site) -> Pages:
    """One page for each issue, which knows the issue after it and the issue before it."""
    for newer, edition, older in with_neighbours(site.editions):
        path = press.links.issue_path(edition.issue)
        yield file_of(path), partial(_issue, press, edition, newer=newer, older=older)


def _issue(press: Frame, edition: Edition, *, newer: Edition | None, older: Edition | None) -> str:
    issue = edition.issue
    stories = [press.views.full_story(issue, article, heading=3, root="../") for article in issue.articles]
    head = Head(
        path=press.links.issue_path(issue),
        title=issue.title,
        description=issue.preheader or next((story.summary for story in stories), issue.title),
        kind="article",
        data=structured_data.publication_issue(press.links, issue),
        published=issue.published,
        modified=max([issue.published, *(article.modified for article in issue.articles)]),
        image=next((story.picture for story in stories if story.picture), None),
    )
    setting = partial(
        press.page,
        "web/issue.html",
        head,
        issue=issue,
        rates=rates_view(edition.rates, press.language),
        lead=press.views.lead(issue, root="../"),
        newer=_turn(press, newer),
        older=_turn(press, older),
    )
    page = setting(stories=stories)
    while (excess := len(page.encode()) - BUDGET) > 0 and any(story.gain > 0 for story in stories):
        stories = _shorten(stories, excess)
        page = setting(stories=stories)
    return page


def _shorten(stories: Sequence[StoryView], excess: int) -> list[StoryView]:
    """Tell the longest stories in short, until at least `excess` bytes are saved or all are short."""
    short = []
    for story in sorted(stories, key=lambda story: -story.gain):
        if excess <= 0 or story.gain <= 0:
            break
        short.append(story.path)
        excess -= story.gain
    return [story.in_short() if story.path in short else story for story in stories]


def _turn(press: Frame, edition: Edition | None) -> Turn | None:
    return Turn(press.links.issue_path(edition.issue), edition.issue.title) if edition else None
