"""What stands at an address that once was a story's: a small page that leads to the new one."""

from __future__ import annotations

from functools import partial

from publisher.rendering.models import Site
from publisher.rendering.pages.frame import Frame, Pages, file_of


def pages(press: Frame, site: Site) -> Pages:
    """A page at every earlier address, in their order."""
    for path, target in sorted(_moves(press, site).items()):
        yield path, partial(Frame.redirect, press, path, target)


def _moves(press: Frame, site: Site) -> dict[str, str]:
    return {
        _old_file(old): press.links.article_path(edition.issue, article)
        for edition in site.editions
        for article in edition.issue.articles
        for old in article.moved_from
    }


def _old_file(address: str) -> str:
    """`2024-05-02/dam/` and `2024-05-02/dam` -> `2024-05-02/dam/index.html`; `dam.html` is a file."""
    path = address.strip("/")
    return path if "." in path.rpartition("/")[2] else file_of(f"{path}/")
