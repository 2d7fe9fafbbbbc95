"""What RSS and Atom share, and what feedgen cannot say by itself.

feedgen 1.0 builds both trees. Its entries lose the attributes of their links, its channels carry a
`self` link only, it has no archives (RFC 5005), no style sheet and no `dc:creator` without side
effects; those are added here and in `rss.py` and `atom.py` to the trees it made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from feedgen.ext.base import BaseExtension
from lxml import etree

from publisher.rendering.feed_models import Feed

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005 sec. 2 and 4


class Document(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """A feedgen extension that completes the root of one document."""

    def __init__(self, feed: Feed) -> None:
        """Keep the feed: feedgen hands over the tree only."""
        self.feed = feed

    def extend_ns(self) -> dict[str, str]:
        """The prefixes that the root declares."""
        return {"fh": HISTORY} if self.feed.archived else {}

    def extend_atom(self, root: etree._Element) -> etree._Element:
        """Mark an archive and name the style sheet."""
        self._mark(root)
        self._style(root)
        return root

    def extend_rss(self, root: etree._Element) -> etree._Element:
        """Do the same, and add the links that feedgen writes for Atom only."""
        channel = root[0]
        for link in self.feed.relations("rss"):
            attributes = {"rel": link.rel, "href": link.href} | ({"type": link.type} if link.type else {})
            etree.SubElement(channel, f"{{{ATOM}}}link", attributes)
        self._mark(channel)
        self._style(root)
        return root

    def _mark(self, parent: etree._Element) -> None:
        if self.feed.archived:
            etree.SubElement(parent, f"{{{HISTORY}}}archive")

    def _style(self, root: etree._Element) -> None:
        if self.feed.stylesheet:
            pi = etree.ProcessingInstruction(
                "xml-stylesheet", f'href="{self.feed.stylesheet}" type="text/css"'
            )
            root.addprevious(pi)


def add_text(parent: etree._Element, name: str, text: str) -> etree._Element:
    """Append `<name>text</name>`."""
    element = etree.SubElement(parent, name)
    element.text = text
    return element


def rfc3339(at: datetime) -> str:
    """`2025-12-10T01:00:00Z` (RFC 3339, as RFC 4287 sec. 3.3 asks)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_PLAIN = re.compile(
    rb"<(title|subtitle|summary|rights|name|copyright|managingEditor|category|dc:creator)>([^<]*)</"
)
_DESCRIPTION = re.compile(rb"<(description)>([^<]*)</")
_END_TAG = re.compile(rb"&lt;/(?=\w+&gt;)")


def as_plain_text(document: bytes, feed: Feed) -> bytes:
    """Write `<` and `&` in plain-text elements as hexadecimal references.

    So the RSS Best Practices Profile asks, lest readers take a headline about `<meta>` for HTML.
    An invisible word joiner keeps what looks like an end tag of HTML from being one.
    """
    if not any("&" in text or "<" in text or ">" in text for text in _plain_texts(feed)):
        return document  # most feeds; the search below would take a tenth of the time of writing one
    head, item, items = document.partition(b"<item>")
    head = _DESCRIPTION.sub(_escape, head)  # a channel's is plain text, an item's is HTML
    return _PLAIN.sub(_escape, head + item + items)


def _plain_texts(feed: Feed) -> Iterator[str]:
    """Everything that the pattern above can find, and a little more."""
    yield from (feed.title, feed.subtitle, feed.copyright, feed.publisher.name, feed.publisher.email)
    for entry in feed.entries:
        yield from (entry.title, entry.summary, *entry.categories, *(author.name for author in entry.authors))


def _escape(found: re.Match[bytes]) -> bytes:
    text = _END_TAG.sub(b"&#x3C;\xe2\x81\xa0/", found[2])
    text = text.replace(b"&lt;", b"&#x3C;").replace(b"&gt;", b"&#x3E;").replace(b"&amp;", b"&#x26;")
    return b"<" + found[1] + b">" + text + b"</"
