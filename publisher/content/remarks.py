"""Remarks between `<!--` and `-->`: questions an import left open, and words to the copy desk.

They are found by plain search: a pattern that looks for an end that is not there would read a
long text again from every beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from publisher.content.text import shown
from publisher.errors import Finding

MOST_QUESTIONS = 200
LONGEST_QUESTION = 200

_BEGIN = "<!--"
_END = "-->"
_FIELD_QUESTION = re.compile(r"^[^\S\n]*(?P<mark># CHECK:)[^\S\n]*(?P<words>[^\n]*)$", re.MULTILINE)


class Remark(NamedTuple):
    """A remark, from its `<!--` to behind its `-->`."""

    start: int
    end: int
    words: str


def remarks(text: str) -> Iterator[Remark]:
    """Every remark that is closed, in order."""
    start = text.find(_BEGIN)
    while start >= 0:
        end = text.find(_END, start + len(_BEGIN))
        if end < 0:
            return
        yield Remark(start, end + len(_END), text[start + len(_BEGIN) : end].strip())
        start = text.find(_BEGIN, end)


def without_remarks(text: str) -> str:
    """Drop every remark with the blank before it; the line breaks inside stay, so lines keep their numbers."""
    kept: list[str] = []
    position = 0
    for remark in remarks(text):
        before = text[position : remark.start]
        kept += [before.removesuffix(" "), "\n" * text.count("\n", remark.start, remark.end)]
        position = remark.end
    return "".join([*kept, text[position:]])


def open_questions(text: str, file: str) -> Iterator[Finding]:
    """Find every `<!-- CHECK: … -->` (`# CHECK: …` among fields) that nobody has answered yet."""
    if "CHECK" in text:
        for start, words in islice(_questions(text), MOST_QUESTIONS):
            question = shown(" ".join(words.split()) or "look at this", LONGEST_QUESTION)
            hint = "decide, then delete the mark"
            yield Finding(file, *_place(text, start), "", f"is not decided: {question}", hint, "I001")
    start = text.rfind(_BEGIN)
    if start >= 0 and text.find(_END, start) < 0:
        yield Finding(
            file, *_place(text, start), "", "opens a remark that never ends", "close it with -->", "I002"
        )


def _questions(text: str) -> Iterator[tuple[int, str]]:
    """Where each question stands, and its words."""
    for remark in remarks(text):
        if remark.words.startswith("CHECK"):
            yield remark.start, remark.words.removeprefix("CHECK").removeprefix(":")
    for found in _FIELD_QUESTION.finditer(text):
        yield found.start("mark"), found["words"]


def _place(text: str, position: int) -> tuple[int, int]:
    """Line and column of a position, both from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
