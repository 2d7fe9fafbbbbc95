"""Group commit: one writer thread, one commit in flight, and each takes all that has gathered.

The sender never waits for the disk a row at a time: while one commit is being synced, the intents
and outcomes of all connections gather for the next. At ten connections a group has about ten rows.
A body starts only after its own intent is committed, and a connection carries one body at a time, so
what is in doubt never exceeds the number of connections, however long the database stalls.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from publisher.delivery import ledger
from publisher.delivery.models import Outcome
from publisher.errors import OutputError, PublisherError

Answer = TypeVar("Answer")
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class _Intent:
    number: int
    then: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Release:
    number: int
    due: float


@dataclass(frozen=True, slots=True)
class _Question:
    ask: Callable[[Connection], Any]
    answer: asyncio.Future[Any]


@dataclass(slots=True)
class _Group:
    """What one transaction makes durable."""

    outcomes: list[Outcome] = field(default_factory=list)
    releases: list[tuple[int, float]] = field(default_factory=list)
    intents: list[_Intent] = field(default_factory=list)
    questions: list[_Question] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    def add(self, item: Outcome | _Intent | _Release | _Question) -> None:
        match item:
            case Outcome():
                self.outcomes.append(item)
            case _Intent():
                self.intents.append(item)
            case _Release():
                self.releases.append((item.number, item.due))
            case _Question():
                self.questions.append(item)


class Commits:
    """The only writer of a run. Used from the event loop; works in a thread of its own."""

    def __init__(
        self, connection: Connection, owner: int, clock: Clock, broken: Callable[[PublisherError], None]
    ) -> None:
        """`broken` is called once, on the event loop, when the database refused a commit."""
        self._connection = connection
        self._owner = owner
        self._clock = clock
        self._broken = broken
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[Outcome | _Intent | _Release | _Question | None] = SimpleQueue()
        self.failure: PublisherError | None = None
        self._thread = threading.Thread(target=self._write, name="ledger", daemon=True)
        self._thread.start()

    def intend(self, number: int, then: Callable[[], None]) -> None:
        """Call `then` on the event loop once the delivery is durably `sending`."""
        self._queue.put(_Intent(number, then))

    def record(self, outcome: Outcome) -> None:
        """Write an outcome with the next commit."""
        self._queue.put(outcome)

    def release(self, number: int, due: float) -> None:
        """Give a claim back with the next commit."""
        self._queue.put(_Release(number, due))

    async def ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """Run a function inside the next transaction, after the moves that came before it."""
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._queue.put(_Question(question, answer))
        return await answer

    async def close(self) -> None:
        """Commit all that has gathered, and stop."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _write(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = _Group(), False
            group.add(first)
            while not last:
                try:
                    item = self._queue.get_nowait()
                except Empty:
                    break
                if item is None:
                    last = True
                else:
                    group.add(item)
            self._commit(group)
            if last:
                return

    def _commit(self, group: _Group) -> None:
        if self.failure is None:
            try:
                self._move(group)
            except DBAPIError as error:
                self.failure = OutputError(
                    f"The ledger cannot be written: {error.orig}",
                    hint="free the disk or mend the database, then `publisher send ISSUE --resume`",
                )
            except PublisherError as error:
                self.failure = error
        self._loop.call_soon_threadsafe(self._tell, group, self.failure)

    def _move(self, group: _Group) -> None:
        now = self._clock()
        with self._connection.begin():
            ledger.record(self._connection, self._owner, group.outcomes, now)
            ledger.release(self._connection, self._owner, group.releases)
            ledger.intend(self._connection, self._owner, [i.number for i in group.intents], now)
            group.answers = [question.ask(self._connection) for question in group.questions]

    def _tell(self, group: _Group, failure: PublisherError | None) -> None:
        if failure is not None:
            for question in group.questions:
                if not question.answer.done():
                    question.answer.set_exception(failure)
            broken, self._broken = self._broken, _nobody
            broken(failure)
            return
        for question, answer in zip(group.questions, group.answers, strict=True):
            if not question.answer.done():
                question.answer.set_result(answer)
        for intent in group.intents:
            intent.then()


def _nobody(_failure: PublisherError) -> None:
    """Do nothing: the failure has been told."""
