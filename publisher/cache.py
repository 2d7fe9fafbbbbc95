"""What was worked out before, in a folder that may be deleted at any time *.

An entry has a name, under which the newest one stands, and a key: all that it was worked out from.
It is given back for just that key, by just that version of the program, and only whole; in every
other case it is worked out again. So nothing here can make a result wrong, only late.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_DIGEST = 64


@dataclass(frozen=True)
class Cache:
    """Entries of one version of the program; without a folder nothing is kept."""

    folder: Path | None = None
    version: str = ""
    read_only: bool = False  # for those who must leave everything as it is

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
        """Keep something; where the disk refuses, the next run is slower and nothing else."""
        if self.folder is None or self.read_only:
            return
        target = self.folder / name
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        with suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.folder / ".gitignore").write_text("*\n", encoding="utf-8")
            try:
                draft.write_bytes(self._seal(key, data) + data)
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)

    def _seal(self, key: str, data: bytes) -> bytes:
        return hashlib.sha256(b"\0".join((self.version.encode(), key.encode(), data))).hexdigest().encode()
