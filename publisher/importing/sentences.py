"""The first sentence of a story, as a proposal for its summary."""

from __future__ import annotations

import re

LONGEST_SUMMARY = 320
"""Characters; two lines in a letter are 160, four are still read."""
_SHORT = 50  # a first sentence below this says too little alone

# A stop ends a sentence if a space and a capital, digit or quotation mark follow, unless it
# stands after an initial or a usual abbreviation.
_STOP = re.compile(r"[.!?…][”\"»’)]*(?=\s+[“\"«„‘(]?[^\W_a-zа-яёәғқңөұүһі])")
_ABBREVIATED = re.compile(
    r"(?:\b[^\W\d_]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|St|No|vs|Inc|Ltd|Co|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec"
    r"|г|гг|ул|им|тыс|млн|млрд|долл|руб|стр|см|т\.е|т\.д|т\.п|д-р|проф))\.$"
)


def first_sentence(text: str) -> str:
    """The first sentence, or the first two if the first is short; cut at a word if it is endless."""
    ends = [m.end() for m in _STOP.finditer(text) if not _ABBREVIATED.search(text[: m.end()])]
    ends.append(len(text))
    end = next(end for end in ends if end >= _SHORT or end == len(text))
    return shorten(text[:end], LONGEST_SUMMARY)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words and ended with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:–—-") + "…"
