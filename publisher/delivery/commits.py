"""Group commit: one commit in flight, and each takes all that has gathered.

The sender never waits for the disk a row at a time: intents and outcomes of all connections gather
while a commit is made, and the next one takes them all. A body starts only after its own intent is
committed, and a connection carries one body at a time, so what is in doubt never exceeds the number
of connections, however long the database stalls.

Where commits take more than their `SHARE` of the time, the next one waits until as many letters wait for
it as are on the wire: a server that takes letters one after another was met with 0.7 commits a letter,
and is with 0.35 now, for a seventh less CPU a letter. It has the other half to read from meanwhile. A
server whose replies come late sees no difference: there commits take less than that.

SQLite commits on the event loop: a thread of its own cost some 30 µs of CPU a letter in handing the
interpreter lock to and fro. PostgreSQL is asked in a thread, because a network may hang.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from publisher.delivery import ledger
from publisher.delivery.models import Outcome
from publisher.errors import PublisherError

Answer = TypeVar("Answer")
Clock = Callable[[], float]

SHARE = 1 / 3
"""Of the time: what commits may take before they wait for company."""

_MEMORY = 0.05
"""Seconds of unused time that commits may make up for."""

_PATIENCE = 0.01
"""Seconds that a letter waits for company at most."""


@dataclass(frozen=True, slots=True)
class _Question:
    ask: Callable[[Connection], Any]
    answer: asyncio.Future[Any]


@dataclass(slots=True)
class _Group:
    """What one transaction makes durable."""

    outcomes: list[Outcome] = field(default_factory=list)
    releases: list[tuple[int, float]] = field(default_factory=list)
    intents: list[int] = field(default_factory=list)
    then: list[Callable[[], None]] = field(default_factory=list)  # one an intent
    questions: list[_Question] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How much has gathered."""
        return len(self.outcomes) + len(self.releases) + len(self.intents) + len(self.questions)


class Commits:
    """The only writer of a run; belongs to one event loop."""

    def __init__(
        self, connection: Connection, owner: int, clock: Clock, broken: Callable[[PublisherError], None]
    ) -> None:
        """`broken` is called once when the database refused a commit; nothing is written after that."""
        self._connection = connection
        self._owner = owner
        self._clock = clock
        self._broken = broken
        self._loop = asyncio.get_running_loop()
        self._gathered = _Group()
        self._under_way = False
        self._began = 0.0  # when a commit did, by the loop's clock
        self._paid = 0.0  # until when those before it have taken their share, by the same
        self._waiting: asyncio.TimerHandle | None = None
        self._on_the_wire: set[int] = set()  # intended, and without an outcome
        self._idle = asyncio.Event()
        self._idle.set()
        remote = connection.dialect.name != "sqlite"
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger") if remote else None
        self.failure: PublisherError | None = None

    def intend(self, number: int, then: Callable[[], None]) -> None:
        """Call `then` once the delivery is durably `sending`; never, if the database is lost."""
        self._gathered.intents.append(number)
        self._gathered.then.append(then)
        self._more()

    def record(self, outcome: Outcome) -> None:
        """Write an outcome with the next commit."""
        self._on_the_wire.discard(outcome.delivery)
        self._gathered.outcomes.append(outcome)
        self._more()

    def release(self, number: int, due: float) -> None:
        """Give a claim back with the next commit."""
        self._gathered.releases.append((number, due))
        self._more()

    async def ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """Run a function inside the next transaction, after the moves that came before it."""
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._gathered.questions.append(_Question(question, answer))
        self._more()
        return await answer

    async def close(self) -> None:
        """Commit all that has gathered, and stop."""
        await self._idle.wait()
        if self._thread is not None:
            self._thread.shutdown()

    def _more(self) -> None:
        """Something waits for a commit that did not a moment ago."""
        if not self._under_way:
            self._soon()
        elif self._waiting is not None and self._enough:
            self._waiting.cancel()
            self._waiting = self._loop.call_later(0, self._start)

    @property
    def _enough(self) -> bool:
        """Whether as many letters wait for a commit as are on the wire."""
        return len(self._gathered.intents) >= len(self._on_the_wire)

    def _soon(self) -> None:
        """Commit at the end of this turn of the loop, together with what else it brings."""
        self._under_way = True
        self._idle.clear()
        self._loop.call_soon(self._begin, 0)

    def _begin(self, seen: int) -> None:
        """Wait one more turn while turns bring more: a disk that is slow to sync then syncs for all lines."""
        if (size := self._gathered.size) > seen:
            self._loop.call_soon(self._begin, size)
            return
        wait = min(self._paid - self._loop.time(), _PATIENCE)
        if wait > 0 and not self._enough:
            self._waiting = self._loop.call_later(wait, self._start)
        else:
            self._start()

    def _start(self) -> None:
        self._waiting, self._began = None, self._loop.time()
        group, self._gathered = self._gathered, _Group()
        if self._thread is None:
            self._commit(group)
            self._end(group)
        else:
            committing = self._loop.run_in_executor(self._thread, self._commit, group)
            committing.add_done_callback(lambda done: self._end(group, done))

    def _commit(self, group: _Group) -> None:
        if self.failure is None:
            try:
                self._move(group)
            except PublisherError as error:
                self.failure = error
            except DBAPIError as error:  # at a question, which SQLAlchemy asks
                self.failure = ledger.lost(error.orig)

    def _move(self, group: _Group) -> None:
        now = self._clock()
        with ledger.moving(self._connection):
            ledger.record(self._connection, self._owner, group.outcomes, now)
            ledger.release(self._connection, self._owner, group.releases)
            ledger.intend(self._connection, self._owner, group.intents, now)
        if group.questions:
            with self._connection.begin():
                group.answers = [question.ask(self._connection) for question in group.questions]

    def _end(self, group: _Group, _done: object = None) -> None:
        self._under_way = False
        now = self._loop.time()
        self._paid = max(self._paid, now - _MEMORY) + (now - self._began) / SHARE
        self._tell(group)
        if not self._under_way:
            if self._gathered.size:
                self._soon()
            else:
                self._idle.set()

    def _tell(self, group: _Group) -> None:
        if self.failure is not None:
            for question in group.questions:
                if not question.answer.done():
                    question.answer.set_exception(self.failure)
            broken, self._broken = self._broken, _nobody
            broken(self.failure)
            return
        for question, answer in zip(group.questions, group.answers, strict=True):
            if not question.answer.done():
                question.answer.set_result(answer)
        self._on_the_wire.update(group.intents)
        for then in group.then:
            then()


def _nobody(_failure: PublisherError) -> None:
    """Do nothing: the failure has been told."""
