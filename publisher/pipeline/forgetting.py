"""The right to be forgotten (GDPR, Art. 17), wherever Publisher has written of a person *."""

from __future__ import annotations

import codecs
import mmap
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from publisher.config import Settings
from publisher.database import scrub, writing
from publisher.delivery.books import forget
from publisher.errors import PublisherError
from publisher.pipeline.household import database_files
from publisher.subscribers.addresses import mailbox
from publisher.subscribers.letters import FOLDER
from publisher.subscribers.models import Actor, Cause, State, Subscriber
from publisher.subscribers.store import SubscriberStore

_TABLES = ("subscribers", "moves", "wishes", "deliveries")
_LETTERS = (".eml", ".part")
_LONGEST_HEAD = 20_000
_SQLITE = b"SQLite format 3\0"
_WORDS = {  # by the mark that a file begins with: its encodings, and what may stand neither before a word nor after
    codecs.BOM_UTF16_LE: (["utf-16-le"], rb"(?<![\w.+-]\0)", rb"(?![\w-]\0|\.\0\w\0)"),
    codecs.BOM_UTF16_BE: (["utf-16-be"], rb"(?<!\0[\w.+-])", rb"(?!\0[\w-]|\0\.\0\w)"),
    b"": (["utf-8", "cp1251"], rb"(?<![\w.+-])", rb"(?![\w-]|\.\w)"),
}
_ELSEWHERE = {".git", ".venv", "node_modules"}  # packed, or not ours: a search would tell nothing


@dataclass(frozen=True)
class Forgotten:
    """What an erasure found outside the database."""

    letters: list[Path]  # deleted
    traces: list[Path]  # lists and backups that hold the address, or cannot be read: for a person to judge
    beyond: list[str]  # places of the database server that only its administrator can reach
    unfinished: PublisherError | None = None  # why the deleted rows could not be wiped yet


def forget_person(settings: Settings, store: SubscriberStore, reader: Subscriber, now: datetime) -> Forgotten:
    """Erase a reader from database, free pages and logs, and from the letters in our folders.

    The letters go first: broken off, the same command finishes the work. Raises BusyError, OutputError; where
    the reader is erased and only the wiping failed, the answer says so, since nobody could ask for it by address.
    """
    address = mailbox(reader.address) if reader.address else ""
    letters = list(_letters_to(settings, address)) if address else []
    for file in letters:
        file.unlink(missing_ok=True)
    with writing(store.engine) as connection:
        forget(connection, reader.id)
    store.move(reader.id, State.ERASED, Cause(now, Actor.EDITOR))
    traces = list(_traces(settings, {address, reader.address})) if address else []
    try:
        return Forgotten(letters, traces, scrub(store.engine, _TABLES))
    except PublisherError as error:
        return Forgotten(letters, traces, [], error)


def _letters_to(settings: Settings, address: str) -> Iterator[Path]:
    """The letters that we wrote to an address because no server carried them; finished or not.

    Another's file in those folders, such as a list of readers, is not ours to delete.
    """
    ours = [(folder, f"*{end}") for folder in {str(FOLDER), settings.delivery.folder} for end in _LETTERS]
    needle = f"<{address}>".encode().lower()
    for folder, names in (*ours, (settings.delivery.maildir, "*.publisher*")):
        for file in sorted((settings.root / folder).rglob(names)) if folder else ():
            if file.is_file() and needle in _head(file).lower():
                yield file


def _head(file: Path) -> bytes:
    with file.open("rb") as letter:
        return letter.read(_LONGEST_HEAD).partition(b"\r\n\r\n")[0]


def _traces(settings: Settings, spellings: set[str]) -> Iterator[Path]:
    """Other files of the publication that hold the address, as it was typed or as it stands in an envelope."""
    ours = set(database_files(settings))
    for folder, names, files in os.walk(settings.root):
        names[:] = sorted(set(names) - _ELSEWHERE)
        for file in (Path(folder, name) for name in sorted(files)):
            if file not in ours and _may_hold(file, spellings):
                yield file


def _may_hold(file: Path, spellings: Iterable[str]) -> bool:
    """Whether a file holds the address, or is closed to us: that must not stop what is to be wiped after it."""
    try:
        return _holds(file, spellings)
    except FileNotFoundError:  # gone between two looks
        return False
    except OSError:
        return True


def _holds(file: Path, spellings: Iterable[str]) -> bool:
    if not file.is_file() or not file.stat().st_size:
        return False
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        searched = _searched(data[: len(_SQLITE)], spellings)
        return any(re.search(pattern, data, re.IGNORECASE) for pattern in searched)


def _searched(head: bytes, spellings: Iterable[str]) -> set[bytes]:
    """The address as a word, in the encodings that a list may have; a backup has no blanks between its columns."""
    if head == _SQLITE:
        return {re.escape(spelling.encode()) for spelling in spellings}
    mark = next((mark for mark in _WORDS if head.startswith(mark)), b"")
    encodings, before, after = _WORDS[mark]
    needles = {spelling.encode(encoding, "ignore") for spelling in spellings for encoding in encodings}
    return {before + re.escape(needle) + after for needle in needles}
