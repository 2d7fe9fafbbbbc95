"""What every source does, and what can go wrong with any of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from publisher.errors import UnavailableError
from publisher.rates.models import Quote


class Pair(NamedTuple):
    """Two currencies whose rate is wanted; a source answers in its own direction."""

    base: str
    local: str

    def __str__(self) -> str:
        """`USD/KGS`."""
        return f"{self.base}/{self.local}"


class Client(Protocol):
    """The one thing a source may do to the world."""

    def get(self, url: str) -> bytes:
        """Fetch an address. Raises UnavailableError."""
        ...


class Source(Protocol):
    """One place that publishes rates."""

    @property
    def title(self) -> str:
        """What stands under the table, for example `NBKR`."""
        ...

    @property
    def latest_only(self) -> bool:
        """Whether it knows no past days, so that an answer for another day is no fault."""
        ...

    def fetch(self, pairs: Sequence[Pair], day: date, client: Client) -> tuple[Quote, ...]:
        """What it knows of the pairs for that day, or for the last day before it.

        Raises SourceError when nothing can be had, NotARateError when an answer is no rate.
        """
        ...


class SourceError(UnavailableError):
    """A source did not answer, or not with what it documents."""


class NotARateError(SourceError):
    """A source printed something for a wanted pair that is no rate, such as 0 or -3."""

    def __init__(self, title: str, faults: Iterable[tuple[Pair, str]], quotes: Iterable[Quote]) -> None:
        """Keep what was wrong and, beside it, what was right."""
        self.faults = tuple(faults)
        self.quotes = tuple(quotes)
        said = ", ".join(f"{said!r} for {pair}" for pair, said in self.faults)
        super().__init__(f"{title} says {said}, which is no rate")
