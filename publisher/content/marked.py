"""Plain data with marks: every value knows the line and column it was typed at.

YAML and TOML both end here. `validate` turns such data into a model, or into findings that
say `file:line:col: field: what is wrong -> what to type`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from publisher.content.text import shown
from publisher.errors import Finding

Path = tuple[str | int, ...]
"""Where a value is in the data: `("sources", 0, "url")`."""


class Mark(NamedTuple):
    """A place in a file, both numbers counted from 1; 0 is 'the file as a whole'."""

    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Marked:
    """The fields of one file, and where they stand."""

    file: str
    data: dict[str, Any]
    values: Mapping[Path, Mark] = field(default_factory=dict)
    keys: Mapping[Path, Mark] = field(default_factory=dict)
    form: str = "{}: {}"  # how a field is typed in this kind of file

    def value_mark(self, path: Path) -> Mark:
        """Where the value is, or the nearest thing around it that has a place."""
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, Mark())

    def key_mark(self, path: Path) -> Mark:
        """Where the key was typed, or its value's place."""
        return self.keys.get(path) or self.value_mark(path)

    def finding(self, path: Path, message: str, hint: str = "", *, code: str = "") -> Finding:
        """Say that the value at `path` is wrong."""
        return Finding(self.file, *self.value_mark(path), dotted(path), message, hint, code)

    def replacing(self, **fields: Any) -> Marked:
        """The same file with some fields added or replaced; None stands for 'leave out'."""
        merged = self.data | fields
        return replace(self, data={key: value for key, value in merged.items() if value is not None})


def dotted(path: Path) -> str:
    """`("sources", 0, "url")` -> `sources.1.url`: people count from one."""
    return ".".join(str(part + 1) if isinstance(part, int) else shown(part) for part in path)
