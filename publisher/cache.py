"""What was worked out before, in a folder that may be deleted at any time *.

An entry has a name, under which the newest one stands, and a key: all that it was worked out from.
It is given back for just that key, by just that version of the program, and only whole; in every
other case it is worked out again. So nothing here can make a result wrong, only late.

What is written waits in memory until `keep`: a run that fails or only looks leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_DIGEST = 64


@dataclass(frozen=True)
class Cache:
    """Entries of one version of the program; without a folder nothing is kept."""

    folder: Path | None = None
    version: str = ""
    opened: float = 0.0  # Unix seconds; 0: nobody looked at the clock, so that every look is too fresh
    drafts: dict[str, bytes] = field(default_factory=dict)

    def read(self, name: str, key: str) -> bytes | None:
        """What was kept under a name for this key."""
        if self.folder is None:
            return None
        try:
            entry = (self.folder / name).read_bytes()
        except OSError:
            return None
        data = entry[_DIGEST:]
        return data if entry[:_DIGEST] == self._seal(key, data) else None

    def write(self, name: str, key: str, data: bytes) -> None:
        """Have something ready to be kept."""
        if self.folder is not None:
            self.drafts[name] = self._seal(key, data) + data

    def keep(self) -> None:
        """Put everything that was written where the next run finds it."""
        for name, entry in self.drafts.items():
            self._put(name, entry)
        self.drafts.clear()

    def _put(self, name: str, entry: bytes) -> None:
        """Replace an entry whole; where the disk refuses, the next run is slower and nothing else.

        Only new files are written into, since one that stands there may be a link that leads elsewhere.
        """
        if self.folder is None:
            return
        target = self.folder / name
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        with suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                _make(self.folder / ".gitignore", b"*\n")
            try:
                _make(draft, entry)
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)

    def _seal(self, key: str, data: bytes) -> bytes:
        return hashlib.sha256(b"\0".join((self.version.encode(), key.encode(), data))).hexdigest().encode()


def _make(file: Path, data: bytes) -> None:
    with file.open("xb") as new:
        new.write(data)
