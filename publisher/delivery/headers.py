"""Header lines by our own hand, and a gate that looks at what really goes on the wire.

`email.message.EmailMessage` decodes what looks like an encoded word and writes it out again, so
that the harmless-looking title `=?utf-8?q?=0D=0ABcc=3A_a=40b.example?=` becomes a second header
line (seen on Python 3.11.7). Here text is either plain ASCII or an encoded word of our making,
and `check_wire` then reads the finished bytes as a server would.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence

from publisher.errors import PublisherError

_WIDTH = 76
_LONGEST_LINE = 998  # octets without CRLF, RFC 5322 sec. 2.1.1
# 52 letters of base64, 64 with what stands around them: fits a line behind a name of ten (RFC 2047 sec. 2)
_WORD_OCTETS = 39
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_ATOM_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FIELD = re.compile(rb"([!-9;-~]+): ?(.*)", re.DOTALL)


class WireError(PublisherError):
    """A message that must not leave: its bytes are not what was meant."""


def unstructured(name: str, text: str) -> bytes:
    """A header such as Subject: folded ASCII, or encoded words (RFC 2047) for anything else."""
    return _folded(name, _words(text) if not _is_plain(text) else text.split(" "))


def mailbox(name: str, display: str, address: str) -> bytes:
    """`From: "Steppe Letter" <desk@letter.example>`: the name can never be read as an address."""
    spec = f"<{_refuse_controls(address)}>"
    return _folded(name, [*_phrase(display), spec] if display else [spec])


def structured(name: str, value: str) -> bytes:
    """A header of our own making, kept on one line: a folded List-Unsubscribe breaks signatures on the way.

    Raises WireError for a value that is not ASCII, or too long for a line.
    """
    line = f"{name}: {value}"
    if not _PLAIN.fullmatch(value) or len(line) > _LONGEST_LINE:
        raise WireError(f"{name} cannot be written on one line: {value[:80]!r}", hint="shorten it, in ASCII")
    return line.encode() + b"\r\n"


def list_id(title: str, identifier: str) -> bytes:
    """`List-Id: Steppe Letter <briefing.letter.example>` (RFC 2919)."""
    return _folded("List-Id", [*_phrase(title), f"<{_refuse_controls(identifier)}>"])


def check_wire(message: bytes, names: Sequence[str]) -> None:
    """Read a finished message as a server does; raise WireError unless it is what was meant.

    As `check_head`, and over the whole message: no bare CR or LF, no NUL, no line that begins with a dot or has over 998 octets.
    """
    check_head(message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", names, utf8=True)
    _check_lines(message)


def check_head(head: bytes, names: Sequence[str], *, utf8: bool = False) -> None:
    """The header names are exactly `names` in their order, each line is whole, and all is ASCII.

    `utf8` allows UTF-8, for an address that needs SMTPUTF8 (RFC 6532).
    """
    _check_lines(head)
    if not (utf8 or head.isascii()):
        raise WireError("The message has a header that is not ASCII", hint="report this")
    found = tuple(field_names(head))
    if found != tuple(names):
        raise WireError(f"The message's headers are {found}, not {tuple(names)}", hint="report this")


class Gate:
    """`check_head` for header lines of which all but the values is known, in one match: 2 µs instead of 15.

    What it lets pass, `check_head` lets pass (a property test holds it to that): these names, in this
    order, once each, no line over 998 octets, no bare CR or LF, no NUL.
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Expect lines with these names."""
        self._ascii = _lines_named(names, rb"[\t -~]")
        self._utf8 = _lines_named(names, rb"[^\0\r\n]")

    def check(self, lines: bytes, *, utf8: bool = False) -> None:
        """Raise WireError unless the lines are what was meant; `utf8` allows UTF-8 (RFC 6532)."""
        if not (self._utf8 if utf8 else self._ascii).fullmatch(lines):
            raise WireError(f"The letter's own headers are not as meant: {lines[:200]!r}", hint="report this")


def _lines_named(names: Sequence[str], octet: bytes) -> re.Pattern[bytes]:
    room = b"{0,%d}" % (_LONGEST_LINE - 1 - max(map(len, names)))
    value = b":" + octet + room + rb"\r\n(?:[\t ]" + octet + room + rb"\r\n)*+"
    return re.compile(b"".join(re.escape(name.encode()) + value for name in names))


def _check_lines(message: bytes) -> None:
    if b"\0" in message or b"\r" in message.replace(b"\r\n", b"") or b"\n" in message.replace(b"\r\n", b""):
        raise WireError(
            "The message has a bare line break or a NUL", hint="report this with the issue's title"
        )
    if message.startswith(b".") or b"\n." in message:
        raise WireError("The message has a line that begins with a dot", hint="report this")
    if max(map(len, message.split(b"\r\n"))) > _LONGEST_LINE:
        raise WireError("The message has a line of more than 998 octets", hint="report this")


def field_names(message: bytes) -> Iterator[str]:
    """The names of all header fields, in order (RFC 5322 sec. 2.2)."""
    head = message.partition(b"\r\n\r\n")[0]
    for field in re.split(rb"\r\n(?![ \t])", head):
        match = _FIELD.fullmatch(field)
        if match is None:
            raise WireError(f"The message has a line that is no header: {field[:60]!r}", hint="report this")
        yield match[1].decode("ascii")


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and "=?" not in text and max(map(len, text.split(" "))) < _WIDTH


def _phrase(display: str) -> list[str]:
    """A display name: atoms, a quoted string, or encoded words (RFC 5322 sec. 3.2.5)."""
    if not _is_plain(display):
        return _words(display)
    if _ATOM_PHRASE.fullmatch(display):
        return display.split(" ")
    quoted = display.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'.split(" ")


def _words(text: str) -> list[str]:
    """Encoded words that never split a character (RFC 2047 sec. 5)."""
    _refuse_controls(text)
    pieces, piece = [], b""
    for octets in map(str.encode, text):
        if len(piece) + len(octets) > _WORD_OCTETS:
            pieces.append(piece)
            piece = b""
        piece += octets
    return [f"=?utf-8?b?{b64encode(p).decode()}?=" for p in (*pieces, piece)]


def _folded(name: str, words: Sequence[str]) -> bytes:
    """Fold between words, so that unfolding gives the same text (RFC 5322 sec. 2.2.3)."""
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > _WIDTH and not lines[-1].endswith(":"):
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines).encode() + b"\r\n"


def _refuse_controls(text: str) -> str:
    if found := _CONTROL.search(text):
        raise WireError(
            f"A header would carry the control character U+{ord(found.group()):04X}", hint="delete it"
        )
    return text
