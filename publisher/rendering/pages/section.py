"""A section's stories, the newest first."""

from __future__ import annotations

from functools import partial

from publisher.content.models import Section
from publisher.rendering.pages.frame import Frame, Head, Pages, file_of
from publisher.rendering.pages.views import fitting

RECENT_STORIES = 40
TEASERS = 36_000


def pages(press: Frame) -> Pages:
    """One page for each section."""
    for section in press.site.publication.sections:
        yield file_of(press.links.section_path(section.id)), partial(_section, press, section)


def _section(press: Frame, section: Section) -> str:
    site = press.site
    found = [
        (edition.issue, article)
        for edition in site.editions
        for article in edition.issue.articles
        if article.section == section.id
    ]
    head = Head(
        path=press.links.section_path(section.id),
        title=section.title,
        description=section.description or f"{site.publication.title}: {section.title}",
        section=section.id,
    )
    recent = [press.views.story(issue, article) for issue, article in found[:RECENT_STORIES]]
    stories = fitting(recent, limit=TEASERS)
    return press.page(
        "web/section.html",
        head,
        section=section,
        stories=stories,
        more=len(found) > len(stories),
    )
