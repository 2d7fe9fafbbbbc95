"""Articles and issues -> FeedEntry, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from publisher.content.models import Article, Issue
from publisher.rendering.feed_content import article_html, issue_html
from publisher.rendering.feed_models import Enclosure, FeedEntry
from publisher.rendering.feed_times import Times, article_times, issue_times
from publisher.rendering.models import Edition, Site
from publisher.rendering.summaries import summary_of

_KEPT = 400
"""How many entries are remembered: an article is in the publication's feed and in its section's."""


Recall = Callable[[Edition, str, Callable[[], str]], str]
"""Gives back the HTML that was made of an edition under an id before, or has it made."""


def make_anew(_edition: Edition, _identity: str, make: Callable[[], str]) -> str:
    """Remember nothing."""
    return make()


class Entries:
    """All entries of one site, by id. Nothing is rendered before it is asked for."""

    def __init__(self, site: Site, recall: Recall = make_anew) -> None:
        """Settle the times, once for all entries."""
        self._site, self._recall = site, recall
        links, issues = site.links, [edition.issue for edition in site.editions]
        self._editions = {links.issue_id(edition.issue): edition for edition in site.editions}
        self._articles = {
            links.article_id(article): (edition, article)
            for edition in site.editions
            for article in edition.issue.articles
        }
        self._sections = {section.id: section.title for section in site.publication.sections}
        of_articles, of_issues = article_times(issues), issue_times(issues)
        self.times: dict[str, Times] = {
            **{identity: of_articles[article.id] for identity, (_, article) in self._articles.items()},
            **{identity: of_issues[edition.issue.slug] for identity, edition in self._editions.items()},
        }
        self._remembered = lru_cache(maxsize=_KEPT)(self._entry)

    def __getitem__(self, identity: str) -> FeedEntry:
        """The entry of an article or an issue: the same in every feed and format."""
        return self._remembered(identity)

    def origin(self, identity: str) -> tuple[str, str, str, Issue]:
        """All that an entry is made of, without making it; times as texts, for every archive names them all."""
        edition = self._editions.get(identity)
        issue = (edition or self._articles[identity][0]).issue
        published, updated = self.times[identity]
        return identity, published.isoformat(), updated.isoformat(), issue

    def _entry(self, identity: str) -> FeedEntry:
        if edition := self._editions.get(identity):
            return self._of_issue(identity, edition)
        return self._of_article(identity, *self._articles[identity])

    def _of_article(self, identity: str, edition: Edition, article: Article) -> FeedEntry:
        issue = edition.issue
        image = self._enclosure(issue, article)
        make = partial(article_html, self._site, issue, article, image)
        section = self._sections.get(article.section, article.section)
        own_language = article.language if article.language != self._site.publication.language else None
        return FeedEntry(
            id=identity,
            url=self._site.links.article_url(issue, article),
            title=article.title,
            summary=summary_of(article),
            content=self._recall(edition, identity, make),
            published=self.times[identity].published,
            updated=self.times[identity].updated,
            authors=article.authors,
            categories=tuple(dict.fromkeys([section, *article.tags])),
            enclosure=image,
            via=str(article.source.url) if article.source and article.source.url else "",
            language=own_language or "",
        )

    def _of_issue(self, identity: str, edition: Edition) -> FeedEntry:
        issue = edition.issue
        image = self._enclosure(issue, issue.articles[0]) if issue.articles else None
        return FeedEntry(
            id=identity,
            url=self._site.links.issue_url(issue),
            title=issue.title,
            summary=issue.preheader or "; ".join(article.title for article in issue.articles),
            content=self._recall(edition, identity, partial(issue_html, self._site, edition, image)),
            published=self.times[identity].published,
            updated=self.times[identity].updated,
            enclosure=image,
        )

    def _enclosure(self, issue: Issue, article: Article) -> Enclosure | None:
        """The lead picture as it came; a withdrawn story shows none."""
        path = f"{issue.slug}/{article.image.path}" if article.image else ""
        if not article.image or article.retracted or path not in self._site.images:
            return None
        return Enclosure(self._site.links.url(path), article.image.media_type, len(self._site.images[path]))
