"""Every URL and id in one place. A path is relative to the site's root; a URL is absolute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlsplit

from publisher.content.models import Article, Issue, Publication

FEED_FILES = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}
FEED_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
RESERVED = frozenset(
    {"archive", "assets", "feeds", "issues", "sections", "subscribe", "confirm", "unsubscribe"}
)


@dataclass(frozen=True)
class Links:
    """The addresses of one publication."""

    publication: Publication

    @cached_property
    def _base(self) -> str:
        return self.publication.base_url

    @cached_property
    def _tagged(self) -> str:
        authority = self.publication.authority or urlsplit(self._base).hostname or ""
        return f"tag:{authority},{self.publication.founded.isoformat()}"

    def url(self, path: str) -> str:
        """`2025-12-10/` -> `https://example.org/2025-12-10/`."""
        return f"{self._base}/{path}"

    def issue_path(self, issue: Issue) -> str:
        """The folder of an issue's page."""
        return f"{issue.slug}/"

    def article_path(self, issue: Issue, article: Article, page: int = 1) -> str:
        """The folder of an article's page; of a later page, where it takes several."""
        return f"{issue.slug}/{article.slug}/" + (f"{page}/" if page > 1 else "")

    def section_path(self, section: str, page: int = 0) -> str:
        """The folder of a section's newest stories, or of one of its full pages, counted from the oldest."""
        return f"sections/{section}/{page}/" if page else f"sections/{section}/"

    def year_path(self, year: int) -> str:
        """The folder of a year's archive."""
        return f"archive/{year}/"

    def month_path(self, month: date) -> str:
        """The folder of a month's archive; only busy years have them."""
        return f"archive/{month:%Y/%m}/"

    def feed_folder(self, family: str = "", archive: str = "") -> str:
        """`feeds/`, `feeds/economy/`, `feeds/economy/archive/3/`: one document in each format."""
        return (f"feeds/{family}/" if family else "feeds/") + archive

    def feed_path(self, kind: str, family: str = "", archive: str = "") -> str:
        """`family` is empty for the whole publication, `issues`, or a section's id."""
        return self.feed_folder(family, archive) + FEED_FILES[kind]

    def issue_url(self, issue: Issue) -> str:
        """Where an issue is read on the web."""
        return self.url(self.issue_path(issue))

    def article_url(self, issue: Issue, article: Article) -> str:
        """Where an article is read on the web."""
        return self.url(self.article_path(issue, article))

    def tag(self, specific: str) -> str:
        """A permanent id (RFC 4151); it never changes, even when the site moves."""
        return f"{self._tagged}:{specific}"

    def article_id(self, article: Article) -> str:
        """The same in every format, family and section."""
        return self.tag(f"article/{article.id}")

    def issue_id(self, issue: Issue) -> str:
        """The id of an issue's entry in the issues feed."""
        return self.tag(f"issue/{issue.slug}")

    def feed_id(self, family: str = "") -> str:
        """The id of a feed; the same for its formats."""
        return self.tag(f"feed/{family or 'all'}")
