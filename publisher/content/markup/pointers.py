"""Tokens -> links and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from markdown_it.token import Token

from publisher.content.markup.words import words_of


@dataclass(frozen=True)
class Address:
    """A link or a picture: its words (or alt text), where it leads, and its paragraph's line from 0."""

    kind: Literal["link", "image"]
    words: str
    address: str
    line: int


def addresses(tokens: Sequence[Token]) -> list[Address]:
    """Every link and picture, in reading order."""
    found: list[Address] = []
    for token in tokens:
        line = token.map[0] if token.map else found[-1].line if found else 0
        children = token.children or []
        for position, child in enumerate(children):
            if child.type == "link_open":
                words = _words_until(children[position + 1 :], "link_close")
                found.append(Address("link", words, str(child.attrGet("href") or ""), line))
            elif child.type == "image":
                found.append(Address("image", words_of(child), str(child.attrGet("src") or ""), line))
    return found


def _words_until(tokens: Sequence[Token], end: str) -> str:
    """The words before a closing token."""
    return "".join(words_of(token) for token in takewhile(lambda token: token.type != end, tokens)).strip()
