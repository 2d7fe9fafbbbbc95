"""Markdown -> tokens: CommonMark with tables and ~~deletions~~; raw HTML is text, never markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from publisher.content.remarks import without_remarks

MAX_DEPTH = 100
MAX_BRACKETS = 3000

_DEEP = re.compile(r"^[ \t>*+\-\d.)]{50,}", re.MULTILINE)
_OPENERS = "*_[~>"

PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_DEPTH + 20, "xhtmlOut": False}).enable(
    ["table", "strikethrough"]
)


def parse(markdown: str) -> list[Token]:
    """Read Markdown; `<!-- remarks -->` are dropped, lines keep their numbers.

    Raises ValueError when lists, quotations or emphasis are more than 100 deep, and for thousands
    of square brackets: the parser looks for the end of each, which takes their number squared.
    """
    if markdown.count("[") > MAX_BRACKETS:
        raise ValueError(f"has more than {MAX_BRACKETS:,} square brackets")
    try:
        tokens = PARSER.parse(without_remarks(markdown))
    except RecursionError:
        raise ValueError(f"nests lists or quotations more than {MAX_DEPTH} deep") from None
    if max((token.level for token in walk(tokens)), default=0) > MAX_DEPTH:
        raise ValueError(f"nests lists or quotations more than {MAX_DEPTH} deep")
    return tokens


def may_be_deep(markdown: str) -> bool:
    """Tell cheaply whether nesting could exceed the limit at all; most articles need no parse to know."""
    return sum(map(markdown.count, _OPENERS)) > MAX_DEPTH or bool(_DEEP.search(markdown))


def walk(tokens: Sequence[Token]) -> Iterator[Token]:
    """All tokens, the ones inside lines included, in reading order."""
    for token in tokens:
        yield token
        yield from walk(token.children or ())
