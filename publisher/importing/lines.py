"""Clean text -> lines with their numbers; text that was wrapped at a fixed column is joined again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

# Narrower than this is a list of short items; wider is no mail.
_NARROWEST, _WIDEST = 50, 110
_CARELESS = 6  # columns
_STARTS_ANEW = re.compile(r"\s*(?:[•●◦▪‣∙·*#>]|[-–—]\s|\d{1,2}[.)]\s)")
_SPACES = re.compile(r"[^\S\n]+")


@dataclass(frozen=True)
class Line:
    """One line that has something on it."""

    number: int  # in the pasted page, counted from 1
    text: str  # without spaces at its ends, and with single ones inside
    gap: int = 0  # empty lines before it
    indent: int = 0  # columns before its first character


def split_lines(text: str) -> list[Line]:
    """All lines that are not empty."""
    lines, gap = [], 0
    for number, raw in enumerate(text.split("\n"), 1):
        stripped = _SPACES.sub(" ", raw).strip()
        if stripped:
            indent = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip())
            lines.append(Line(number, stripped, gap, indent))
            gap = 0
        else:
            gap += 1
    return lines


def wrapped_width(lines: Sequence[Line]) -> int:
    """The column at which the page was wrapped by hand or by a mail program; 0 if it was not.

    In wrapped text a line ends because the next word did not fit. That is tested on all
    lines that have a neighbour: at least half of the lines must have one, and nine in ten
    of the breaks in running text (before a small letter) must be explained by the width.
    """
    joins = [(a, b) for a, b in pairwise(lines) if not b.gap and not _STARTS_ANEW.match(b.text)]
    running = [(a, b) for a, b in joins if b.text[0].islower()]
    width = max((a.indent + len(a.text) for a, _ in running), default=0)
    if len(running) < max(2, len(lines) // 4) or not _NARROWEST <= width <= _WIDEST:
        return 0
    full = sum(_did_not_fit(a, b, width) for a, b in running)
    return width if full >= 0.9 * len(running) else 0


def unwrap(lines: Iterable[Line], width: int) -> list[Line]:
    """Join each line to the one before if its first word would not have fitted there."""
    joined: list[Line] = []
    last: Line | None = None  # as it stood in the page: its length decides
    for line in lines:
        if last and _continues(last, line, width):
            glue = "" if re.search(r"\w-$", last.text) and line.text[0].islower() else " "
            joined[-1] = replace(joined[-1], text=joined[-1].text + glue + line.text)
        else:
            joined.append(line)
        last = line
    return joined


def _continues(last: Line, line: Line, width: int) -> bool:
    if line.gap or _STARTS_ANEW.match(line.text):
        return False
    return line.text[0].islower() or _did_not_fit(last, line, width)


def _did_not_fit(line: Line, following: Line, width: int) -> bool:
    """Whether the next word would have passed the width; a hand that wraps is not exact."""
    first_word = following.text.split(" ", 1)[0]
    return line.indent + len(line.text) + 1 + len(first_word) > width - _CARELESS
