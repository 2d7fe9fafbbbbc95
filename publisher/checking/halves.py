"""The rule about quotation marks and brackets without their other half (W202)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from publisher.checking.manuscript import Manuscript, Page, Passage
from publisher.checking.rule import Remark, on_words, rule
from publisher.errors import Severity

_ENGLISH, _GERMAN = ("“", "”"), ("„", "“")
_BRACKETS = (("(", ")"), ("[", "]"))
_PAIRS = (("«", "»"), *_BRACKETS)


@rule(
    "W202",
    Severity.WARNING,
    "A quotation or bracket that is opened must be closed, or a reader is lost in it.",
)
def unbalanced(manuscript: Manuscript) -> Iterator[Remark]:
    """Quotation marks and brackets without their other half."""
    passages = [*manuscript.passages, (manuscript.front, _NOTHING)]
    parts = set(_parts_of_long_quotations(passages))
    for number, ((page, passage), (_, following)) in enumerate(pairwise(passages)):
        goes_on = passage.text.count("“") > passage.text.count("”") and following.text.startswith("“")
        at = _lone_mark(passage.text + "”" * goes_on, _BRACKETS if number in parts else _PAIRS)
        if at is not None:
            message = f"has {passage.text[at]} without its other half"
            yield _at_mark(page, passage, at, message, "add the other half, or delete this one")


_NOTHING = Passage("paragraph", "", 0)
_NUMBERED = re.compile(r"(?:^|\s)[\da-zа-я]\)")


def _parts_of_long_quotations(passages: Sequence[tuple[Page, Passage]]) -> Iterator[int]:
    """Where the first and the last paragraph of a Russian quotation stand, which has its marks only there."""
    opened: tuple[int, Page, str] | None = None
    for number, (page, passage) in enumerate(passages):
        surplus = passage.text.count("«") - passage.text.count("»")
        if opened and opened[1:] != (page, passage.kind):
            opened = None
        if opened and surplus == -1:
            yield from (opened[0], number)
        if surplus:
            opened = (number, page, passage.kind) if surplus == 1 else None


def _lone_mark(text: str, pairs: Iterable[tuple[str, str]]) -> int | None:
    """Where the first mark stands whose other half is missing."""
    if text.count('"') % 2:
        return text.rindex('"')
    for opening, closing in (_GERMAN if "„" in text else _ENGLISH, *pairs):
        numbered = {found.end() - 1 for found in _NUMBERED.finditer(text)} if closing == ")" else set()
        surplus = text.count(opening) - text.count(closing)
        if surplus > 0 or surplus < -len(numbered):
            kind = opening if surplus > 0 else closing
            lone = _unpaired(text, opening, closing)
            return next(at for at in lone if text[at] == kind and at not in numbered)
    return None


def _unpaired(text: str, opening: str, closing: str) -> list[int]:
    """Where marks stand that have no other half."""
    opened: list[int] = []
    lone: list[int] = []
    for at, mark in enumerate(text):
        if mark == opening:
            opened.append(at)
        elif mark == closing and opened:
            opened.pop()
        elif mark == closing:
            lone.append(at)
    return sorted(lone + opened)


def _at_mark(page: Page, passage: Passage, at: int, message: str, hint: str) -> Remark:
    """Remark on a mark, found by the word it clings to: the brackets of links are many, and no words."""
    start = passage.text.rfind(" ", 0, at) + 1
    word = passage.text[start:].split(" ", 1)[0]
    if passage in page.fields:
        return on_words(page, passage, word, message, hint)
    found = page.find(passage.line, word, passage.text.count(word, 0, start))
    place = (found[0], found[1] + at - start) if found else (passage.line, 1)
    return Remark(page.file, *place, "", message, hint)
