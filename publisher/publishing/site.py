"""Issues and what stood before -> a plan: which files are new, changed, the same, or to be removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fate(StrEnum):
    """What happens to a file of the site."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


@dataclass(frozen=True)
class SitePlan:
    """Every path with its fate, in order of path."""

    fates: Mapping[str, Fate]
    touched: frozenset[str] = field(default=frozenset(), compare=False)
    """Files that were written or linked: they look other than before."""

    def paths(self, fate: Fate) -> tuple[str, ...]:
        """All paths of one fate."""
        return tuple(path for path, its in self.fates.items() if its is fate)

    @property
    def changes(self) -> bool:
        """Whether the site is any different from before."""
        return any(fate is not Fate.UNCHANGED for fate in self.fates.values())


def fate_of(data: bytes, before: bytes | None) -> Fate:
    """Compare bytes with the bytes that stood at the same path; `None` where nothing stood."""
    if before is None:
        return Fate.NEW
    return Fate.UNCHANGED if before == data else Fate.CHANGED


def make_plan(
    fates: Mapping[str, Fate], before: Iterable[str], touched: Iterable[str] = frozenset()
) -> SitePlan:
    """Add what we published before and no longer do; files that are not ours are never touched."""
    removed = {path: Fate.REMOVED for path in before if path not in fates}
    return SitePlan(dict(sorted({**fates, **removed}.items())), frozenset(touched))


def is_safe(path: str) -> bool:
    """Whether a path stays inside the site on every file system, and has no other name for the same file."""
    parts = path.split("/")
    return {"", ".", ".."}.isdisjoint(parts) and "\\" not in path and "\0" not in path
