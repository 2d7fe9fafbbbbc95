"""An issue's page: a day's stories in full, as far as they fit on one page."""

from __future__ import annotations

from functools import partial

from publisher.content.models import Issue
from publisher.rendering.models import Edition
from publisher.rendering.pages import structured_data
from publisher.rendering.pages.frame import Frame, Head, Pages, file_of
from publisher.rendering.pages.rates_view import rates_view

FULL_TEXT = 44_000
"""Bytes of stories in full: the page stays under 60 KB with all the rest."""


def pages(press: Frame) -> Pages:
    """One page for each issue, which knows the issue after it and the issue before it."""
    issues = [None, *(edition.issue for edition in press.site.editions), None]
    for n, edition in enumerate(press.site.editions):
        path = press.links.issue_path(edition.issue)
        yield file_of(path), partial(_issue, press, edition, newer=issues[n], older=issues[n + 2])


def _issue(press: Frame, edition: Edition, *, newer: Issue | None, older: Issue | None) -> str:
    issue = edition.issue
    stories = press.views.issue_text(issue, limit=FULL_TEXT, root="../")
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
    return press.page(
        "web/issue.html",
        head,
        issue=issue,
        rates=rates_view(edition.rates, press.language),
        lead=press.views.lead(issue),
        stories=stories,
        newer=newer,
        older=older,
    )
