"""An article's file: fields between two lines of hyphens, then Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from publisher.content import marked_yaml
from publisher.content.marked import Marked
from publisher.errors import Finding, InputError

_BLANK_LINES = re.compile(r"(?:[ \t]*\n)*")
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_FORM_FEED = re.compile(r"&#(?:0{0,5}12|x0{0,5}c);", re.IGNORECASE)
"""In digits: the one character which XML forbids that parsers of Markdown make of its number."""


@dataclass(frozen=True)
class Document:
    """What one Markdown file holds; `body_line` is the line that the body begins on."""

    fields: Marked
    body: str
    body_line: int

    @property
    def lines(self) -> tuple[tuple[str, int], ...]:
        """The line of each field, and of the text as `body`."""
        keys = ((str(path[0]), mark.line) for path, mark in self.fields.keys.items() if len(path) == 1)
        return (*keys, ("body", self.body_line))


def read(text: str, file: str) -> Document:
    """Split the front matter from the body and read its fields.

    Raises InputError when there is no front matter or it cannot be read, and for what no feed can carry.
    """
    opening = _FENCE.match(text)
    if not opening:
        hint = "begin the file with a line of three hyphens: ---"
        raise InputError([Finding(file, 1, 1, "", "has no front matter", hint, "F102")])
    closing = _FENCE.search(text, opening.end())
    if not closing:
        hint = "put a line of three hyphens after the last field: ---"
        raise InputError([Finding(file, 1, 1, "", "has front matter that never ends", hint, "F102")])
    fields = marked_yaml.load(text[opening.end() + 1 : closing.start()], file, first_line=2)
    begin = _BLANK_LINES.match(text, min(closing.end() + 1, len(text)))
    start = begin.end() if begin else len(text)
    if found := _FORM_FEED.search(text, start):
        raise InputError([_invisible(text, found, file)])
    return Document(fields, text[start:], text.count("\n", 0, start) + 1)


def _invisible(text: str, found: re.Match[str], file: str) -> Finding:
    """Where a reference stands that would become an invisible character."""
    start = found.start()
    place = (text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
    message = f"has {found.group()}, the invisible character U+000C"
    return Finding(file, *place, "", message, "delete it", "F101")
