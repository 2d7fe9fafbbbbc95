"""Where reports arrive: standard input, a maildir, an mbox, an IMAP folder *.

A message is marked as done only after what it says has been recorded, so that a crash loses none;
recording the same report twice changes nothing.
"""

from __future__ import annotations

import mailbox
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from publisher.delivery import imap
from publisher.delivery.bounces import LONGEST
from publisher.errors import Finding, InputError


@dataclass(frozen=True)
class Arrival:
    """A message, and how to mark that it has been dealt with."""

    data: bytes
    done: Callable[[], None]


def arrivals(source: str, password: str) -> Generator[Arrival, None, None]:
    """What lies in `-`, a maildir, an mbox file, or `imaps://user@host/folder`.

    Raises InputError for a source that is not there, and what `imap.unseen` raises.
    """
    if source == "-":
        yield Arrival(sys.stdin.buffer.read(LONGEST), _read_on)
    elif source.startswith(("imap://", "imaps://")):
        yield from (Arrival(*found) for found in imap.unseen(imap.Place.of(source), password, LONGEST))
    elif (Path(source) / "new").is_dir():
        yield from _maildir(Path(source))
    elif Path(source).is_file():
        yield from _mbox(Path(source))
    else:
        hint = "name a maildir, an mbox file, imaps://user@host/folder, or -"
        raise InputError([Finding(source, 0, 0, "", "is no mailbox", hint)])


def _read_on() -> None:
    """Take the rest: who writes into a pipe must not find it broken, or would write again."""
    while sys.stdin.buffer.read(LONGEST):
        pass


def _maildir(path: Path) -> Iterator[Arrival]:
    """New messages; what is dealt with moves to `cur` and is marked as seen. Folders and pipes are none."""
    for file in filter(Path.is_file, sorted((path / "new").iterdir())):
        target = path / "cur" / f"{file.name}:2,S"
        with suppress(FileNotFoundError), file.open("rb") as message:  # a mail program has moved it
            yield Arrival(message.read(LONGEST), partial(_move, file, target))


def _move(file: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    with suppress(FileNotFoundError):
        file.rename(target)


def _mbox(path: Path) -> Iterator[Arrival]:
    """All messages; the file is only read."""
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.keys():  # noqa: SIM118  # a mailbox is no mapping: iterating it parses every message
            yield Arrival(box.get_bytes(key)[:LONGEST], lambda: None)
    finally:
        box.close()
