"""Where words stand in Markdown: what a parser gives is the line of their paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, takewhile

_FARTHEST = 10
"""Nobody reads more remarks of one kind, and a long text is not searched to its end for each of them."""


def find_words(lines: Sequence[str], first: int, words: str, nth: int = 0) -> tuple[int, int] | None:
    """Line and column, both from 0, of words in the paragraph that begins in the line `first`.

    A blank may be the end of a line. `nth` are the words' earlier occurrences in that paragraph.
    """
    if nth > _FARTHEST:
        return None
    pattern = re.compile(re.escape(words).replace(r"\ ", r"(?: |[ \t]*\n[ \t>]*)"))
    paragraph = takewhile(lambda number: lines[number].strip(), range(max(0, first), len(lines)))
    places = (
        (number, found.start())
        for number in paragraph
        for found in pattern.finditer("\n".join(lines[number : number + 2]))
        if found.start() < len(lines[number])
    )
    return next(islice(places, nth, None), None)
