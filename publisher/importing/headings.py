"""Which blocks look like headings at all? Nothing is asked yet about title or sub-heading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from publisher.importing.blocks import STORY, Block, Kind
from publisher.importing.words import capitalised, content, words

LONGEST_HEADING = 140
"""Characters; the longest headlines of the region's agencies have 110."""
LONGEST_MARKED = 400
"""Of a heading that is marked as one; a title may have 500."""
SHORTEST_HEADING = 3
_MANY_WORDS, _TOO_MANY_WORDS = 16, 20
_EVEN, _DOUBTFUL = 0.5, 0.35  # likeness: above the first a heading, above the second worth a question
_TITLE_CASE = 0.75  # share of longer words with a capital
_ENOUGH, _MOST = 4, 0.6  # headings that show a page's habit
_ABBREVIATION = re.compile(r"\b[^\W\d_]\.[^\W\d_]\.$")  # "in the U.S." ends no sentence
_OPENING = "“\"«‘'„$€£₸¥"


class Role(StrEnum):
    """What a line of text is for."""

    TITLE = "title"
    SUBHEADING = "sub-heading"
    PARAGRAPH = "paragraph"
    NAME = "name"  # of the page itself, above all titles


@dataclass(frozen=True)
class Candidate:
    """A block that looks like a heading, and what stands around it."""

    block: Block
    likeness: float  # 0 to 1: is it a heading at all? Below a half it stays a paragraph.
    before: Block | None
    after: Block | None
    section: tuple[str, ...]  # the texts below it, up to the next heading
    under_heading: bool = False  # directly

    @property
    def is_heading(self) -> bool:
        """More likely than not."""
        return self.likeness > _EVEN

    @cached_property
    def stems(self) -> set[str]:
        """What it and the text up to the next heading speak of."""
        return content(" ".join((self.block.text, *self.section)))


def find_candidates(blocks: Sequence[Block], known: Mapping[int, Role]) -> list[Candidate]:
    """All blocks that look like headings, or nearly, in order; `known` are answers by line."""
    around = [None, *blocks, None]
    found = {
        index: _answered(known, block) or heading_likeness(block, after)
        for index, (block, after) in enumerate(zip(blocks, around[2:], strict=True))
    }
    found = _lower_odd_cases(blocks, found)
    headings = [index for index, likeness in found.items() if likeness > _EVEN]
    ends = dict(pairwise([*headings, len(blocks)]))
    return [
        Candidate(
            block=blocks[i],
            likeness=likeness,
            before=around[i],
            after=around[i + 2],
            section=_section(blocks[i + 1 : ends.get(i, i)]),
            under_heading=i - 1 in ends,
        )
        for i, likeness in found.items()
        if likeness >= _DOUBTFUL
    ]


def _answered(known: Mapping[int, Role], block: Block) -> float:
    """Certainty, or nearly none, where an editor has spoken; 0 where nobody has."""
    role = known.get(block.line)
    return 0.0 if role is None else 0.01 if role is Role.PARAGRAPH else 1.0


def heading_likeness(block: Block, after: Block | None) -> float:
    """0 to 1: short, without a full stop, begins with a capital, and text follows."""
    if block.level:
        return 1.0 if len(block.text) <= LONGEST_MARKED else 0.0
    if block.kind is not Kind.TEXT or not _could_be(block.text):
        return 0.0
    count = len(words(block.text))
    likeness = 0.6
    likeness += 0.2 if count <= _MANY_WORDS else 0.0
    likeness -= 0.4 if count > _TOO_MANY_WORDS else 0.0
    likeness += 0.2 if capitalised(block.text) > _TITLE_CASE else 0.0
    likeness -= 0.1 if block.text[-1] in "?!" else 0.0
    likeness -= 0.3 if after is None or after.kind not in (*STORY, Kind.DATE, Kind.BYLINE) else 0.0
    return round(min(1.0, likeness), 2)


def _could_be(text: str) -> bool:
    if not SHORTEST_HEADING <= len(text) <= LONGEST_HEADING or not words(text):
        return False
    end = text.rstrip("”\"»’')")
    if not end or (end[-1] in ".;:,…" and not _ABBREVIATION.search(end)):
        return False
    return text[0].isupper() or text[0].isdigit() or text[0] in _OPENING


def _lower_odd_cases(blocks: Sequence[Block], found: dict[int, float]) -> dict[int, float]:
    """Where most headings are in Title Case, a line in sentence case is a sentence without its stop."""
    shares = {i: capitalised(blocks[i].text) for i, likeness in found.items() if likeness > _EVEN}
    titled = sum(share > _TITLE_CASE for share in shares.values())
    if len(shares) < _ENOUGH or titled < _MOST * len(shares):
        return found
    odd = {i for i, share in shares.items() if share < _EVEN and found[i] < 1}
    return {i: _DOUBTFUL if i in odd else likeness for i, likeness in found.items()}


def _section(blocks: Sequence[Block]) -> tuple[str, ...]:
    return tuple(block.words for block in blocks if block.kind in STORY)
