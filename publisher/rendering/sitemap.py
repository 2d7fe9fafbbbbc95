"""Every page a search engine may show: sitemap.xml (sitemaps.org, protocol 0.9) and robots.txt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import NamedTuple

from lxml import etree

from publisher.rendering.feed_xml import add_text, rfc3339
from publisher.rendering.models import Edition, Site
from publisher.rendering.pages.lengths import counted
from publisher.rendering.paging import by_month, by_year, is_heavy, story_pages

LIMIT = 50_000
"""Addresses in one file, by the protocol; beyond it there is a file a year and a list of them."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Page(NamedTuple):
    """An address and when it last changed, where that is known."""

    path: str
    modified: datetime | None = None


def render_sitemaps(site: Site, limit: int = LIMIT) -> dict[str, Callable[[], bytes]]:
    """`sitemap.xml`, and a file a year once there are too many pages for one."""
    site = counted(site)
    everything = [*_fronts(site), *_pages(site.editions, site)]
    if len(everything) <= limit:
        return {"sitemap.xml": partial(_write, site, "urlset", "url", everything)}
    years = {
        f"sitemap-{year}.xml": _pages(tuple(editions), site)
        for year, editions in groupby(site.editions, key=lambda edition: edition.issue.date.year)
    }
    years["sitemap-fronts.xml"] = _fronts(site)
    files: dict[str, Callable[[], bytes]] = {
        path: partial(_write, site, "urlset", "url", pages) for path, pages in years.items()
    }
    files["sitemap.xml"] = partial(
        _write, site, "sitemapindex", "sitemap", [Page(path) for path in sorted(years)]
    )
    return files


def render_robots(site: Site) -> bytes:
    """Everything may be read; forms that change a subscription are nothing to list."""
    forms = ("subscribe", "confirm", "unsubscribe", "preferences")
    lines = [
        "User-agent: *",
        *(f"Disallow: {site.publication.base_path}/{form}" for form in forms),
        "",
        f"Sitemap: {site.links.url('sitemap.xml')}",
    ]
    return ("\n".join(lines) + "\n").encode()


def _fronts(site: Site) -> list[Page]:
    """The pages that list others: their changes are those of what they list."""
    return [
        Page(""),
        *_sections(site),
        Page("archive/"),
        *_archive(site),
        Page(site.links.feed_folder()),
    ]


def _sections(site: Site) -> Iterator[Page]:
    for section in site.publication.sections:
        for page in story_pages(site, section):
            yield Page(site.links.section_path(section.id, page.number))


def _archive(site: Site) -> Iterator[Page]:
    for year, issues in by_year([edition.issue for edition in site.editions]).items():
        yield Page(site.links.year_path(year))
        if is_heavy(issues):
            yield from (Page(site.links.month_path(month)) for month in by_month(issues))


def _pages(editions: tuple[Edition, ...], site: Site) -> list[Page]:
    pages = []
    for edition in editions:
        issue = edition.issue
        changes = [article.modified for article in issue.articles]
        pages.append(Page(site.links.issue_path(issue), max([issue.published, *changes])))
        pages += [
            Page(site.links.article_path(issue, article, number), article.modified)
            for article in issue.articles
            for number in site.leaves(issue, article)
        ]
    return pages


def _write(site: Site, root_name: str, name: str, pages: list[Page]) -> bytes:
    root = etree.Element(root_name, xmlns=_NAMESPACE)
    for page in pages:
        element = etree.SubElement(root, name)
        add_text(element, "loc", site.links.url(page.path))
        if page.modified:
            add_text(element, "lastmod", rfc3339(page.modified))
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
