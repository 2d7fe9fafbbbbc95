"""What every renderer is given: issues with their rates tables, and how the publication looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import Environment

from publisher.content.models import Article, Issue, Publication
from publisher.rates.models import RatesTable
from publisher.rates.settings import RatesSettings
from publisher.rendering.images import Measured
from publisher.rendering.language import Language
from publisher.rendering.links import Links
from publisher.rendering.settings import EmailSettings, FeedSettings, PageSettings
from publisher.rendering.theme import Theme


@dataclass(frozen=True)
class Edition:
    """An issue and the table at its top."""

    issue: Issue
    rates: RatesTable | None = None


@dataclass(frozen=True)
class Site:
    """All that is published. Renderers are pure functions of it: `Site -> {path: bytes}`."""

    publication: Publication
    editions: tuple[Edition, ...]  # newest first
    images: Mapping[str, bytes]  # "2025-12-10/images/dam.jpg" -> the file as it came
    templates: Environment
    theme: Theme
    feeds: FeedSettings
    email: EmailSettings
    pages: PageSettings = field(default_factory=PageSettings)
    rates: RatesSettings = field(default_factory=RatesSettings)
    pictures: Mapping[str, Measured] = field(default_factory=dict)  # of `images`, where they are known
    lengths: Mapping[str, int] | None = None  # address -> pages, of stories that take several; if counted

    @property
    def links(self) -> Links:
        """Every address of this publication."""
        return Links(self.publication)

    @property
    def language(self) -> Language:
        """How numbers, dates and furniture are said."""
        return Language(self.publication.language)

    def length(self, issue: Issue, article: Article) -> int:
        """How many pages a story takes, or took before it was withdrawn."""
        return self.lengths.get(self.links.article_path(issue, article), 1) if self.lengths else 1

    def leaves(self, issue: Issue, article: Article) -> range:
        """The numbers of the pages that a story stands on; a withdrawn one has a notice and no more."""
        return range(1, 2 if article.retracted else self.length(issue, article) + 1)
