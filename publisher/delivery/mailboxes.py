"""Where reports arrive: standard input, a maildir, an mbox, an IMAP folder *.

A message is marked as done only after what it says has been recorded, so that a crash loses none;
recording the same report twice changes nothing.
"""

from __future__ import annotations

import imaplib
import mailbox
import ssl
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from publisher.errors import ConfigurationError, Finding, InputError, UnavailableError

LONGEST = 10_000_000
"""Bytes of a message that are read; reports are small, and what is larger is no report."""
PATIENCE = 30.0
"""Seconds that an IMAP server has for each answer."""


@dataclass(frozen=True)
class Arrival:
    """A message, and how to mark that it has been dealt with."""

    data: bytes
    done: Callable[[], None]


def arrivals(source: str, password: str) -> Iterator[Arrival]:
    """What lies in `-`, a maildir, an mbox file, or `imaps://user@host/folder`.

    Raises InputError for a source that is not there, UnavailableError for a silent server.
    """
    if source == "-":
        yield Arrival(sys.stdin.buffer.read(LONGEST), lambda: None)
    elif source.startswith(("imap://", "imaps://")):
        yield from _imap(source, password)
    elif (Path(source) / "new").is_dir():
        yield from _maildir(Path(source))
    elif Path(source).is_file():
        yield from _mbox(Path(source))
    else:
        hint = "name a maildir, an mbox file, imaps://user@host/folder, or -"
        raise InputError([Finding(source, 0, 0, "", "is no mailbox", hint)])


def _maildir(path: Path) -> Iterator[Arrival]:
    """New messages; what is dealt with moves to `cur` and is marked as seen."""
    for file in sorted((path / "new").iterdir()):
        target = path / "cur" / f"{file.name}:2,S"
        with file.open("rb") as message:
            yield Arrival(message.read(LONGEST), partial(_move, file, target))


def _move(file: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    file.rename(target)


def _mbox(path: Path) -> Iterator[Arrival]:
    """All messages; the file is only read."""
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.keys():  # noqa: SIM118  # a mailbox is no mapping: iterating it parses every message
            yield Arrival(box.get_bytes(key)[:LONGEST], lambda: None)
    finally:
        box.close()


def _imap(source: str, password: str) -> Iterator[Arrival]:
    """Unseen messages; what is dealt with is marked as seen, nothing is deleted."""
    parts = urlsplit(source)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    try:
        with _connection(parts.scheme, parts.hostname or "", parts.port) as server:
            server.login(unquote(parts.username or ""), password)
            server.select(f'"{folder}"')
            _, found = server.search(None, "UNSEEN")
            for number in (found[0] or b"").decode().split():
                _, answer = server.fetch(number, f"(BODY.PEEK[]<0.{LONGEST}>)")
                data = next((bytes(item[1]) for item in answer if isinstance(item, tuple)), b"")
                yield Arrival(data, partial(_seen, server, number))
    except imaplib.IMAP4.error as error:
        raise ConfigurationError(
            f"{parts.hostname} refused: {error}",
            hint="check the user, PUBLISHER_IMAP_PASSWORD and the folder",
        ) from error
    except OSError as error:
        raise UnavailableError(
            f"{parts.hostname} does not answer: {error}", hint="try again later"
        ) from error


def _connection(scheme: str, host: str, port: int | None) -> imaplib.IMAP4:
    """TLS with a checked certificate always; plain IMAP only on this machine."""
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(
            host, port or 993, ssl_context=ssl.create_default_context(), timeout=PATIENCE
        )
    server = imaplib.IMAP4(host, port or 143, timeout=PATIENCE)
    if host not in {"localhost", "127.0.0.1", "::1"}:
        server.starttls(ssl.create_default_context())
    return server


def _seen(server: imaplib.IMAP4, number: str) -> None:
    server.store(number, "+FLAGS", "\\Seen")
