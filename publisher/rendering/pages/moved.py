"""What stands at an address that once was a story's: a small page that leads to the new one."""

from __future__ import annotations

from functools import partial

from publisher.rendering.pages.frame import Frame, Pages, file_of


def pages(press: Frame) -> Pages:
    """A page at every earlier address, in their order."""
    for path, target in sorted(_moves(press).items()):
        yield path, partial(press.redirect, path, target)


def _moves(press: Frame) -> dict[str, str]:
    return {
        _old_file(old): press.links.article_path(edition.issue, article)
        for edition in press.site.editions
        for article in edition.issue.articles
        for old in article.moved_from
    }


def _old_file(address: str) -> str:
    """`2024-05-02/dam/` and `2024-05-02/dam` -> `2024-05-02/dam/index.html`; `dam.html` is a file."""
    path = address.strip("/")
    return path if "." in path.rpartition("/")[2] else file_of(f"{path}/")
