"""Markdown tokens -> lines of the text part: the same words as the HTML, written for 72 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import urljoin

from markdown_it.token import Token

from publisher.rendering.flowed import WIDTH, Line, display_width, padded, verbatim, wrap

_MARKS = {"strong": "*", "em": "_", "s": "~"}
_GAP = "  "


@dataclass
class Footnotes:
    """Addresses in the order in which they are met; each gets one number for the whole letter."""

    base_url: str
    addresses: list[str] = field(default_factory=list)

    def number(self, href: str) -> int:
        """The number of an address, made absolute."""
        address = _as_typed(urljoin(self.base_url, href))
        if address not in self.addresses:
            self.addresses.append(address)
        return self.addresses.index(address) + 1


def text_lines(tokens: Sequence[Token], notes: Footnotes) -> list[Line]:
    """Write blocks with an empty line between them; links become numbers in `notes`."""
    return _Writer(notes).written(tokens)


class _Writer:
    """Walks the tokens once, remembering how deep in quotations and lists it is."""

    def __init__(self, notes: Footnotes) -> None:
        self._notes = notes
        self._lines: list[Line] = []
        self._quote = 0
        self._counters: list[int | None] = []  # the next number of each open list, None for bullets
        self._indents: list[str] = []  # of each open item
        self._mark = ""  # of the item that has no words yet
        self._tight = False

    def written(self, tokens: Sequence[Token]) -> list[Line]:
        at = 0
        while at < len(tokens):
            if tokens[at].type == "table_open":
                end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
                self._block(self._table(tokens[at:end]))
                at = end
            else:
                self._token(tokens, at)
            at += 1
        return self._lines

    def _token(self, tokens: Sequence[Token], at: int) -> None:
        token = tokens[at]
        match token.type:
            case "inline":
                self._words(token, heading=tokens[at - 1].type == "heading_open")
            case "fence" | "code_block":
                code = token.content.rstrip("\n").split("\n")
                indent = f"{self._indent}    "
                self._block(
                    [row for line in code for row in verbatim(line, indent=indent, quote=self._quote)]
                )
            case "hr":
                self._block([Line("* * *", self._quote)])
            case _:
                self._container(token)

    def _container(self, token: Token) -> None:
        """Step into or out of a quotation, a list or one of its items."""
        match token.type:
            case "blockquote_open" | "blockquote_close":
                self._quote += token.nesting
            case "bullet_list_open":
                self._counters.append(None)
            case "ordered_list_open":
                self._counters.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._counters.pop()
                self._tight = bool(self._indents)
            case "list_item_open":
                self._open_item()
            case "list_item_close":
                self._indents.pop()

    def _open_item(self) -> None:
        """Begin with a blank: format=flowed stuffs one more before the mark and before the lines below.

        So marks and words stand in line for clients that take it away and for those that do not.
        """
        number = self._counters[-1]
        if number is None:
            self._mark = " - "
        else:
            self._mark = f" {number}. "
            self._counters[-1] = number + 1
        self._indents.append(" " * len(self._mark))

    @property
    def _indent(self) -> str:
        return "".join(self._indents)

    def _words(self, token: Token, *, heading: bool) -> None:
        text = self._inline(token)
        if not text:
            return
        if heading:
            lines = wrap(text, quote=self._quote, soft=False)
            self._block([*lines, Line("-" * max(display_width(line.text) for line in lines), self._quote)])
        elif self._indents:
            self._item(text)
        else:
            self._block(wrap(text, quote=self._quote))

    def _item(self, text: str) -> None:
        """A list item's paragraph: its first one carries the mark and follows without a gap."""
        first = "".join(self._indents[:-1]) + self._mark if self._mark else self._indent
        lines = wrap(text, first=first, rest=self._indent, quote=self._quote, soft=False)
        self._block(lines, gap=not (self._mark and self._tight))
        self._mark, self._tight = "", True

    def _block(self, lines: Sequence[Line], *, gap: bool = True) -> None:
        if gap and self._lines:
            quote = min(self._quote, self._lines[-1].quote)
            self._lines.append(Line("", quote))
        self._lines.extend(lines)

    def _inline(self, token: Token) -> str:
        """The words of a paragraph, with marks for emphasis and numbers for links."""
        return " ".join("".join(self._pieces(token.children or ())).split())

    def _pieces(self, children: Sequence[Token]) -> Iterator[str]:
        link, words_before = "", ""
        for child in children:
            kind = child.type.rpartition("_")[0]
            if child.type == "link_open":
                link, words_before = str(child.attrGet("href") or ""), ""
            elif child.type == "link_close":
                if _as_typed(link) != words_before:
                    yield f" [{self._notes.number(link)}]"
            elif kind in _MARKS:
                yield _MARKS[kind]
            else:
                words = _words_of(child)
                words_before += words
                yield words

    def _table(self, tokens: Sequence[Token]) -> list[Line]:
        """Columns side by side if they fit, else each row as `head: value` lines."""
        rows: list[list[str]] = []
        right: list[bool] = []
        for before, token in pairwise(tokens):
            if before.type == "tr_open":
                rows.append([])
            if token.type == "inline" and before.type in {"th_open", "td_open"}:
                if len(rows) == 1:
                    right.append("right" in str(before.attrGet("style") or ""))
                rows[-1].append(self._inline(token))
        widths = [max(display_width(row[n]) for row in rows) for n in range(len(rows[0]))]
        if sum(widths) + len(_GAP) * (len(widths) - 1) <= WIDTH - 2 * self._quote:
            return self._columns(rows, widths, right)
        return self._cards(rows)

    def _columns(self, rows: list[list[str]], widths: list[int], right: list[bool]) -> list[Line]:
        def line(cells: Sequence[str]) -> Line:
            aligned = (padded(*cell[:2], right=cell[2]) for cell in zip(cells, widths, right, strict=True))
            return Line(_GAP.join(aligned), self._quote)

        rule = Line(_GAP.join("-" * width for width in widths), self._quote)
        return [line(rows[0]), rule, *(line(row) for row in rows[1:])]

    def _cards(self, rows: list[list[str]]) -> list[Line]:
        lines: list[Line] = []
        for row in rows[1:]:
            if lines:
                lines.append(Line("", self._quote))
            for head, cell in zip(rows[0], row, strict=True):
                if cell:
                    lines += wrap(
                        f"{head}: {cell}" if head else cell, rest="   ", quote=self._quote, soft=False
                    )
        return lines


def _as_typed(address: str) -> str:
    """A mail address alone: with `?subject=…` behind it nobody could write to it."""
    return address.removeprefix("mailto:").partition("?")[0] if address.startswith("mailto:") else address


def _words_of(child: Token) -> str:
    if child.type in {"softbreak", "hardbreak"}:
        return " "
    if child.type == "image":
        alt = "".join(_words_of(inner) for inner in child.children or ())
        return f"[{alt}]" if alt.strip() else ""
    return child.content if child.type in {"text", "code_inline", "text_special"} else ""
