"""What feed readers take out of an entry: never anything that we put in for its meaning.

Every reader cleans HTML by rules of its own. KEPT is what Miniflux, FreshRSS (SimplePie), feedparser
and rss2email all let through, as found by giving them our entries; LOST is what at least one of them
drops, with what becomes of the entry.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

import feed_samples
import feedparser
import pytest
from lxml import html

from publisher.rendering.feed_entries import Entries

KEPT = {
    **{
        tag: set()
        for tag in [
            "p",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "pre",
            "code",
            "br",
            "hr",
            "ul",
            "li",
            "ol",
        ]
    },
    **{tag: set() for tag in ["strong", "em", "b", "i", "s", "del", "sub", "sup", "figure", "figcaption"]},
    **{tag: set() for tag in ["table", "caption", "thead", "tr", "th", "td"]},
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
}
LOST = {
    ("tbody", ""): "Miniflux: the rows stay",
    ("th", "scope"): "Miniflux: a th still is a head",
    ("ol", "start"): "Miniflux: numbers begin at 1",
    **{
        (tag, "dir"): "Miniflux: the letters are of their own direction, numbers stand in isolates"
        for tag in (*KEPT, "tbody")
    },
}
SITES = {
    "plain": lambda: feed_samples.long_site(3),
    "summaries": lambda: feed_samples.long_site(2, content="summary"),
    "hostile": feed_samples.hostile_site,
    "right to left": lambda: feed_samples.hostile_site(language="fa"),
}


@lru_cache
def contents(name):
    """The HTML of every article and issue of a site."""
    site = SITES[name]()
    entries = Entries(site)
    return [entries[identity].content for identity in entries.times]


def shape(text):
    """All that an entry says: its words, its elements, and what they lead to and show."""
    root = html.fromstring(f"<div>{text}</div>")
    told = [
        (found.tag, *map(found.get, ("href", "src", "alt"))) for found in root.iter() if found.tag != "tbody"
    ]
    return "".join(root.itertext()).split(), told


@pytest.mark.parametrize("name", SITES)
def test_every_element_and_attribute_is_one_that_readers_keep(name):
    """What one of them drops is named here, and why the entry is no poorer for it."""
    for text in contents(name):
        for found in html.fromstring(f"<div>{text}</div>").iterdescendants():
            used = {
                (found.tag, attribute)
                for attribute in found.attrib
                if attribute not in KEPT.get(found.tag, ())
            }
            if found.tag not in KEPT:
                used.add((found.tag, ""))
            assert used <= LOST.keys(), html.tostring(found, encoding="unicode")[:200]


@pytest.mark.parametrize("name", SITES)
def test_feedparser_takes_nothing_away(name):
    """Most readers written in Python clean with it: words, elements, links and pictures are the same after."""
    for text in contents(name):
        page = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="html">{escape(text)}</content></entry></feed>'
        cleaned = feedparser.parse(page.encode()).entries[0].content[0].value
        assert shape(cleaned) == shape(text)
