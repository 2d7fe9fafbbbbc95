"""How a feed is cut into documents (RFC 5005 sec. 4): pure arithmetic on lists.

The newest document holds the newest entries; every older entry is in exactly one archive.
Archives are counted from the OLDEST issue, a fixed number of issues each, so publishing one more
issue never moves an entry from one archive to another. An archive is closed once all its entries
have left the newest document. What has left that document but whose archive is not closed yet
waits in a document named by how much it holds (`3-17`): a client that has read `3-17` knows that
it has not read `3-21`, and would be wrong to think so of a document whose name stayed the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One document of a feed: the ids of its entries, newest first."""

    entries: tuple[str, ...]
    archive: int = 0  # counted from 1 for the oldest; 0 is the newest document, which is no archive
    closed: bool = False

    @property
    def folder(self) -> str:
        """Where it lies in the feed's folder: `archive/3/`, or `archive/3-17/` while it still grows."""
        if not self.archive:
            return ""
        return f"archive/{self.archive}/" if self.closed else f"archive/{self.archive}-{len(self.entries)}/"


def cut(issues: Sequence[Sequence[str]], *, newest: int, archive_issues: int) -> tuple[Part, ...]:
    """Cut issues (newest first, each in editorial order) into documents, the newest document first."""
    numbered = [
        (entry, (len(issues) - 1 - place) // archive_issues + 1)
        for place, issue in enumerate(issues)
        for entry in issue
    ]
    window, older = numbered[:newest], numbered[newest:]
    archives: dict[int, list[str]] = {}
    for entry, archive in older:
        archives.setdefault(archive, []).append(entry)
    still_open = {archive for _, archive in window} | _open_beginning(archives, window)
    return (
        Part(tuple(entry for entry, _ in window)),
        *(
            Part(tuple(entries), archive, closed=archive not in still_open)
            for archive, entries in archives.items()
        ),
    )


def _open_beginning(archives: Mapping[int, object], window: Sequence[tuple[str, int]]) -> set[int]:
    """The oldest archive, unless the one after it is closed.

    It names its successor (`next-archive`): an archive with neither neighbour is called incomplete
    by the W3C validator. So it may close only once that name is settled.
    """
    oldest = list(archives)[-2:]
    settled = len(oldest) > 1 and oldest[0] not in {archive for _, archive in window}
    return set() if settled else set(oldest[-1:])
