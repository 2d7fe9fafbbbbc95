"""Feed -> Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from feedgen.entry import FeedEntry as Entry
from feedgen.feed import FeedGenerator
from lxml import etree

from publisher.rendering.feed_models import Feed, FeedEntry
from publisher.rendering.feed_xml import Document, as_plain_text

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def render_atom(feed: Feed) -> bytes:
    """Write the document; the same feed gives the same bytes."""
    atom = FeedGenerator()
    atom.id(feed.id)
    atom.title(feed.title)
    atom.subtitle(feed.subtitle)
    atom.updated(feed.updated)
    atom.language(feed.language)
    atom.generator("Publisher")
    atom.author(_person(feed.publisher.name, feed.publisher.url))
    if feed.copyright:
        atom.rights(feed.copyright)
    for link in feed.relations("atom"):
        atom.link({"href": link.href, "rel": link.rel} | ({"type": link.type} if link.type else {}))
    atom.link(href=feed.home, rel="alternate", type="text/html")
    atom.register_extension("document", lambda: Document(feed), rss=False)
    for entry in feed.entries:
        atom.add_entry(_AtomEntry(entry), order="append")
    return as_plain_text(bytes(atom.atom_str()), feed)


def _person(name: str, url: object | None) -> dict[str, str]:
    return {"name": name, "uri": str(url)} if url else {"name": name}


class _AtomEntry(Entry):  # type: ignore[misc]  # feedgen has no types
    def __init__(self, entry: FeedEntry) -> None:
        super().__init__()
        self.entry = entry
        self.id(entry.id)
        self.title(entry.title)
        self.updated(entry.updated)
        self.published(entry.published)
        if entry.summary:
            self.summary(entry.summary)
        self.content(entry.content, type="html")
        for author in entry.authors:
            self.author(_person(author.name, author.url))

    def atom_entry(self, extensions: bool = True) -> etree._Element:  # noqa: FBT001, FBT002  # feedgen's name
        """Add links, of which feedgen loses every attribute but the address, and categories, which it is slow at."""
        element: etree._Element = super().atom_entry(extensions)
        for category in self.entry.categories:
            etree.SubElement(element, "category", term=category)
        for attributes in _links(self.entry):
            etree.SubElement(element, "link", attributes)
        if self.entry.language:
            element.set(_LANGUAGE, self.entry.language)
        return element


def _links(entry: FeedEntry) -> list[dict[str, str]]:
    links = [{"rel": "alternate", "type": "text/html", "href": entry.url}]
    if found := entry.enclosure:
        attributes = {"type": found.media_type, "length": str(found.length), "href": found.url}
        links.append({"rel": "enclosure", **attributes})
    if entry.via:
        links.append({"rel": "via", "href": entry.via})
    return links
