"""What stands in the output folder already, so that it need not be made again *.

The cache holds a note of every batch that was published: its recipe, how its files looked, and their
digests. While the recipe is the same and the files stand as they were left, they are taken as they
are: files that look the same (inode, size, both times of change) are not read, any others are
compared by their digests. The note may be lost or spoilt at any time: then everything is made, and
compared with what stands.

Every file of the site is looked at once a publish, and once more only if it was written or linked.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from publisher.publishing.batches import Batch
from publisher.publishing.compression import with_variants

Digests = dict[str, str]
"""Of the bytes of files, by their paths."""


class Noted(NamedTuple):
    """A batch as it was left."""

    recipe: str
    look: str  # of its files, one after another; nothing if one was missing, or not looked at yet
    digests: Digests


@dataclass
class Memory:
    """The batches of one output folder: what was published, and what is being published."""

    output: Path
    before: dict[str, Noted] = field(default_factory=dict)
    now: dict[str, Noted] = field(default_factory=dict)

    def files(self, batches: Iterable[Batch]) -> Iterator[tuple[str, bytes | None]]:
        """Every file once; None instead of its bytes where it stands already.

        Pictures are named after their content, so that two batches may well bring the same one.
        """
        seen: set[str] = set()
        for batch in batches:
            noted = self.now[batch.name] = self._standing(batch) or Noted(batch.recipe, "", {})
            for path, data in dict.fromkeys(noted.digests).items() or with_variants(batch.make()):
                if data is not None:
                    noted.digests[path] = _digest(data)
                if path not in seen or not path.startswith("assets/"):
                    yield path, data
                seen.add(path)

    def _standing(self, batch: Batch) -> Noted | None:
        """What was noted of a batch, if all its files stand as they were left.

        A link to a file, or a copy of the site, changes only its looks.
        """
        noted = self.before.get(batch.name)
        if noted is None or noted.recipe != batch.recipe:
            return None
        look = self._look(noted.digests)
        if (look and look == noted.look) or all(
            self._digest_of(path) == its for path, its in noted.digests.items()
        ):
            return noted._replace(look=look)
        return None

    def note(self, touched: AbstractSet[str]) -> bytes:
        """What is worth remembering, once everything has been published; `touched` files look otherwise now."""
        noted = {name: self._after(noted, touched) for name, noted in self.now.items()}
        return json.dumps(noted, separators=(",", ":")).encode()

    def _after(self, noted: Noted, touched: AbstractSet[str]) -> Noted:
        if noted.look and touched.isdisjoint(noted.digests):
            return noted
        return noted._replace(look=self._look(noted.digests))

    def _look(self, paths: Iterable[str]) -> str:
        """What changes whenever one of the files does, even if somebody sets its time back.

        Nothing, if one of them is no file.
        """
        looks = [_look(f"{self.output}/{path}") for path in paths]
        return "\n".join(looks) if all(looks) else ""

    def _digest_of(self, path: str) -> str:
        try:
            return _digest((self.output / path).read_bytes())
        except OSError:
            return ""


_NOTE = TypeAdapter(dict[str, Noted])


def remembered(output: Path, note: bytes | None) -> Memory:
    """What an earlier publish noted of this folder, as far as it can be read."""
    try:
        return Memory(output, _NOTE.validate_json(note or b"{}"))
    except ValidationError:
        return Memory(output)


def _look(place: str) -> str:
    """Nothing for what is no file."""
    try:
        found = os.stat(place)  # noqa: PTH116  # fifty thousand Paths would take seconds
    except OSError:
        return ""
    if not S_ISREG(found.st_mode):
        return ""
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
