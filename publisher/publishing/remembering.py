"""What stands in the output folder already, so that it need not be made again *.

The cache holds a note of every batch that was published: its recipe, and its files with their sizes
and times. While the recipe is the same and the files stand as they were left,
they are taken as they are. The note may be lost or spoilt at any time: then everything is made, and
compared with what stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG

from pydantic import TypeAdapter, ValidationError

from publisher.publishing.batches import Batch
from publisher.publishing.compression import with_variants

Look = tuple[int, int]
"""A file's size in bytes and its time of change in nanoseconds."""


@dataclass
class Memory:
    """The batches of one output folder: what was published, and what is being published."""

    output: Path
    before: dict[str, tuple[str, dict[str, Look]]] = field(default_factory=dict)
    now: dict[str, tuple[str, list[str]]] = field(default_factory=dict)

    def files(self, batches: Iterable[Batch]) -> Iterator[tuple[str, bytes | None]]:
        """Every file once; None instead of its bytes where it stands already.

        Pictures are named after their content, so that two batches may well bring the same one.
        """
        seen: set[str] = set()
        for batch in batches:
            paths: list[str] = []
            for path, data in self._taken(batch) or self._made(batch):
                paths.append(path)
                if path not in seen or not path.startswith("assets/"):
                    yield path, data
                seen.add(path)
            self.now[batch.name] = (batch.recipe, paths)

    def _made(self, batch: Batch) -> Iterator[tuple[str, bytes | None]]:
        yield from with_variants(batch.make())

    def _taken(self, batch: Batch) -> list[tuple[str, None]]:
        """The files of a batch if all stand as they were left; else nothing."""
        recipe, files = self.before.get(batch.name, ("", {}))
        if recipe != batch.recipe or any(_look(self.output / path) != look for path, look in files.items()):
            return []
        return [(path, None) for path in files]

    def note(self) -> bytes:
        """What is worth remembering, once everything has been published."""
        looks = {
            name: (recipe, {path: _look(self.output / path) for path in paths})
            for name, (recipe, paths) in self.now.items()
        }
        return json.dumps(looks, separators=(",", ":")).encode()


_NOTE = TypeAdapter(dict[str, tuple[str, dict[str, Look]]])


def remembered(output: Path, note: bytes | None) -> Memory:
    """What an earlier publish noted of this folder, as far as it can be read."""
    try:
        return Memory(output, _NOTE.validate_json(note or b"{}"))
    except ValidationError:
        return Memory(output)


def _look(path: Path) -> Look | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns) if S_ISREG(status.st_mode) else None
