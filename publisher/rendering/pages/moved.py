"""What stands at an address that once was a story's: a small page that leads to the new one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from publisher.content.models import Article, Issue
from publisher.rendering.models import Site
from publisher.rendering.pages.frame import Frame, Pages, file_of


def pages(press: Frame, site: Site) -> Pages:
    """A page at every earlier address, in their order."""
    stories = [(edition.issue, article) for edition in site.editions for article in edition.issue.articles]
    moves = {
        **{old: new for told in stories for old, new in _later_pages(press, site, *told)},
        **{_file_of(old): press.links.article_path(*told) for told in stories for old in told[1].moved_from},
    }
    for path, target in sorted(moves.items()):
        yield path, partial(Frame.redirect, press, path, target)


def _later_pages(press: Frame, site: Site, issue: Issue, article: Article) -> Iterator[tuple[str, str]]:
    """Those of a long story: each leads to the same page, those of a withdrawn one to its notice."""
    path = partial(press.links.article_path, issue, article)
    standing = site.leaves(issue, article)
    folders = [old.strip("/") for old in article.moved_from if _file_of(old).endswith("/index.html")]
    for number in range(2, site.length(issue, article) + 1):
        target = path(number if number in standing else 1)
        yield from ((file_of(f"{folder}/{number}/"), target) for folder in folders)
        if number not in standing:
            yield file_of(path(number)), target


def _file_of(address: str) -> str:
    """`2024-05-02/dam/` and `2024-05-02/dam` -> `2024-05-02/dam/index.html`; `dam.html` is a file."""
    path = address.strip("/")
    return path if "." in path.rpartition("/")[2] else file_of(f"{path}/")
