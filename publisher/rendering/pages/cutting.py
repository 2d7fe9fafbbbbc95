"""Which of its breaks a long story is parted at: as few pages as it needs, about alike in length.

Of the breaks that cost no further page, the one is taken that is nearest to an even share of what is left; a
sub-heading, a list and a table count for some distance (`breaks.NEAR`, `breaks.INSIDE`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from publisher.rendering.pages.breaks import Break, breaks_of


class Room(NamedTuple):
    """Bytes of a story that the first page holds, one in the middle, and the last one."""

    first: int
    middle: int
    last: int


@dataclass(frozen=True)
class Flow:
    """A story's HTML between its places: the beginning, every break, and the end."""

    html: str

    @cached_property
    def places(self) -> Sequence[Break]:
        """All of them, in order."""
        return [Break(0), *breaks_of(self.html), Break(len(self.html))]

    @cached_property
    def _offsets(self) -> Sequence[int]:
        """Where each place is, in bytes."""
        pieces = (self.html[a.at : b.at] for a, b in pairwise(self.places))
        return [0, *accumulate(len(piece.encode()) for piece in pieces)]

    def piece(self, start: int, end: int) -> str:
        """The text from one place to another, as whole HTML."""
        places = self.places
        text = self.html[places[start].at : places[end].at]
        return f"{places[start].opening}{text}{places[end].closing}"

    def weight(self, start: int, end: int) -> int:
        """The bytes of the same."""
        around = f"{self.places[start].opening}{self.places[end].closing}"
        return self._offsets[end] - self._offsets[start] + len(around.encode())

    def reach(self, start: int, room: int) -> int:
        """The farthest place, short of the end, up to which the text has room; at least the next one."""
        limit = self._offsets[start] + room - len(self.places[start].opening.encode())
        end = min(bisect_right(self._offsets, limit), len(self.places) - 1) - 1
        while end > start + 1 and self.weight(start, end) > room:
            end -= 1
        return max(end, start + 1)


def cut(first: Flow, later: Flow, room: Room) -> list[tuple[int, int]]:
    """Part a story that is too long for one page: from which place to which each page goes.

    The first page's HTML may differ from that of later ones, in addresses only. A block for which
    there is no room gets a page of its own.
    """
    end = len(first.places) - 1
    if end == 1:
        return [(0, 1)]
    reach = [first.reach(0, room.first), *(later.reach(start, room.middle) for start in range(1, end))]
    needed = _needed(later, reach, room.last)
    pages, start = [], 0
    while needed[start] > 1:
        share = later.weight(start, end) // needed[start]
        ways = [n for n in range(start + 1, reach[start] + 1) if needed[n] == needed[start] - 1]
        stop = min(ways, key=lambda n: abs(later.weight(start, n) - share) + later.places[n].cost)
        pages.append((start, stop))
        start = stop
    return [*pages, (start, end)]


def _needed(flow: Flow, reach: Sequence[int], last: int) -> list[int]:
    """How many pages the rest needs from each place on; from the beginning it is more than one."""
    end = len(reach)
    needed = [1] * end
    nearest = {1: end - 1}  # the first place, of those seen so far, from which so many are needed
    for start in range(end - 2, -1, -1):
        if start == 0 or flow.weight(start, end) > last:
            needed[start] = 1 + min(pages for pages, place in nearest.items() if place <= reach[start])
        nearest[needed[start]] = start
    return needed
