"""What the templates of the pages are given: words, addresses and pictures, ready to be set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from markupsafe import Markup

from publisher.content.markup import parse, shortened, to_html
from publisher.content.models import Article, Image, Issue, Section
from publisher.rendering.images import Measured
from publisher.rendering.language import Language
from publisher.rendering.models import Site
from publisher.rendering.pages.pictures import PictureView, with_pictures
from publisher.rendering.summaries import summary_of

MARKUP = 600
"""Bytes of tags and addresses around a story in short, its picture included."""

_LINK = 250
"""Bytes of the line that leads from a story in short to the whole."""

_NOTHING = Markup()


@dataclass(frozen=True)
class StoryView:
    """An article as a page shows it.

    `day` is when it was published, in the publication's zone: times inside an issue only keep the
    order. `html` is empty where the page only points to the story.
    """

    article: Article
    issue: Issue
    path: str
    day: date
    section: Section
    picture: PictureView | None
    language: Language
    html: Markup = _NOTHING

    @property
    def weight(self) -> int:
        """About how many bytes it takes in short."""
        return MARKUP + len(f"{self.article.title}{self.teaser}".encode())

    @property
    def gain(self) -> int:
        """About how many bytes are saved by telling it in short and leading on."""
        return len(self.html.encode()) - len(f"{self.article.title}{self.teaser}".encode()) - _LINK

    def in_short(self) -> StoryView:
        """The same without its text."""
        return replace(self, html=_NOTHING)

    @cached_property
    def summary(self) -> str:
        """What the editor wrote in short, else the beginning."""
        return summary_of(self.article)

    @property
    def teaser(self) -> str:
        """The same as lists show it: never longer than a few lines, however much the editor wrote."""
        return shortened(self.summary)


@dataclass(frozen=True)
class Views:
    """Makes views of one site."""

    site: Site
    pictures: Mapping[str, Measured]

    def story(self, issue: Issue, article: Article) -> StoryView:
        """An article in short: title, section, summary, picture."""
        return StoryView(
            article=article,
            issue=issue,
            path=self.site.links.article_path(issue, article),
            day=article.published.astimezone(ZoneInfo(self.site.publication.timezone)).date(),
            section=self._section(article.section),
            picture=None if article.retracted else self._picture(issue, article.image),
            language=Language(article.language or self.site.publication.language),
        )

    def full_story(self, issue: Issue, article: Article, *, heading: int, root: str) -> StoryView:
        """An article with its text, of which a withdrawn one has none; its headings begin at the given level.

        `root` leads from the page to the site's root, as in `../../`.
        """
        body = "" if article.retracted else article.body
        html = self._text(body, issue, heading=heading, root=root)
        return replace(self.story(issue, article), html=html)

    def stories(self, issue: Issue) -> tuple[StoryView, ...]:
        """All articles of an issue in short."""
        return tuple(self.story(issue, article) for article in issue.articles)

    def lead(self, issue: Issue, *, root: str) -> Markup:
        """The opening paragraph."""
        return self._text(issue.lead, issue, heading=2, root=root)

    def _section(self, name: str) -> Section:
        return next((s for s in self.site.publication.sections if s.id == name), Section(id=name, title=name))

    def _picture(self, issue: Issue, image: Image | None) -> PictureView | None:
        measured = self.pictures.get(f"{issue.slug}/{image.path}") if image else None
        return PictureView(image, measured) if image and measured else None

    def _text(self, markdown: str, issue: Issue, *, heading: int, root: str) -> Markup:
        html = html_of(markdown, base_url=self.site.links.issue_url(issue), heading=heading)
        return with_pictures(html, self._known, root)

    def _known(self, address: str) -> Measured | None:
        return self.pictures.get(address.removeprefix(self.site.links.url("")))


def html_of(markdown: str, *, base_url: str, heading: int) -> Markup:
    """Markdown as safe HTML whose highest heading has the given level.

    What is wider than the column scrolls by itself, by the keyboard too (WCAG 2.2, 2.1.1).
    """
    html = to_html(parse(markdown), base_url=base_url, top_heading=heading, with_classes=True)
    html = html.replace("<pre>", '<pre tabindex="0">')
    return Markup(_TABLE.sub(_readable, html))  # noqa: S704  # the last step of to_html is an allow-list


_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_EMPTY_HEAD = re.compile(r"<th[^>]*>\s*</th>")
_HEAD = re.compile(r"<th(?=[ >])")


def _readable(table: re.Match[str]) -> str:
    """A table that scrolls, and whose heads say that they are its columns'."""
    said = _HEAD.sub('<th scope="col"', _EMPTY_HEAD.sub("<td></td>", table[0]))
    return f'<div class="wide" tabindex="0">{said}</div>'
