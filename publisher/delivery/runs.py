"""What goes into a run, and what is true after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine

from publisher.delivery.commits import Clock
from publisher.delivery.desk import Progress
from publisher.delivery.models import Composer, Delivery, Mailing, MaySend, Recipient, Tally
from publisher.delivery.pace import Limit
from publisher.delivery.transports import Transport
from publisher.errors import PublisherError

Watch = Callable[[Tally, Progress], None]
"""Shown a few times a second: how the mailing stood before, and what this run has done."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked for beyond 'send it'."""

    resume: bool = False
    retry_failed: bool = False
    resend_held: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """All that one delivery needs; the hallway fills it in."""

    engine: Engine
    mailing: Mailing
    audience: Callable[[], Iterable[Recipient]]
    composer: Composer
    readers: MaySend
    transport: Transport
    clock: Clock
    limits: Mapping[str, Limit] = field(default_factory=dict)
    wishes: Wishes = Wishes()
    threads: int = 0  # that compose ahead of the connections: worth it where letters are signed
    watch: Watch | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What is true after a run."""

    mailing: Mailing
    before: Tally
    tally: Tally
    held: tuple[Delivery, ...]
    next_due: float | None
    interrupted: bool = False
    failure: PublisherError | None = None
    warnings: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether nothing is left that a sender would do by itself."""
        return not self.tally.open and self.next_due is None
