"""The plan of the pages: which there are, where they lie, and what each is made from.

Every page depends on as little as possible, so that tomorrow's issue changes few files: an article's
page knows its own issue; an issue's page its two neighbours; a year's archive its issues. Only the
front page, the archive's first page and the sections know the newest. Nothing is paginated from the
newest end, which would shift every page each day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import Any

from publisher.content.models import Article, Issue, Section
from publisher.rendering import structured_data
from publisher.rendering.feed_directory import directory
from publisher.rendering.frame import Frame, Head, frame
from publisher.rendering.images import image_files
from publisher.rendering.models import Edition, Site
from publisher.rendering.rates_view import rates_view
from publisher.rendering.views import StoryView, fitting

RECENT_ISSUES = 10
RECENT_STORIES = 40
TEASERS = 36_000
FULL_TEXT = 44_000
"""Bytes of stories, in short and in full, that a page carries: it stays under 60 KB with all the rest."""


class PageFiles(Mapping[str, bytes]):
    """Path -> bytes, made when asked for and not kept: memory stays flat in the archive's size."""

    def __init__(self, makers: Mapping[str, Callable[[], str | bytes]]) -> None:
        """Keep what makes each file."""
        self._makers = makers

    def __getitem__(self, path: str) -> bytes:
        """Make one file."""
        made = self._makers[path]()
        return made.encode() if isinstance(made, str) else made

    def __iter__(self) -> Iterator[str]:
        """All paths: pictures and style first, then what shows them."""
        return iter(self._makers)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._makers)


def page_files(site: Site) -> PageFiles:
    """Every file of the web site but feeds: path -> bytes, the same for the same site."""
    press = frame(site)
    assets = {press.style_path: lambda: press.style, press.icon_path: lambda: press.icon}
    return PageFiles(
        {
            **_redirects(press),
            **image_files(site.images, press.views.pictures),
            **assets,
            **dict(_pages(press)),
        }
    )


def _pages(press: Frame) -> Iterator[tuple[str, Callable[[], str]]]:
    links, publication = press.links, press.site.publication
    for newer, edition, older in _with_neighbours(press.site.editions):
        issue = edition.issue
        for article in issue.articles:
            yield f"{links.article_path(issue, article)}index.html", partial(_article, press, issue, article)
        yield f"{links.issue_path(issue)}index.html", partial(_issue, press, edition, newer, older)
    years = _years(press)
    for year, issues in years.items():
        yield f"{links.year_path(year)}index.html", partial(_year, press, year, issues, sorted(years))
    for section in publication.sections:
        yield f"{links.section_path(section.id)}index.html", partial(_section, press, section)
    yield "archive/index.html", partial(_archive, press, years)
    yield "feeds/index.html", partial(_feeds, press)
    yield "404.html", partial(_not_found, press)
    yield "index.html", partial(_front, press)


def _with_neighbours(
    editions: tuple[Edition, ...],
) -> Iterator[tuple[Issue | None, Edition, Issue | None]]:
    """Pair every edition with the issue after it and the issue before it."""
    issues = [None, *(edition.issue for edition in editions), None]
    return ((issues[n], edition, issues[n + 2]) for n, edition in enumerate(editions))


def _front(press: Frame) -> str:
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
    stories = press.views.stories(newest.issue)
    return press.page(
        "web/index.html",
        head,
        issue=newest.issue,
        rates=rates_view(newest.rates, press.language),
        lead=press.views.lead(newest.issue),
        stories=fitting(stories, limit=TEASERS),
        earlier=[edition.issue for edition in earlier[:RECENT_ISSUES]],
    )


def _issue(press: Frame, edition: Edition, newer: Issue | None, older: Issue | None) -> str:
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


def _article(press: Frame, issue: Issue, article: Article) -> str:
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


def _years(press: Frame) -> dict[int, list[Issue]]:
    issues = [edition.issue for edition in press.site.editions]
    return {year: list(its) for year, its in groupby(issues, lambda issue: issue.date.year)}


def _archive(press: Frame, years: dict[int, list[Issue]]) -> str:
    language = press.language
    head = Head("archive/", language.text("Archive"), language.text("All issues, by year."))
    return press.page("web/archive.html", head, years=years)


def _year(press: Frame, year: int, issues: list[Issue], years: list[int]) -> str:
    language = press.language
    head = Head(
        path=press.links.year_path(year),
        title=f"{language.text('Archive')}: {year}",
        description=language.text("All issues of {year}.", year=year),
    )
    months = groupby(issues, lambda issue: issue.date.replace(day=1))
    place = years.index(year)
    return press.page(
        "web/year.html",
        head,
        year=year,
        months=[(month, list(its)) for month, its in months],
        older=years[place - 1] if place else None,
        newer=years[place + 1] if place + 1 < len(years) else None,
    )


def _feeds(press: Frame) -> str:
    language = press.language
    head = Head(
        path="feeds/",
        title=language.text("Feeds"),
        description=language.text("Read us in your own reader: RSS, Atom and JSON Feed."),
    )
    return press.page("web/feeds.html", head, listings=directory(press.site))


def _not_found(press: Frame) -> str:
    """The one page that is shown at addresses of any depth: its links start at the site's root."""
    head = Head(
        path="404.html",
        title=press.language.text("Page not found"),
        description="",
        anywhere=True,
    )
    return press.page("web/404.html", head)


def _redirects(press: Frame) -> dict[str, Callable[[], str]]:
    """A small page at every earlier address; where another page stands now, that one is written."""
    moved = {
        _file_of(old): press.links.article_path(edition.issue, article)
        for edition in press.site.editions
        for article in edition.issue.articles
        for old in article.moved_from
    }
    return {path: partial(press.redirect, path, target) for path, target in sorted(moved.items())}


def _file_of(address: str) -> str:
    """`2024-05-02/dam/` and `2024-05-02/dam` -> `2024-05-02/dam/index.html`; `dam.html` is a file."""
    path = address.strip("/")
    return path if "." in path.rpartition("/")[2] else f"{path}/index.html"
