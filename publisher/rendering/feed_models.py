"""Feed and FeedEntry: the neutral shape that the RSS, Atom and JSON writers share.

Nothing in it is left to a default: ids and dates come from the articles, addresses are absolute,
times are whole seconds in UTC, text is text and `content` is clean HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from publisher.content.models import Person, Publisher
from publisher.rendering.links import FEED_FILES, FEED_TYPES, Links


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with an entry, with its true size (RSS 2.0 `enclosure`, RFC 4287 sec. 4.2.7.2)."""

    url: str
    media_type: str
    length: int  # bytes


@dataclass(frozen=True)
class FeedEntry:
    """One article of a feed, or one issue of the issues feed."""

    id: str  # a tag: URI, for ever the same
    url: str
    title: str
    summary: str  # plain text
    content: str  # HTML
    published: datetime
    updated: datetime  # equal to `published` until readers should notice a change
    authors: tuple[Person, ...] = ()
    categories: tuple[str, ...] = ()
    enclosure: Enclosure | None = None
    via: str = ""  # where the story was told first
    language: str = ""  # only if it differs from the feed's

    @property
    def changed(self) -> bool:
        """Whether readers should notice that it is no longer what it was."""
        return self.updated > self.published


@dataclass(frozen=True)
class FeedLink:
    """A link of the feed itself; `rel` is a registered relation (RFC 8288)."""

    rel: str
    href: str
    type: str = ""


@dataclass(frozen=True)
class Feed:
    """One document of a feed: the newest entries, or an archive of older ones (RFC 5005 sec. 4).

    `folder` is where the document lies, `subscription` where the newest one does, `previous` and
    `following` where its neighbours in time do; all relative to the site's root. A folder holds one document in
    each format, so the same Feed is written three times.
    """

    id: str
    title: str
    subtitle: str
    home: str  # the page that shows the same to people
    language: str
    updated: datetime
    publisher: Publisher
    copyright: str
    links: Links
    folder: str
    subscription: str
    previous: str = ""
    following: str = ""  # of the oldest archive only
    hub: str = ""
    stylesheet: str = ""
    entries: tuple[FeedEntry, ...] = ()

    @property
    def archived(self) -> bool:
        """Whether this is an archive document."""
        return self.folder != self.subscription

    def url(self, kind: str, folder: str = "") -> str:
        """The address of this document (or the one in another folder) in the format `rss`, `atom` or `json`."""
        return self.links.url((folder or self.folder) + FEED_FILES[kind])

    def relations(self, kind: str) -> tuple[FeedLink, ...]:
        """Self, hub and archive links, which RSS and Atom carry in the same words."""
        media_type = FEED_TYPES[kind]
        links = [FeedLink("self", self.url(kind), media_type)]
        if self.hub and not self.archived:
            links.append(FeedLink("hub", self.hub))
        if self.archived:
            links.append(FeedLink("current", self.url(kind, self.subscription), media_type))
        if self.previous:
            links.append(FeedLink("prev-archive", self.url(kind, self.previous), media_type))
        if self.following:
            links.append(FeedLink("next-archive", self.url(kind, self.following), media_type))
        return tuple(links)
