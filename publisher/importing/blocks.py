"""Lines -> blocks: what each line is by its own looks, before anyone asks what it means.

A block is a ticker line, a date, a byline, furniture, a list, a quotation, or text.
Which of the texts are titles and sub-headings is asked in `headings` and `titles`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from publisher.importing.dates import date_line
from publisher.importing.furniture import authors, is_furniture, is_mail_header, is_rule
from publisher.importing.lines import Line
from publisher.rates.ticker import read_line


class Kind(StrEnum):
    """What a block is by its looks."""

    RATE = "rate"
    DATE = "date"
    BYLINE = "byline"
    FURNITURE = "furniture"
    RULE = "rule"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    QUOTATION = "quotation"
    TEXT = "text"


LISTS = (Kind.BULLETS, Kind.NUMBERS)
STORY = (*LISTS, Kind.QUOTATION, Kind.TEXT)
"""What a story is made of; the other kinds stand around it."""


BOLD_LEVEL = 9
"""Of a line that is **bold** as a whole: below all that `#` can mark."""


@dataclass(frozen=True)
class Block:
    """One or more lines that belong together."""

    kind: Kind
    text: str
    line: int  # where it begins in the pasted page
    gap: int = 0  # empty lines before it
    items: tuple[str, ...] = ()  # of a list; names of a byline
    level: int = 0  # of a heading that is marked as one: # is 1, ## is 2; 9 is **bold**
    day: date | None = None

    @property
    def words(self) -> str:
        """All that is said in it."""
        return " ".join(self.items) if self.kind in LISTS else self.text


_BULLET = re.compile(r"(?:[•●◦▪‣∙·]\s*|[*–-]\s+)(?P<item>\S.*)")
_NUMBER = re.compile(r"(?P<number>\d{1,2})[.)]\s+(?P<item>\S.*)")
_MARKED = re.compile(r"(?P<hashes>#{1,6})\s+(?P<heading>.*?\S)\s*#*")
_BOLD = re.compile(r"\*\*(?P<heading>[^*]{2,140})\*\*|__(?P<under>[^_]{2,140})__")
_QUOTED = re.compile(r">\s?(?P<text>.*)")
# Quotation marks at both ends and none between: nothing but words that somebody said.
_SAID = re.compile(r"(?:“[^“”]+”|«[^«»]+»|\"[^\"]+\"|„[^„“”]+[“”])[.,]?")
_UNDERLINE = re.compile(r"={3,}|-{3,}")


def read_blocks(lines: Sequence[Line]) -> list[Block]:
    """Sort all lines into blocks; nothing is left out."""
    single: list[Block] = []
    for line in lines:
        if single and _underlines(line, single[-1]):
            single[-1] = replace(single[-1], level=1 if line.text.startswith("=") else 2)
        else:
            single += _read_line(line, at_head=all(b.kind is Kind.FURNITURE for b in single))
    return _lone_dashes(_numbered_headings(_join(single)))


def _underlines(line: Line, above: Block) -> bool:
    drawn = _UNDERLINE.fullmatch(line.text)
    return bool(drawn) and not line.gap and above.kind is Kind.TEXT and len(above.text) < 140  # noqa: PLR2004  # longer than any title


def _read_line(line: Line, *, at_head: bool) -> list[Block]:
    """One block, or several where a web page sets date, author and buttons into one line."""
    parts = [part.strip() for part in re.split(r"\s[|·•]\s", line.text)]
    if len(parts) > 1:
        blocks = [_classify(replace(line, text=part), at_head=at_head) for part in parts if part]
        if all(block.kind not in STORY for block in blocks):
            return blocks
    return [_classify(line, at_head=at_head)]


def _classify(line: Line, *, at_head: bool) -> Block:
    text = line.text
    plain = Block(Kind.TEXT, text, line.number, line.gap)
    if _is_rate(text):
        return replace(plain, kind=Kind.RATE)
    if is_rule(text):
        return replace(plain, kind=Kind.RULE)
    if at_head and is_mail_header(text):
        day = date_line(text.split(":", 1)[1].strip())
        return replace(plain, kind=Kind.DATE, day=day) if day else replace(plain, kind=Kind.FURNITURE)
    if day := date_line(text.strip("*_")):
        return replace(plain, kind=Kind.DATE, day=day)
    if names := authors(text):
        return replace(plain, kind=Kind.BYLINE, items=names)
    if is_furniture(text):
        return replace(plain, kind=Kind.FURNITURE)
    return _story_block(plain)


def _is_rate(text: str) -> bool:
    """Whether a line is a ticker's, even if its number cannot be read."""
    try:
        return read_line(text) is not None
    except ValueError:
        return True


def _story_block(plain: Block) -> Block:
    text = plain.text
    if marked := _MARKED.fullmatch(text):
        return replace(plain, text=marked["heading"], level=len(marked["hashes"]))
    if bold := _BOLD.fullmatch(text):
        return replace(plain, text=bold["heading"] or bold["under"], level=BOLD_LEVEL)
    if quoted := _QUOTED.fullmatch(text):
        return replace(plain, kind=Kind.QUOTATION, text=quoted["text"])
    if bullet := _BULLET.fullmatch(text):
        return replace(plain, kind=Kind.BULLETS, items=(bullet["item"],))
    if number := _NUMBER.fullmatch(text):
        return replace(plain, kind=Kind.NUMBERS, items=(number["item"],))
    return replace(plain, kind=Kind.QUOTATION) if _SAID.fullmatch(text) else plain


def _join(blocks: Iterable[Block]) -> list[Block]:
    """Neighbouring items are one list; neighbouring `>` lines without a gap one quotation."""
    groups: list[list[Block]] = []
    for block in blocks:
        if groups and _belong_together(groups[-1][-1], block):
            groups[-1].append(block)
        else:
            groups.append([block])
    return [_merge(group) for group in groups]


def _belong_together(above: Block, block: Block) -> bool:
    if above.kind is not block.kind:
        return False
    if block.kind is Kind.NUMBERS:
        return _number(block) in (_number(above) + 1, 1) and (_number(block) > 1 or _number(above) == 1)
    return block.kind is Kind.BULLETS or (block.kind is Kind.QUOTATION and not block.gap)


def _number(block: Block) -> int:
    found = _NUMBER.fullmatch(block.text)
    return int(found["number"]) if found else 0


def _merge(group: Sequence[Block]) -> Block:
    first = group[0]
    if len(group) == 1:
        return first
    if first.kind in LISTS:
        return replace(first, items=tuple(item for block in group for item in block.items))
    return replace(first, text=" ".join(block.text for block in group if block.text))


def _numbered_headings(blocks: Sequence[Block]) -> list[Block]:
    """`1. A bridge opens` above a text, then `2. ...` above the next: headings, not a list."""
    numbered = {
        block.line
        for block, after in pairwise([*blocks, None])
        if block and block.kind is Kind.NUMBERS and len(block.items) == 1 and after and after.kind in STORY
    }
    if len(numbered) < 2:  # noqa: PLR2004  # one alone may be a list of one
        return list(blocks)
    return [
        replace(block, kind=Kind.TEXT, text=block.items[0], items=()) if block.line in numbered else block
        for block in blocks
    ]


def _lone_dashes(blocks: Iterable[Block]) -> list[Block]:
    """`– He said so` on its own is direct speech in Russian print, not a list of one."""
    return [
        replace(block, kind=Kind.TEXT, items=())
        if block.kind is Kind.BULLETS and len(block.items) == 1 and block.text.startswith(("–", "-"))
        else block
        for block in blocks
    ]
