"""Files of the site that are made when they are asked for, each knowing what it shows.

What a maker is given is all that it can show: so a publish can tell, without making a file, that it
would become what it is already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

Maker = Callable[[], str | bytes]


@dataclass(frozen=True)
class Document:
    """One file: what makes it, and all that goes into it.

    `shows` are the issues, stories, names and times that set it apart from other files; what all share
    (settings, templates, the program) goes without saying. None: it may show anything of the site.
    """

    make: Maker
    shows: tuple[object, ...] | None = None
    updated: datetime | None = None  # the time its file should bear (Last-Modified)


def document(maker: partial[str]) -> Document:
    """A document that shows what its maker is given, after the frame that all pages share."""
    return Document(maker, (*maker.args[1:], *sorted(maker.keywords.items())))


class Documents(Mapping[str, bytes]):
    """Path -> bytes, made when asked for and not kept: memory stays flat in the archive's size."""

    def __init__(self, plan: Mapping[str, Document]) -> None:
        """Keep what makes each file."""
        self.plan = plan

    def __getitem__(self, path: str) -> bytes:
        """Make one file."""
        made = self.plan[path].make()
        return made.encode() if isinstance(made, str) else made

    def __iter__(self) -> Iterator[str]:
        """All paths, in the order in which they are best made."""
        return iter(self.plan)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self.plan)

    @property
    def updated(self) -> dict[str, datetime]:
        """What some files say of their last change."""
        return {path: found.updated for path, found in self.plan.items() if found.updated}
