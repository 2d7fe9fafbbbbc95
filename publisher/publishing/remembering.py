"""What stands in the output folder already, so that it need not be made again *.

The cache holds a note of every batch that was published: its recipe, and its files with their looks
and digests. While the recipe is the same and the files stand as they were left, they are taken as
they are: a file that looks the same (inode, size, both times of change) is not read, any other is
compared by its digest. The note may be lost or spoilt at any time: then everything is made, and
compared with what stands.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from stat import S_ISREG

from pydantic import TypeAdapter, ValidationError

from publisher.publishing.batches import Batch
from publisher.publishing.compression import with_variants

Noted = tuple[str, str]
"""What a file looked like, and a digest of its bytes."""


@dataclass
class Memory:
    """The batches of one output folder: what was published, and what is being published."""

    output: Path
    before: dict[str, tuple[str, dict[str, Noted]]] = field(default_factory=dict)
    now: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def files(self, batches: Iterable[Batch]) -> Iterator[tuple[str, bytes | None]]:
        """Every file once; None instead of its bytes where it stands already.

        Pictures are named after their content, so that two batches may well bring the same one.
        """
        seen: set[str] = set()
        for batch in batches:
            digests = self._standing(batch)
            self.now[batch.name] = (batch.recipe, digests)
            for path, data in dict.fromkeys(digests).items() or with_variants(batch.make()):
                if data is not None:
                    digests[path] = _digest(data)
                if path not in seen or not path.startswith("assets/"):
                    yield path, data
                seen.add(path)

    def _standing(self, batch: Batch) -> dict[str, str]:
        """The files of a batch with their digests, if all stand as they were left; else nothing."""
        recipe, files = self.before.get(batch.name, ("", {}))
        if recipe != batch.recipe or not all(self._stands(path, *noted) for path, noted in files.items()):
            return {}
        return {path: digest for path, (_, digest) in files.items()}

    def _stands(self, path: str, look: str, digest: str) -> bool:
        """Whether a file is what it was: a link to it, or a copy of the site, changes only its looks."""
        now = _look(place := f"{self.output}/{path}")
        return now != "" and (now == look or _digest_of(place) == digest)

    def note(self) -> bytes:
        """What is worth remembering, once everything has been published."""
        noted = {
            name: (recipe, {path: (_look(f"{self.output}/{path}"), its) for path, its in digests.items()})
            for name, (recipe, digests) in self.now.items()
        }
        return json.dumps(noted, separators=(",", ":")).encode()


_NOTE = TypeAdapter(dict[str, tuple[str, dict[str, Noted]]])


def remembered(output: Path, note: bytes | None) -> Memory:
    """What an earlier publish noted of this folder, as far as it can be read."""
    try:
        return Memory(output, _NOTE.validate_json(note or b"{}"))
    except ValidationError:
        return Memory(output)


def _look(place: str) -> str:
    """What changes whenever a file does, even if somebody sets its time back; nothing for what is no file."""
    try:
        found = os.stat(place)  # noqa: PTH116  # fifty thousand Paths would take seconds
    except OSError:
        return ""
    looks = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return " ".join(map(str, looks)) if S_ISREG(found.st_mode) else ""


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def _digest_of(place: str) -> str:
    try:
        return _digest(Path(place).read_bytes())
    except OSError:
        return ""
