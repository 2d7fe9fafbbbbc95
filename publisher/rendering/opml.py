"""The list of feeds -> OPML 2.0 (opml.org/spec2.opml): one file to subscribe to everything."""

from __future__ import annotations

import re
from html import escape

from lxml import etree

from publisher.rendering.feed_directory import directory
from publisher.rendering.feed_xml import add_text
from publisher.rendering.models import Site


def render_opml(site: Site) -> bytes:
    """Name every feed once, in the format that every reader knows."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    add_text(head, "title", _as_html(site.publication.title))
    add_text(head, "ownerName", _as_html(site.publication.publisher.name))
    if site.publication.publisher.email:
        add_text(head, "ownerEmail", site.publication.publisher.email)
    body = etree.SubElement(root, "body")
    for feed in directory(site):
        etree.SubElement(
            body,
            "outline",
            text=_as_html(feed.title),
            title=_as_html(feed.title),
            description=_as_html(feed.description),
            type="rss",
            version="RSS2",
            xmlUrl=feed.urls["rss"],
            htmlUrl=feed.home,
            language=site.publication.language,
        )
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _as_html(text: str) -> str:
    """OPML's texts may be HTML: escape what would be read as a tag or an entity, and nothing else."""
    return re.sub(r"<|&(?=#?\w+;)", lambda found: escape(found[0]), text)
