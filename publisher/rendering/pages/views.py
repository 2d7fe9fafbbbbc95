"""What the templates of the pages are given: words, addresses and pictures, ready to be set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from html import escape
from zoneinfo import ZoneInfo

from markupsafe import Markup

from publisher.content.markup import excerpt, parse, shortened, to_html
from publisher.content.models import Article, Image, Issue, Section
from publisher.rendering.images import Measured, Variant
from publisher.rendering.language import Language
from publisher.rendering.models import Site

COLUMN = "(min-width: 46rem) 40rem, calc(100vw - 2.5rem)"
"""How wide a picture is shown, for `sizes`; the column of site.css."""

DEFAULT_WIDTH = 800
"""Pixels: the size for browsers that do not choose."""


MARKUP = 600
"""Bytes of tags and addresses around a story in short, its picture included."""

_LINK = 250
"""Bytes of the line that leads from a story in short to the whole."""

_NOTHING = Markup()


@dataclass(frozen=True)
class PictureView:
    """An image with all its sizes; `width` and `height` keep its place while it loads."""

    image: Image
    key: str  # 2025-12-10/images/dam.jpg, the file as it came
    variants: tuple[Variant, ...]
    width: int
    height: int

    @property
    def path(self) -> str:
        """The size for browsers that do not choose, and for those who share a link."""
        return _middle(self.variants).path

    def srcset(self, root: str) -> str:
        """`../assets/dam-0123456789-480.jpg 480w, …`."""
        return ", ".join(f"{root}{variant.path} {variant.width}w" for variant in self.variants)


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
        return self.article.summary or excerpt(parse(self.article.body))

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
            picture=self._picture(issue, article.image),
            language=Language(article.language or self.site.publication.language),
        )

    def full_story(self, issue: Issue, article: Article, *, heading: int, root: str) -> StoryView:
        """An article with its text; its own headings begin at the given level.

        `root` leads from the page to the site's root, as in `../../`.
        """
        html = html_of(article.body, base_url=self.site.links.issue_url(issue), heading=heading)
        return replace(self.story(issue, article), html=self._with_sizes(html, issue, root))

    def stories(self, issue: Issue) -> tuple[StoryView, ...]:
        """All articles of an issue in short."""
        return tuple(self.story(issue, article) for article in issue.articles)

    def lead(self, issue: Issue) -> Markup:
        """The opening paragraph."""
        return html_of(issue.lead, base_url=self.site.links.issue_url(issue), heading=2)

    def _section(self, name: str) -> Section:
        return next((s for s in self.site.publication.sections if s.id == name), Section(id=name, title=name))

    def _picture(self, issue: Issue, image: Image | None) -> PictureView | None:
        measured = self.pictures.get(f"{issue.slug}/{image.path}") if image else None
        if image is None or measured is None:
            return None
        return PictureView(image, measured.key, measured.variants, measured.width, measured.height)

    def _with_sizes(self, html: Markup, issue: Issue, root: str) -> Markup:
        """Give the pictures inside a text their sizes too, so that nothing jumps while they load."""
        links = self.site.links
        text = str(html)
        for key, measured in self.pictures.items():
            if key.startswith(links.issue_path(issue)) and key in text:
                text = text.replace(f'src="{escape(links.url(key))}"', _source(measured, root))
        return Markup(text)  # noqa: S704  # names and numbers of ours in HTML that was safe before


def html_of(markdown: str, *, base_url: str, heading: int) -> Markup:
    """Markdown as safe HTML whose highest heading has the given level."""
    html = to_html(parse(markdown), base_url=base_url, top_heading=heading, with_classes=True)
    return Markup(_WIDE.sub(_scrolling, html))  # noqa: S704  # the last step of to_html is an allow-list


# A wide table scrolls by itself, and can be reached with the keyboard to do so (WCAG 2.2, 2.1.1).
_WIDE = re.compile(r"<table>.*?</table>", re.DOTALL)


def _scrolling(found: re.Match[str]) -> str:
    return f'<div class="wide" tabindex="0">{found[0]}</div>'


def _source(measured: Measured, root: str) -> str:
    sizes = ", ".join(f"{root}{variant.path} {variant.width}w" for variant in measured.variants)
    return (
        f'src="{root}{_middle(measured.variants).path}" srcset="{sizes}" sizes="{COLUMN}" '
        f'width="{measured.width}" height="{measured.height}" loading="lazy"'
    )


def _middle(variants: tuple[Variant, ...]) -> Variant:
    return next((variant for variant in variants if variant.width >= DEFAULT_WIDTH), variants[-1])
