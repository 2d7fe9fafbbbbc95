"""Lines of plain text for mail: 72 columns wide as the eye measures, and format=flowed (RFC 3676).

A soft line ends in a blank, and clients that know the format join it with the next one; all
others show lines that were broken well already. Lists, tables and rules are hard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wcwidth import iter_graphemes, wcswidth

WIDTH = 72

# A line must not begin with these (the closing half of JIS X 4051's rules is enough here).
_CLOSING = "、。，．：；？！」』）】》〉”’…"
_WIDE = 2

_STUFFED = (" ", ">", "From ")  # RFC 3676, 4.4


@dataclass(frozen=True)
class Line:
    """One line: its words, how deep it is quoted, and whether the next one continues it."""

    text: str
    quote: int = 0
    soft: bool = False


def display_width(text: str) -> int:
    """How many columns a text takes: combining marks none, Chinese two a character."""
    width = wcswidth(text)
    return width if width >= 0 else len(text)


def wrap(text: str, *, first: str = "", rest: str = "", quote: int = 0, soft: bool = True) -> list[Line]:
    """Break a paragraph. `first` and `rest` are indents, written before its lines.

    An address is never broken, however long; any other word that is too long for a line is.
    """
    room = _room(first or rest or text, quote)
    lines: list[Line] = []
    line, empty = first, True
    for glue, word in _pieces(text, room - display_width(rest)):
        if not empty and display_width(line + glue + word) > room:
            lines.append(Line(line, quote, soft and glue == " "))
            line, empty = rest, True
        line += word if empty else glue + word
        empty = False
    return [*lines, Line(line, quote)] if not empty else lines


def _room(text: str, quote: int) -> int:
    """The columns that quote marks, or the blank that is stuffed before some lines, leave."""
    return WIDTH - (quote + 1 if quote else text.startswith(_STUFFED))


def _pieces(text: str, room: int) -> Iterator[tuple[str, str]]:
    """Cut a text where a line may break: (what joins it to the piece before, the piece)."""
    for word in text.split():
        if "://" in word or "@" in word or (display_width(word) <= room and not _is_wide(word)):
            yield " ", word
            continue
        glue = " "
        for piece in _chunks(word, room):
            yield glue, piece
            glue = ""


def _is_wide(word: str) -> bool:
    return any(display_width(sign) == _WIDE for sign in word)


def _chunks(word: str, room: int) -> Iterator[str]:
    """Cut between wide characters, and anywhere in a word longer than a line; never within one sign."""
    chunk = ""
    for sign in iter_graphemes(word):
        breaks = (_is_wide(sign) or _is_wide(chunk)) and sign not in _CLOSING
        if chunk and (breaks or display_width(chunk + sign) > room):
            yield chunk
            chunk = ""
        chunk += sign
    if chunk:
        yield chunk


def verbatim(text: str, *, indent: str = "", quote: int = 0) -> list[Line]:
    """Keep a line of code as it is, its blanks too; what does not fit goes on below."""
    room = _room(indent or text, quote) - display_width(indent)
    rows = [""]
    for sign in iter_graphemes(text):
        if display_width(rows[-1] + sign) > room:
            rows.append("")
        rows[-1] += sign
    return [Line(indent + row, quote) for row in rows]


def flowed(lines: Iterable[Line]) -> str:
    """Write the lines: quote marks, a stuffed blank where a client would misread, soft ends."""
    return "".join(f"{_written(line)}\n" for line in lines)


def _written(line: Line) -> str:
    text = line.text if line.soft else line.text.rstrip(" ")
    if line.quote:
        text = f"{'>' * line.quote} {text}".rstrip(" ")
    elif text.startswith(_STUFFED):
        text = f" {text}"
    return f"{text} " if line.soft else text


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Fill up to a width in columns; numbers stand to the right."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks
