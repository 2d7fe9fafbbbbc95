"""Feed -> RSS 2.0 (rssboard.org/rss-specification and its Best Practices Profile)."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape

from feedgen.entry import FeedEntry as Item
from feedgen.feed import FeedGenerator
from lxml import etree

from publisher.rendering.feed_models import Feed, FeedEntry
from publisher.rendering.feed_xml import ATOM, DC, Document, add_text, as_plain_text, rfc3339

_MINUTES_BETWEEN_POLLS = 60


def render_rss(feed: Feed) -> bytes:
    """Write the document; the same feed gives the same bytes."""
    channel = FeedGenerator()
    channel.title(feed.title)
    channel.link(href=feed.home)  # the only link: feedgen takes the last one for the site's
    channel.description(feed.subtitle)
    channel.language(feed.language)
    channel.generator("Publisher")
    channel.ttl(_MINUTES_BETWEEN_POLLS)
    channel.lastBuildDate(feed.updated)
    if feed.copyright:
        channel.copyright(feed.copyright)
    if feed.publisher.email:
        channel.managingEditor(f"{feed.publisher.email} ({feed.publisher.name})")
    channel.register_extension("document", lambda: _RssDocument(feed), atom=False)
    for entry in feed.entries:
        channel.add_entry(_RssItem(entry), order="append")
    return as_plain_text(bytes(channel.rss_str()), feed)


class _RssDocument(Document):
    def extend_ns(self) -> dict[str, str]:
        return super().extend_ns() | {"dc": DC}


class _RssItem(Item):  # type: ignore[misc]  # feedgen has no types
    def __init__(self, entry: FeedEntry) -> None:
        super().__init__()
        self.entry = entry
        self.title(entry.title)
        self.link(href=entry.url)
        self.id(entry.id)
        self.description(escape(entry.summary or entry.title), isSummary=True)
        self.content(entry.content)
        if entry.enclosure:
            self.enclosure(entry.enclosure.url, str(entry.enclosure.length), entry.enclosure.media_type)

    def rss_entry(self, extensions: bool = True) -> etree._Element:  # noqa: FBT001, FBT002  # feedgen's name
        """Add what feedgen drops (authors without an address) or does by changing the process's locale (dates)."""
        item: etree._Element = super().rss_entry(extensions)
        for category in self.entry.categories:
            add_text(item, "category", category)
        for author in self.entry.authors:
            add_text(item, f"{{{DC}}}creator", author.name)
        add_text(item, "pubDate", format_datetime(self.entry.published))
        if self.entry.changed:
            add_text(item, f"{{{ATOM}}}updated", rfc3339(self.entry.updated))
        return item
