"""Markdown -> safe HTML, plain text, an excerpt: all from one stream of tokens.

CommonMark with tables and ~~deletions~~; raw HTML is text, never markup. HTML goes through an
allow-list as the last step, so that even a fault in the parser could not let a script out.
Writers of other formats (the letter's text part) read the tokens themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any, Literal
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from publisher.content.remarks import without_remarks

MAX_DEPTH = 100
MAX_BRACKETS = 3000

TAGS = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
CLASSES = {"th": {"end", "center"}, "td": {"end", "center"}}
"""What an author's `---:` and `:---:` become: the side where the language's lines end, or the middle."""
SCHEMES = frozenset({"http", "https", "mailto"})

_DEEP = re.compile(r"^[ \t>*+\-\d.)]{50,}", re.MULTILINE)
_OPENERS = "*_[~>"


class _Renderer(RendererHTML):
    """Writes absolute addresses and shifted headings, leaving the shared tokens as they are."""

    def heading_open(
        self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """Move a heading to where it stands in the page as a whole."""
        del tokens, options
        return f"<h{env['levels'][idx]}>"

    def heading_close(
        self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """The end of the same."""
        del tokens, options
        return f"</h{env['levels'][idx]}>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]) -> str:
        """The head of a column, its alignment as a class: styles belong to pages and letters."""
        del options, env
        return f"<th{_alignment(tokens[idx])}>"

    def td_open(self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]) -> str:
        """A cell, with the same."""
        del options, env
        return f"<td{_alignment(tokens[idx])}>"

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """A link, its address made absolute."""
        del options
        address = escapeHtml(urljoin(env["base"], str(tokens[idx].attrGet("href") or "")))
        return f'<a href="{address}"{_title(tokens[idx])}>'

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]) -> str:
        """A picture, its address made absolute."""
        token = tokens[idx]
        address = escapeHtml(urljoin(env["base"], str(token.attrGet("src") or "")))
        alt = escapeHtml(self.renderInlineAsText(token.children or [], options, env))
        return f'<img src="{address}" alt="{alt}"{_title(token)}>'


def _levels(tokens: Sequence[Token], top: int) -> dict[int, int]:
    """The level of each heading's two ends: one below the heading it stands under, whatever was typed."""
    above: list[int] = []
    levels: dict[int, int] = {}
    for n, token in enumerate(tokens):
        if token.type == "heading_open":
            typed = int(token.tag[1])
            above = [*(level for level in above if level < typed), typed]
        if token.type in {"heading_open", "heading_close"}:
            levels[n] = min(6, top + len(above) - 1)
    return levels


def _alignment(token: Token) -> str:
    side = str(token.attrGet("style") or "").removeprefix("text-align:")
    name = {"right": "end", "center": "center"}.get(side)
    return f' class="{name}"' if name else ""


def _title(token: Token) -> str:
    title = token.attrGet("title")
    return f' title="{escapeHtml(str(title))}"' if title else ""


_PARSER = MarkdownIt(
    "commonmark", {"html": False, "maxNesting": MAX_DEPTH + 20, "xhtmlOut": False}, renderer_cls=_Renderer
).enable(["table", "strikethrough"])


def parse(markdown: str) -> list[Token]:
    """Read Markdown; `<!-- remarks -->` are dropped, lines keep their numbers.

    Raises ValueError when lists, quotations or emphasis are more than 100 deep, and for thousands
    of square brackets: the parser looks for the end of each, which takes their number squared.
    """
    if markdown.count("[") > MAX_BRACKETS:
        raise ValueError(f"has more than {MAX_BRACKETS:,} square brackets")
    try:
        tokens = _PARSER.parse(without_remarks(markdown))
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


def to_html(
    tokens: Sequence[Token], *, base_url: str, top_heading: int = 3, with_classes: bool = False
) -> str:
    """Write safe HTML.

    Relative addresses are resolved against `base_url`. The highest headings of the text become
    `<h3>` (`top_heading`), whether typed as `##` or `###`, and no level is skipped below them.
    `with_classes` marks aligned cells for whoever has a style sheet; a feed has none.
    """
    env = {"base": base_url, "levels": _levels(tokens, top_heading)}
    html = _PARSER.renderer.render(tokens, _PARSER.options, env)
    return nh3.clean(
        str(html),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        allowed_classes={tag: set(names) for tag, names in CLASSES.items()} if with_classes else None,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


def to_text(tokens: Sequence[Token]) -> str:
    """Write the words alone, a paragraph a line."""
    return "\n".join(line for token in tokens if token.type in _LEAVES and (line := leaf_text(token)))


_LEAVES = frozenset({"inline", "fence", "code_block"})


def leaf_text(token: Token) -> str:
    """The words of one paragraph, heading, cell or code block."""
    if token.type != "inline":
        return token.content.strip()
    return "".join(_words(child) for child in token.children or ()).strip()


def _words(token: Token) -> str:
    """The words of one inline token; a picture counts with what it shows."""
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    if token.type == "image":
        return "".join(_words(child) for child in token.children or ())
    return token.content if token.type in {"text", "code_inline", "text_special"} else ""


def paragraphs(tokens: Sequence[Token]) -> list[str]:
    """The words of the plain paragraphs: no headings, lists, quotations, tables."""
    return [
        text
        for before, token in pairwise(tokens)
        if before.type == "paragraph_open" and before.level == 0 and (text := leaf_text(token))
    ]


def excerpt(tokens: Sequence[Token], limit: int = 280) -> str:
    """The beginning in at most `limit` characters."""
    return shortened(next(iter(paragraphs(tokens)), "") or next(iter(to_text(tokens).split("\n")), ""), limit)


def shortened(text: str, limit: int = 280) -> str:
    """One line of words in at most `limit` characters: whole sentences if one fits, else whole words."""
    if len(text) <= limit:
        return text
    head = text[: limit + 1]
    ends = [end.end(1) for end in _SENTENCE.finditer(head) if end.end(1) <= limit]
    if ends:
        return head[: ends[-1]]
    cut = head[:limit].rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return f"{cut}…"


# A sentence ends at . ! ? or … (closing quotes included) before a blank and a capital, digit or quote,
# unless the full stop follows a single capital ("U.S. ", "J. Smith") or a short title ("Dr. ").
_SENTENCE = re.compile(
    r"(?:(?<!\b[A-ZА-Я])(?<!\b(?:Dr|Mr|Ms|St|No))\.|(?<!\bMrs)[!?…])([\"”’»)]*)(?=\s+[^a-zа-я\s])"
)


def word_count(tokens: Sequence[Token]) -> int:
    """How many words a reader reads."""
    return len(to_text(tokens).split())


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
                found.append(Address("image", _words(child), str(child.attrGet("src") or ""), line))
    return found


def _words_until(tokens: Sequence[Token], end: str) -> str:
    """The words before a closing token."""
    return "".join(_words(token) for token in takewhile(lambda token: token.type != end, tokens)).strip()
