"""Where a story's HTML may be parted: between its blocks, and inside those that are rows of things.

What is read is what our own last step wrote (lower-case names, every attribute in double quotes), so
that a look at the tags is enough, and every place is an exact place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

NEAR = 6_000
"""Bytes by which a page may be longer or shorter for the sake of ending before a sub-heading."""

INSIDE = 30_000
"""The same for the sake of leaving a list, a table or a quotation whole: half a page."""

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:\s+[^\s"=>]+="[^"]*")*\s*>')
_START = re.compile(r'\bstart="(\d+)"')
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_VOID = frozenset({"br", "hr", "img"})
_ROWS = frozenset({"blockquote", "ol", "ul", "tbody"})
_AROUND = _ROWS | {"table", "div"}  # the div is what a wide table scrolls in
_ONLY_HEADINGS = re.compile(r"(?:\s*<(h\d)>(?:(?!</\1>).)*</\1>|\s*<hr>)*\s*", re.DOTALL)


class Break(NamedTuple):
    """A place where one page may end and the next begin.

    `closing` ends what is open there, `opening` begins it again: a table with its head, a list with
    its count. `cost` is in bytes: how much longer or shorter a page may be before this place is taken.
    """

    at: int
    closing: str = ""
    opening: str = ""
    cost: int = 0


class _Open(NamedTuple):
    """An element that has begun: its tag's place, and what begins it again."""

    name: str
    end: int
    again: str


def breaks_of(html: str) -> list[Break]:
    """Every place inside a text, in order; none where a page would end with a heading, or hold nothing else."""
    found = list(_breaks(html))
    while found and _ONLY_HEADINGS.fullmatch(html, found[-1].at):
        found.pop()
    return found


def _breaks(html: str) -> Iterator[Break]:
    """After each element that has a sibling after it, unless it is a heading or what follows is a rule."""
    stack: list[_Open] = []
    items: list[int] = []  # how many list items have ended in each open element
    ended: int | None = None
    bound = True  # what stands here belongs to what follows, as a heading does, and as nothing does
    for tag in _TAG.finditer(html):
        closes, name = tag.groups()
        if closes:
            stack.pop()
            items.pop()
            if items:
                items[-1] += name == "li"
            ended, bound = tag.end(), name in _HEADINGS
            continue
        if ended is not None and not bound and name != "hr" and _may_part(stack):
            yield _break(ended, stack, items, before_heading=name in _HEADINGS)
        if name not in _VOID:
            stack.append(_Open(name, tag.end(), _again(html, tag, stack)))
            items.append(0)
            ended, bound = None, False
        elif name == "hr":
            ended = tag.end()


def _may_part(stack: Sequence[_Open]) -> bool:
    """Whether all that is open can be closed here and opened again: never an item or a cell."""
    return not stack or (stack[-1].name in _ROWS and all(element.name in _AROUND for element in stack))


def _break(at: int, stack: Sequence[_Open], items: Sequence[int], *, before_heading: bool) -> Break:
    if not stack:
        return Break(at, cost=0 if before_heading else NEAR)
    closing = "".join(f"</{element.name}>" for element in reversed(stack))
    opening = "".join(map(_counted, stack, items))
    return Break(at, closing, opening, INSIDE)


def _again(html: str, tag: re.Match[str], stack: Sequence[_Open]) -> str:
    """What begins an element again; the rows of a table bring its head."""
    return html[stack[-1].end : tag.end()] if tag[2] == "tbody" and stack else tag[0]


def _counted(element: _Open, done: int) -> str:
    """The beginning of an element; a numbered list goes on counting."""
    if element.name != "ol":
        return element.again
    start = _START.search(element.again)
    return f'<ol start="{(int(start[1]) if start else 1) + done}">'
