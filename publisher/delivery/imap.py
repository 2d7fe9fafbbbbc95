"""Unseen messages of an IMAP folder (RFC 3501) *; what is dealt with is marked as seen, nothing is deleted."""

from __future__ import annotations

import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote, urlsplit

from publisher.delivery.replies import spoken
from publisher.errors import ConfigurationError, Finding, InputError, PublisherError, UnavailableError

PATIENCE = 30.0
"""Seconds that the server has for each answer."""
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
Said = bytes | tuple[bytes, ...] | None
"""A line of an answer, or a line and the bytes that it announced."""
_SHIFTED = re.compile(r"&|[^\x20-\x7e]+")


@dataclass(frozen=True)
class Place:
    """Where a folder is: `imaps://user@host:port/folder`."""

    host: str
    port: int
    user: str
    folder: str
    implicit: bool  # TLS from the first byte

    @classmethod
    def of(cls, source: str) -> Place:
        """Read the address. Raises InputError."""
        parts = urlsplit(source)
        implicit = parts.scheme == "imaps"
        try:
            port = parts.port or (993 if implicit else 143)
        except ValueError:
            port = 0
        if not (port and parts.hostname and parts.username):
            hint = "write imaps://user@host/folder; the password is in PUBLISHER_IMAP_PASSWORD"
            raise InputError([Finding(source, 0, 0, "", "is no address of a mailbox", hint)])
        folder = unquote(parts.path.strip("/")) or "INBOX"
        return cls(parts.hostname, port, unquote(parts.username), folder, implicit)


def unseen(
    place: Place, password: str, longest: int
) -> Generator[tuple[bytes, Callable[[], None]], None, None]:
    """Each unseen message, up to `longest` bytes of it, and how to mark it as seen.

    Raises ConfigurationError where the server refuses us, UnavailableError where it does not answer.
    """
    with _answering(place):
        server = _opened(place)
    try:
        with _answering(place):
            _enter(server, place, password)
            found = _told(server.uid("SEARCH", "UNSEEN"))[0]
        for number in found.decode().split() if isinstance(found, bytes) else ():
            with _answering(place):
                parts = _told(server.uid("FETCH", number, f"(BODY.PEEK[]<0.{longest}>)"))
            data = next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)
            if data is not None:  # None: somebody has deleted it meanwhile
                yield data, partial(_mark, server, place, number)
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()
        with suppress(OSError):  # where logging out was not possible
            server.shutdown()


def _opened(place: Place) -> imaplib.IMAP4:
    if place.implicit:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(place.host, place.port, ssl_context=context, timeout=PATIENCE)
    return imaplib.IMAP4(place.host, place.port, timeout=PATIENCE)


def _enter(server: imaplib.IMAP4, place: Place, password: str) -> None:
    """Log in, beyond ASCII if the server can (LOGIN cannot), and open the folder.

    Without TLS and a good certificate no password is told, except to this very machine.
    """
    if not place.implicit and place.host not in _HERE:
        if "STARTTLS" not in server.capabilities:
            raise imaplib.IMAP4.error("it offers no TLS, so it gets no password")
        server.starttls(ssl.create_default_context())
    if "AUTH=PLAIN" in server.capabilities:
        server.authenticate("PLAIN", lambda _: f"\0{place.user}\0{password}".encode())
    else:
        server.login(place.user, password)
    _told(server.select(f'"{folder_name(place.folder)}"'))


def _mark(server: imaplib.IMAP4, place: Place, number: str) -> None:
    with _answering(place):
        _told(server.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)"))


def _told(answer: tuple[str, Sequence[Said]]) -> Sequence[Said]:
    """What the server says, if it says OK."""
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(data[-1])
    return data


@contextmanager
def _answering(place: Place) -> Iterator[None]:
    """Turn what may go wrong in a talk into our own errors."""
    try:
        yield
    except (imaplib.IMAP4.abort, OSError) as error:
        if not isinstance(error, ssl.SSLCertVerificationError | imaplib.IMAP4.readonly):
            raise UnavailableError(
                f"{place.host} does not answer: {_words(error)}", hint="try again later; nothing is lost"
            ) from error
        raise _refused(place, error) from error
    except (imaplib.IMAP4.error, UnicodeEncodeError) as error:
        raise _refused(place, error) from error


def _refused(place: Place, error: Exception) -> PublisherError:
    hint = "check the address, PUBLISHER_IMAP_PASSWORD, the folder and the certificate"
    return ConfigurationError(f"{place.host} refused {place.user}: {_words(error)}", hint=hint)


def _words(error: Exception) -> str:
    said = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error).encode()
    return spoken(said.decode("utf-8", "replace"))[:200]


def folder_name(name: str) -> str:
    """`Отказы` -> `&BB4EQgQ6BDAENwRL-`, as IMAP writes names (RFC 3501 sec. 5.1.3), fit for quotes."""
    quoted = name.replace("\\", r"\\").replace('"', r"\"")
    return _SHIFTED.sub(_shifted, quoted)


def _shifted(found: re.Match[str]) -> str:
    text = found.group()
    coded = b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
    return "&-" if text == "&" else f"&{coded}-"
