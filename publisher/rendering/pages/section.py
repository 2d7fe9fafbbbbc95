"""A section's stories, the newest first, on as many pages as they need."""

from __future__ import annotations

from functools import partial

from publisher.content.models import Section
from publisher.rendering.models import Site
from publisher.rendering.pages.frame import Frame, Head, Pages, Turn, file_of
from publisher.rendering.paging import StoryPage, story_pages, with_neighbours


def pages(press: Frame, site: Site) -> Pages:
    """The open page of each section, and its full ones, each of which knows its two neighbours."""
    for section in site.publication.sections:
        for newer, page, older in with_neighbours(story_pages(site, section)):
            path = press.links.section_path(section.id, page.number)
            yield file_of(path), partial(_section, press, section, page, newer=newer, older=older)


def _section(
    press: Frame, section: Section, page: StoryPage, *, newer: StoryPage | None, older: StoryPage | None
) -> str:
    title = press.site.publication.title
    span = _span(press, page)
    head = Head(
        path=press.links.section_path(section.id, page.number),
        title=f"{section.title}, {span}" if span else section.title,
        description=section.description or f"{title}: {section.title}",
        section=section,
    )
    return press.page(
        "web/section.html",
        head,
        section=section,
        span=span,
        stories=[press.views.story(issue, article) for issue, article in page.stories],
        newer=_turn(press, section, newer),
        older=_turn(press, section, older),
    )


def _turn(press: Frame, section: Section, page: StoryPage | None) -> Turn | None:
    if page is None:
        return None
    return Turn(press.links.section_path(section.id, page.number), _span(press, page) or section.title)


def _span(press: Frame, page: StoryPage) -> str:
    """The days that a full page tells of; those of the open page change every day and are not named."""
    if not page.number:
        return ""
    (newest, _), (oldest, _) = page.stories[0], page.stories[-1]
    return press.language.span(oldest.date, newest.date)
