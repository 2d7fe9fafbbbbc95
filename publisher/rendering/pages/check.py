"""What can be seen to be wrong with an issue's finished pages before anybody else sees them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml.html import HtmlElement

from publisher.content import markup
from publisher.content.models import Article, Issue
from publisher.errors import Finding, Severity
from publisher.rendering.documents import Documents
from publisher.rendering.markup_check import (
    heading_faults,
    image_faults,
    language_faults,
    link_faults,
    table_faults,
    tree_of,
)
from publisher.rendering.models import Edition, Site
from publisher.rendering.pages.frame import file_of
from publisher.rendering.pages.lengths import counted
from publisher.rendering.pages.plan import page_files
from publisher.rendering.paging import BUDGET

HEAVY, FAULTY = "S101", "S201"

PART_IT = "make two of its longest paragraph or item: a page of a story can end only between them"
FEWER = "nothing need be done; with fewer or shorter titles it would open faster"

_PLACEHOLDER = re.compile(r"%%\w+%%|\{\{.*?\}\}|\{%.*?%\}")


def page_remarks(site: Site, edition: Edition, pages: Documents | None = None) -> Iterator[Finding]:
    """Look at the front page, the issue's page and those of its stories, as `pages` has them."""
    site, issue = counted(site), edition.issue
    files = pages or page_files(site)
    yield from _look("index.html", files["index.html"], issue)
    path = file_of(site.links.issue_path(issue))
    yield from _look(path, files[path], issue)
    for article in issue.articles:
        for number in site.leaves(issue, article):
            path = file_of(site.links.article_path(issue, article, number))
            yield from _look(path, files[path], issue, article)


def _look(path: str, data: bytes, issue: Issue, article: Article | None = None) -> Iterator[Finding]:
    if len(data) > BUDGET:
        file, line = (article.file, _longest_block(article)) if article else (issue.folder, 0)
        hint = PART_IT if article else FEWER
        fault = f"makes a page of {len(data):,} bytes; {BUDGET:,} open fast on a slow line"
        yield Finding(file, line, min(line, 1), "", fault, hint, HEAVY, Severity.NOTE)
    for fault in dict.fromkeys(faults(data.decode())):
        hint = "put templates/web/ right"
        yield Finding(path, 0, 0, "", fault, hint, FAULTY, Severity.WARNING)


def _longest_block(article: Article) -> int:
    """The line on which the longest paragraph, item or row begins."""
    blocks = [token for token in markup.parse(article.body) if token.map and not token.nesting]
    longest = max(blocks, key=lambda token: len(token.content), default=None)
    return article.line("body") + (longest.map[0] if longest and longest.map else 0)


def faults(page: str) -> Iterator[str]:
    """Everything that is wrong with one page, in words."""
    tree = tree_of(page)
    yield from language_faults(tree, "the page")
    yield from heading_faults(tree, "the page")
    yield from table_faults(tree)
    yield from image_faults(tree)
    yield from link_faults(tree)
    yield from _id_faults(tree)
    yield from _policy_faults(tree)
    yield from _merge_faults(tree)


def _id_faults(tree: HtmlElement) -> Iterator[str]:
    """An id stands once: links into the page and labels depend on it."""
    counts = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    yield from (f'the id "{name}" stands {times} times' for name, times in counts.items() if times > 1)


def _policy_faults(tree: HtmlElement) -> Iterator[str]:
    """A careful host refuses scripts and inline styles, so a page must not need them."""
    for script in tree.iter("script"):
        if script.get("type") != "application/ld+json":
            yield "a script stands in the page, which a careful host refuses to run"
    if any("style" in element.attrib for element in tree.iter()) or tree.find(".//style") is not None:
        yield "a style stands in the page itself, which a careful host ignores; move it into site.css"


def _merge_faults(tree: HtmlElement) -> Iterator[str]:
    """No address holds a placeholder that a template should have filled in."""
    for _, _, address, _ in tree.iterlinks():
        if left := _PLACEHOLDER.search(address):
            yield f"the placeholder {left.group()} was not filled in"
