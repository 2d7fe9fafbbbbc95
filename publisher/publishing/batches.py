"""What is made in one go, and how to tell that it need not be made again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Files = Iterable[tuple[str, bytes]]


@dataclass(frozen=True)
class Batch:
    """One page, one feed, or a letter with its pictures.

    `recipe` stands for everything that goes into it: while it is the same, the files would be too.
    """

    name: str
    recipe: str
    make: Callable[[], Files]
