"""Bytes from a server -> replies (RFC 5321 sec. 4.2). Anything else is garbage, and ends the talk."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from publisher.delivery.models import Reply

LIMIT = 65536
"""Bytes of one unfinished reply; more is an attack or a fault."""


_SPOKEN = 300  # of a line of words; some send a page


class GarbageError(Exception):
    """What came is no SMTP reply: nothing said on this connection can be trusted any more."""


def spoken(words: object) -> str:
    """A server's words on one line, without what would move a terminal's cursor."""
    line = " ".join(str(words).split())[:_SPOKEN]
    return "".join(sign for sign in line if sign.isprintable())


class Replies:
    """Collects bytes into replies; multi-line ones become one, their lines joined by blanks."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._rest = b""
        self._lines: list[Reply] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Yield the replies that are complete now; those before any garbage still count. Raises GarbageError."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            reply, more = _read(line)
            if not more and not self._lines:
                yield reply
            elif (whole := self._joined(reply, len(line), more=more)) is not None:
                yield whole
        if len(self._rest) + self._size > LIMIT:
            raise GarbageError("the server's reply does not end")

    def _joined(self, reply: Reply, size: int, *, more: bool) -> Reply | None:
        """One more line of a reply of several; the whole of it after its last."""
        self._lines.append(reply)
        self._size += size
        if self._lines[0].code != reply.code:  # taken or refused? RFC 5321 sec. 4.2.1 forbids it
            raise GarbageError(f"the server said {self._lines[0].code} and {reply.code} in one reply")
        if more:
            return None
        text = " ".join(filter(None, [said.text for said in self._lines]))
        self._lines, self._size = [], 0
        return Reply(reply.code, text)


@lru_cache(maxsize=64)
def _read(line: bytes) -> tuple[Reply, bool]:
    """One line, and whether more of the reply follow; a server says the same few over and over."""
    code, mark = line[:3], line[3:4].strip()
    if not code.isdigit() or not 200 <= int(code) < 600 or mark not in (b"", b"-"):  # noqa: PLR2004  # RFC 5321 sec. 4.2.1
        raise GarbageError(f"the server said {line[:60].decode('ascii', 'backslashreplace')!r}")
    return Reply(int(code), spoken(line[4:].decode("utf-8", "replace"))), bool(mark)
