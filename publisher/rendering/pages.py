"""The plan of the pages: which there are, where they lie, and what each is made from.

Every page depends on as little as possible, so that tomorrow's issue changes few files: an article's
page knows its own issue; an issue's page its two neighbours; a year's archive its issues. Only the
front page, the archive's first page and the sections know the newest. Nothing is paginated from the
newest end, which would shift every page each day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any

from publisher.content.models import Article, Issue, Section
from publisher.rendering import structured_data
from publisher.rendering.feed_directory import directory
from publisher.rendering.frame import Frame, Head, frame
from publisher.rendering.images import image_files
from publisher.rendering.models import Edition, Site
from publisher.rendering.rates_view import rates_view
from publisher.rendering.views import StoryView

RECENT_ISSUES = 10
RECENT_STORIES = 40
FULL_TEXT = 36_000
"""Characters of stories that an issue's page carries in full; it stays under 60 KB with all the rest."""


def page_files(site: Site, standing: frozenset[str] = frozenset()) -> dict[str, bytes]:
    """Every file of the web site but feeds: `{path: bytes}`, the same for the same site.

    `standing` names files that are there already; pictures among them are not made again.
    """
    press = frame(site)
    files = dict(image_files(site.images, standing))
    files |= {press.style_path: press.style, press.icon_path: press.icon}
    for path, page in _all_pages(press):
        files[path] = page.encode()
    return {**_redirects(press, taken=files), **files}


def _all_pages(press: Frame) -> Iterator[tuple[str, str]]:
    yield _front(press)
    for newer, edition, older in _with_neighbours(press.site.editions):
        yield _issue(press, edition, newer, older)
        for article in edition.issue.articles:
            yield _article(press, edition.issue, article)
    for section in press.site.publication.sections:
        yield _section(press, section)
    yield from _archive(press)
    yield _feeds(press)
    yield _not_found(press)


def _with_neighbours(
    editions: tuple[Edition, ...],
) -> Iterator[tuple[Issue | None, Edition, Issue | None]]:
    """Pair every edition with the issue after it and the issue before it."""
    issues = [None, *(edition.issue for edition in editions), None]
    return ((issues[n], edition, issues[n + 2]) for n, edition in enumerate(editions))


def _front(press: Frame) -> tuple[str, str]:
    site = press.site
    head = Head(
        path="",
        title=site.publication.title,
        description=site.publication.tagline,
        data=structured_data.website(press.links),
    )
    if not site.editions:
        return press.page("web/index.html", head, issue=None)
    newest, *earlier = site.editions
    return press.page(
        "web/index.html",
        head,
        issue=newest.issue,
        rates=rates_view(newest.rates, site.language),
        lead=press.views.lead(newest.issue),
        stories=press.views.stories(newest.issue),
        earlier=[edition.issue for edition in earlier[:RECENT_ISSUES]],
    )


def _issue(press: Frame, edition: Edition, newer: Issue | None, older: Issue | None) -> tuple[str, str]:
    issue = edition.issue
    stories = press.views.issue_text(issue, limit=FULL_TEXT, root="../")
    head = Head(
        path=press.links.issue_path(issue),
        title=issue.title,
        description=issue.preheader or stories[0].summary,
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
        rates=rates_view(edition.rates, press.site.language),
        lead=press.views.lead(issue),
        stories=stories,
        newer=newer,
        older=older,
    )


def _article(press: Frame, issue: Issue, article: Article) -> tuple[str, str]:
    story = press.views.full_story(issue, article, heading=2, root="../../")
    stories = press.views.stories(issue)
    place = issue.articles.index(article)
    head = Head(
        path=story.path,
        title=article.title,
        description=story.summary,
        kind="article",
        data=_article_data(press, story),
        published=article.published,
        modified=article.modified,
        image=story.picture,
        language=article.language or "",
    )
    return press.page(
        "web/article.html",
        head,
        issue=issue,
        story=story,
        stories=stories,
        before=stories[place - 1] if place else None,
        after=stories[place + 1] if place + 1 < len(stories) else None,
    )


def _article_data(press: Frame, story: StoryView) -> dict[str, Any]:
    return structured_data.news_article(
        press.links,
        story.issue,
        story.article,
        description=story.summary,
        images=[press.links.url(story.picture.path)] if story.picture else [],
    )


def _section(press: Frame, section: Section) -> tuple[str, str]:
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
    return press.page(
        "web/section.html",
        head,
        section=section,
        stories=[press.views.story(issue, article) for issue, article in found[:RECENT_STORIES]],
        more=len(found) > RECENT_STORIES,
    )


def _archive(press: Frame) -> Iterator[tuple[str, str]]:
    language = press.site.language
    issues = [edition.issue for edition in press.site.editions]
    years = {year: list(its) for year, its in groupby(issues, lambda issue: issue.date.year)}
    title = language.text("Archive")
    yield press.page(
        "web/archive.html",
        Head(path="archive/", title=title, description=language.text("All issues, by year.")),
        years=years,
    )
    ordered = sorted(years)
    for year, its in years.items():
        months = [
            (month, list(those)) for month, those in groupby(its, lambda issue: issue.date.replace(day=1))
        ]
        yield press.page(
            "web/year.html",
            Head(
                path=press.links.year_path(year),
                title=f"{title}: {year}",
                description=language.text("All issues of {year}.", year=year),
            ),
            year=year,
            months=months,
            older=next((other for other in reversed(ordered) if other < year), None),
            newer=next((other for other in ordered if other > year), None),
        )


def _feeds(press: Frame) -> tuple[str, str]:
    language = press.site.language
    head = Head(
        path="feeds/",
        title=language.text("Feeds"),
        description=language.text("Read us in your own reader: RSS, Atom and JSON Feed."),
    )
    return press.page("web/feeds.html", head, listings=directory(press.site))


def _not_found(press: Frame) -> tuple[str, str]:
    """The one page that is shown at addresses of any depth: its links start at the site's root."""
    head = Head(
        path="404.html",
        title=press.site.language.text("Page not found"),
        description="",
        anywhere=True,
    )
    return press.page("web/404.html", head)


def _redirects(press: Frame, taken: Collection[str]) -> dict[str, bytes]:
    """A small page at every earlier address that nothing else stands at now."""
    moved = {
        _file_of(old): press.links.article_path(edition.issue, article)
        for edition in press.site.editions
        for article in edition.issue.articles
        for old in article.moved_from
    }
    return {
        path: press.redirect(path, target).encode()
        for path, target in sorted(moved.items())
        if path not in taken
    }


def _file_of(address: str) -> str:
    """`2024-05-02/dam/` and `2024-05-02/dam` -> `2024-05-02/dam/index.html`; `dam.html` is a file."""
    path = address.strip("/")
    return path if path.rpartition("/")[2].count(".") else f"{path}/index.html"
