"""A page as one flat list of its elements and words, read by the standard library's parser.

It is a second pair of eyes: libxml2, which the inliner builds on, drops what lies deeper than
its limit without a word, and this parser has no limit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import zip_longest
from urllib.parse import quote

_EVERY_SIGN = "".join(map(chr, range(33, 127)))
_IMPORT = re.compile(r"@import[^;]*", re.IGNORECASE)

Element = tuple[str, tuple[tuple[str, str], ...]]


@dataclass
class PageParts:
    """Elements with their attributes, and runs of words, in reading order."""

    items: list[str | Element] = field(default_factory=list)
    outside: str = ""

    def first_difference(self, other: PageParts) -> str:
        """Say where two pages part ways; nothing if they say the same."""
        for mine, theirs in zip_longest(self.items, other.items, fillvalue="the end"):
            if mine != theirs:
                return f"{_told(mine)} into {_told(theirs)}"
        return ""


def parts_of(html: str) -> PageParts:
    """Read a page. Style attributes and style elements are left out: they are what inlining changes."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_words()
    return reader.parts


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts = PageParts()
        self._words: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.end_words()
        if tag == "style":
            self._in_style = True
            return
        named = dict(attrs)
        if tag == "link" and "stylesheet" in (named.get("rel") or "").lower():
            self.parts.outside = self.parts.outside or named.get("href") or "a style sheet"
        kept = ((name, quote(value or "", safe=_EVERY_SIGN)) for name, value in attrs if name != "style")
        self.parts.items.append((tag, tuple(sorted(kept))))

    def handle_endtag(self, tag: str) -> None:
        self.end_words()
        if tag == "style":
            self._in_style = False

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self._words.append(data)
        elif found := _IMPORT.search(data):
            self.parts.outside = self.parts.outside or found.group()

    def end_words(self) -> None:
        """Close a run of words; blanks between elements do not count."""
        if words := " ".join("".join(self._words).split()):
            self.parts.items.append(words)
        self._words.clear()


def _told(item: str | Element) -> str:
    if isinstance(item, str):
        return f"“{item[:60]}”"
    return f"<{item[0]}>"
