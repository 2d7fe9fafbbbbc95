"""How many pages each story takes: known before any is set, for the plan and the site map name them all.

Nearly all stories take one, and that is seen without setting them: `may_be_long` reckons with what
markup can become at its worst.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from string import punctuation

from publisher.content.models import Article, Issue
from publisher.rendering.models import Site
from publisher.rendering.pages.frame import Frame, frame
from publisher.rendering.pages.leaves import leaves
from publisher.rendering.paging import BUDGET

Count = Callable[[Frame, Issue], dict[str, int]]
"""How the lengths of an issue's stories are found."""

_GROWING = ("|", "]:")
"""Tables and links by name: a few letters of them may become any number of bytes."""

_SIGNS = punctuation.encode() + b"\n"

_LETTER_BYTES = 3  # a letter in an address becomes %D0%B1
_SIGN_BYTES = 50  # one sign may open a quotation or be a quarter of a link, a line's end may end a list
_PICTURE_BYTES = 1_000  # a picture in all its sizes


def may_be_long(article: Article) -> bool:
    """Whether a story's text could weigh half of what a page may; the other half is around it."""
    if any(sign in article.body for sign in _GROWING):
        return True
    body = article.body.encode()
    letters, signs = len(body), len(body) - len(body.translate(None, _SIGNS))
    most = _LETTER_BYTES * letters + _SIGN_BYTES * signs + _PICTURE_BYTES * body.count(b"![")
    return most > BUDGET // 2


def issue_lengths(press: Frame, issue: Issue) -> dict[str, int]:
    """The stories of an issue that take more than one page, by their addresses, and how many.

    A withdrawn story counts as it was: its later pages lead to the first, which says so.
    """
    stories = map(_as_it_stood, filter(may_be_long, issue.articles))
    found = {press.links.article_path(issue, story): len(leaves(press, issue, story)) for story in stories}
    return {path: length for path, length in found.items() if length > 1}


def _as_it_stood(article: Article) -> Article:
    return article.model_copy(update={"corrections": ()}) if article.retracted else article


def counted(site: Site, count: Count = issue_lengths) -> Site:
    """The site with its stories' lengths, unless somebody has counted already; `count` may remember an issue's."""
    if site.lengths is not None:
        return site
    issues = [edition.issue for edition in site.editions if any(map(may_be_long, edition.issue.articles))]
    press = frame(site) if issues else None
    found = (count(press, issue) for issue in issues if press)
    return replace(site, lengths={path: length for lengths in found for path, length in lengths.items()})
