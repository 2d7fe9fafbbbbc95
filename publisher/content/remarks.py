"""Remarks between `<!--` and `-->`: questions an import left open, and words to the copy desk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.errors import Finding

_OPEN = re.compile(
    r"<!--\s*CHECK\b:?\s*(?P<html>.*?)\s*-->|^[^\S\n]*#\s*CHECK:\s*(?P<yaml>[^\n]*)$",
    re.DOTALL | re.MULTILINE,
)
_BEGIN = "<!--"
_END = "-->"


def open_questions(text: str, file: str) -> Iterator[Finding]:
    """Find every `<!-- CHECK: … -->` (`# CHECK: …` among fields) that nobody has answered yet."""
    if "CHECK" in text:
        for found in _OPEN.finditer(text):
            question = " ".join((found["html"] or found["yaml"] or "look at this").split())
            place = _place(text, found.start() + len(found.group()) - len(found.group().lstrip()))
            hint = "decide, then delete the mark"
            yield Finding(file, *place, "", f"is not decided: {question}", hint, "I001")
    start = text.rfind(_BEGIN)
    if start >= 0 and text.find(_END, start) < 0:
        yield Finding(file, *_place(text, start), "", "opens a remark that never ends", "close it with -->")


def _place(text: str, position: int) -> tuple[int, int]:
    """Line and column of a position, both from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
