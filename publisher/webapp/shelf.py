"""The published files, read once and kept in memory while they stay the same."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from publisher.publishing.compression import SUFFIXES
from publisher.webapp.conditional import Validators

_LARGEST = 4_000_000
"""Bytes of a file that is kept; a larger one is read when asked for."""


@dataclass(frozen=True)
class Book:
    """One file in one encoding."""

    data: bytes
    validators: Validators


class Shelf:
    """Files below a folder. The folder may be swapped for another at any time: nothing is assumed to last."""

    def __init__(self, root: Path, capacity: int = 64_000_000) -> None:
        """Keep at most `capacity` bytes; what was asked for longest ago goes first."""
        self._root, self._capacity, self._held = root, capacity, 0
        self._books: OrderedDict[str, tuple[tuple[int, int, int], Book]] = OrderedDict()

    def encodings(self, path: str) -> list[str]:
        """In which encodings a file stands beside itself."""
        return [name for name, suffix in SUFFIXES.items() if self._stat(path + suffix)]

    def is_folder(self, path: str) -> bool:
        """Whether a path names a folder with a page of its own."""
        return self._stat(f"{path}/index.html") is not None

    def take(self, path: str, encoding: str = "") -> Book | None:
        """Read a file, or remember it if neither time, size nor file changed since."""
        name = path + SUFFIXES.get(encoding, "")
        if not (found := self._stat(name)):
            return None
        signature = (found.st_mtime_ns, found.st_size, found.st_ino)
        kept = self._books.get(name)
        if kept and kept[0] == signature:
            self._books.move_to_end(name)
            return kept[1]
        return self._read(name, signature)

    def _read(self, name: str, signature: tuple[int, int, int]) -> Book | None:
        try:
            data = (self._root / name).read_bytes()
        except OSError:  # swapped away between two looks
            return None
        tag = '"' + hashlib.sha256(data).hexdigest()[:32] + '"'
        book = Book(data, Validators(tag, datetime.fromtimestamp(signature[0] // 10**9, UTC)))
        self._keep(name, signature, book)
        return book

    def _keep(self, name: str, signature: tuple[int, int, int], book: Book) -> None:
        if before := self._books.pop(name, None):
            self._held -= len(before[1].data)
        if len(book.data) > _LARGEST:
            return
        self._books[name] = (signature, book)
        self._held += len(book.data)
        while self._held > self._capacity:
            _, (_, oldest) = self._books.popitem(last=False)
            self._held -= len(oldest.data)

    def _stat(self, name: str) -> os.stat_result | None:
        """Only plain files, and none that is hidden or outside."""
        if any(part.startswith(".") or not part for part in name.split("/")) or "\0" in name:
            return None
        try:
            found = (self._root / name).stat()
        except (OSError, ValueError):
            return None
        return found if stat.S_ISREG(found.st_mode) else None
