"""Tokens -> words: all of them, the plain paragraphs, the beginning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it.token import Token


def to_text(tokens: Sequence[Token]) -> str:
    """Write the words alone, a paragraph a line."""
    return "\n".join(line for token in tokens if token.type in _LEAVES and (line := leaf_text(token)))


_LEAVES = frozenset({"inline", "fence", "code_block"})


def leaf_text(token: Token) -> str:
    """The words of one paragraph, heading, cell or code block."""
    if token.type != "inline":
        return token.content.strip()
    return "".join(words_of(child) for child in token.children or ()).strip()


def words_of(token: Token) -> str:
    """The words of one inline token; a picture counts with what it shows."""
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    if token.type == "image":
        return "".join(words_of(child) for child in token.children or ())
    return token.content if token.type in {"text", "code_inline", "text_special"} else ""


def paragraphs(tokens: Sequence[Token]) -> list[str]:
    """The words of the plain paragraphs: no headings, lists, quotations, tables, and no pictures alone."""
    return [
        text
        for before, token in pairwise(tokens)
        if before.type == "paragraph_open" and before.level == 0 and (text := leaf_text(token))
        if any(words_of(child).strip() for child in token.children or () if child.type != "image")
    ]


def excerpt(tokens: Sequence[Token], limit: int = 280) -> str:
    """The beginning in at most `limit` characters."""
    return shortened(next(iter(paragraphs(tokens)), "") or next(iter(to_text(tokens).split("\n")), ""), limit)


def shortened(text: str, limit: int = 280) -> str:
    """One line of words in at most `limit` characters: whole sentences if one fits, else whole words."""
    if len(text) <= limit:
        return text
    head = text[: limit + 1]
    ends = [end.end(1) for end in _SENTENCE.finditer(head) if end.end(1) <= limit and not end[2].islower()]
    if ends:
        return head[: ends[-1]]
    cut = head[:limit].rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return f"{cut}…"


# A sentence ends at . ! ? or … (closing quotes included) before a blank and anything but a small letter
# (of any alphabet: "2025 ж. қаңтарда"), unless the full stop follows a single letter ("U.S. ", "J. Smith",
# "г. Ош") or a short title ("Dr. ", "им. Манаса").
_SENTENCE = re.compile(
    r"(?:(?<!\b[^\W\d_])(?<!\b(?:Dr|Mr|Ms|St|No|им|ул))\.|(?<!\bMrs)[!?…])([\"”’»)]*)(?=\s+(\S))"
)


def word_count(tokens: Sequence[Token]) -> int:
    """How many words a reader reads."""
    return len(to_text(tokens).split())
