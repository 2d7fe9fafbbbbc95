"""A story's own page, or its pages where it is too long for one.

How much a page holds is read off the page itself: it is set with a story of one letter, and what it
weighs then is what stands around the story.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count

from markupsafe import Markup

from publisher.content.models import Article, Issue
from publisher.rendering.pages import structured_data
from publisher.rendering.pages.cutting import Flow, Room, cut
from publisher.rendering.pages.frame import Frame, Head, Turn
from publisher.rendering.pages.views import StoryView
from publisher.rendering.paging import BUDGET

LEAST = 10_000
"""Bytes of a story that a page holds in any case, however much stands around it."""

_LETTER = Markup("x")


@dataclass(frozen=True)
class Leaf:
    """One page of a story: its number of how many, and the ones beside it."""

    number: int
    count: int
    said: str  # 'Page 2 of 3'
    before: str  # paths; empty at the ends
    after: str

    @property
    def opens(self) -> bool:
        """Whether the story begins here."""
        return self.number == 1

    @property
    def ends(self) -> bool:
        """Whether the story ends here."""
        return self.number == self.count


def leaves(press: Frame, issue: Issue, article: Article) -> list[Markup]:
    """The story's text, page by page: as few as keep each within the budget, if its blocks allow.

    A template of one's own that does not lead on to the next page keeps the story whole.
    """
    whole = _text(press, issue, article, "../../")
    if _weight(press, issue, article, whole, 1, 1) <= BUDGET or not _leads_on(press, issue, article):
        return [whole]
    first = Flow(whole)
    later = Flow(_text(press, issue, article, "../../../")) if "<img" in whole else first
    for digits in count(1):
        most = 10**digits - 1
        cuts = cut(first, later, _room(press, issue, article, most))
        if len(cuts) <= most:
            break
    pieces = ((later if start else first).piece(start, end) for start, end in cuts)
    return [Markup(piece) for piece in pieces]  # noqa: S704  # whole elements of safe HTML


def set_leaf(
    press: Frame, issue: Issue, article: Article, html: Markup, number: int = 1, count: int = 1
) -> str:
    """Set one page of a story, with the part of its text that stands there."""
    story = replace(press.views.story(issue, article), html=html)
    stories = press.views.stories(issue)
    place = [other.path for other in stories].index(story.path)
    leaf = _leaf(press, issue, article, number, count)
    path = press.links.article_path(issue, article, number)
    head = Head(
        path=path,
        title=article.title if leaf.opens else f"{article.title} · {leaf.said}",
        description=story.summary,
        kind="article",
        data=structured_data.news_article(press.links, story, path),
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
        leaf=leaf,
        before=_turn(stories[place - 1]) if place else None,
        after=_turn(stories[place + 1]) if place + 1 < len(stories) else None,
    )


def _leaf(press: Frame, issue: Issue, article: Article, number: int, count: int) -> Leaf:
    said = press.language.text("Page {number} of {count}", number=number, count=count)
    before, after = (press.links.article_path(issue, article, n) for n in (number - 1, number + 1))
    return Leaf(number, count, said, before if number > 1 else "", after if number < count else "")


def _room(press: Frame, issue: Issue, article: Article, most: int) -> Room:
    """What pages of a story hold of it, if there are `most` of them: numbers have so many digits."""
    around = [_weight(press, issue, article, _LETTER, number, most) - 1 for number in (1, most - 1, most)]
    return Room(*(max(LEAST, BUDGET - weight) for weight in around))


def _leads_on(press: Frame, issue: Issue, article: Article) -> bool:
    """Whether a reader of the first page finds the second: else the rest of the words would be lost."""
    page = set_leaf(press, issue, article, _LETTER, 1, 2)
    return f'href="../../{press.links.article_path(issue, article, 2)}"' in page


def _weight(press: Frame, issue: Issue, article: Article, html: Markup, number: int, count: int) -> int:
    return len(set_leaf(press, issue, article, html, number, count).encode())


def _text(press: Frame, issue: Issue, article: Article, root: str) -> Markup:
    """Headings begin at the second level, below the title."""
    return press.views.full_story(issue, article, heading=2, root=root).html


def _turn(story: StoryView) -> Turn:
    return Turn(story.path, story.article.title)
