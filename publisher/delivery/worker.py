"""Deliver a mailing: take the lock, freeze or resume, feed the transport, drain, balance the books."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from publisher.delivery import books, ledger, senders
from publisher.delivery.commits import Clock, Commits
from publisher.delivery.desk import Progress, SendingDesk
from publisher.delivery.feeder import Feeder
from publisher.delivery.lock import take_turns
from publisher.delivery.models import Composer, Delivery, DeliveryStatus, Mailing, MaySend, Recipient, Tally
from publisher.delivery.pace import Limit, Pace
from publisher.delivery.transports import Transport
from publisher.errors import (
    Finding,
    InputError,
    NothingToDoError,
    OutputError,
    PublisherError,
)

_S = DeliveryStatus
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

    @property
    def done(self) -> bool:
        """Whether nothing is left that a sender would do by itself."""
        return not self.tally.open and self.next_due is None


def _changed(known: Mailing) -> Finding:
    return Finding(
        known.name,
        0,
        0,
        "",
        "the issue has changed since its sending began, and readers would get two versions",
        "undo the change and add --resume, or send it as --correction",
        code="frozen",
    )


def deliver(run: Run) -> Report:
    """Send a mailing until it is done, stopped or interrupted; everything is in the ledger then.

    Raises BusyError when another sender is at work, InputError when the issue has changed since its
    audience was frozen, NothingToDoError when it has been sent; other faults are in the report.
    """
    who = f"{socket.gethostname()}, process {os.getpid()}, mailing {run.mailing.name}"
    with senders.alone(run.engine, who), _connected(run.engine) as connection:
        return asyncio.run(_Delivery(run, connection).deliver())


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    """One connection for the whole run: on PostgreSQL it carries the lock that proves we live."""
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":  # the web app may write meanwhile: be patient with it
                connection.exec_driver_sql("PRAGMA busy_timeout = 60000")
                connection.rollback()
            yield connection
    except DBAPIError as error:
        raise OutputError(
            f"The ledger cannot be used: {error.orig}", hint="check disk and database"
        ) from None


class _Delivery:
    """One run, from lock to balance."""

    def __init__(self, run: Run, connection: Connection) -> None:
        self.run = run
        self.connection = connection
        self.interrupted = False

    async def deliver(self) -> Report:
        owner = self._enlist()
        mailing, before = self._begin(owner)
        self.commits = Commits(self.connection, owner, self.run.clock, self._broken)
        self.desk = SendingDesk(mailing, self.commits, self.pace, self.run.clock)
        with self._signals():
            await self._carry(mailing, owner, before)
        await self.commits.close()
        return self._end(owner, mailing, before)

    def _enlist(self) -> int:
        """Take a number, and mend what the dead left."""
        now = self.run.clock()
        with self.connection.begin():
            owner = senders.enlist(self.connection, socket.gethostname(), os.getpid(), now)
            senders.bury(self.connection, owner, now)
            senders.forgive_the_clock(self.connection, now)
        return owner

    def _begin(self, owner: int) -> tuple[Mailing, Tally]:
        """Freeze the audience, or find it frozen; one transaction."""
        now, wishes = self.run.clock(), self.run.wishes
        with self._retiring(owner), self.connection.begin():
            if self.connection.dialect.name == "postgresql":
                take_turns(self.connection)
            mailing = self._frozen(books.find(self.connection, self.run.mailing.name), now)
            if wishes.resend_held:
                books.resend_held(self.connection, mailing.id, now)
            if wishes.retry_failed:
                books.retry_failed(self.connection, mailing.id, now)
            before = books.tally(self.connection, mailing.id)
            self.pace = Pace(self.run.limits, books.buckets(self.connection))
        return mailing, before

    @contextmanager
    def _retiring(self, owner: int) -> Iterator[None]:
        """Leave in good order when nothing can be sent."""
        try:
            yield
        except PublisherError:
            with self.connection.begin():
                senders.retire(self.connection, owner)
            raise

    def _frozen(self, known: Mailing | None, now: float) -> Mailing:
        new, wishes = self.run.mailing, self.run.wishes
        if known is None:
            return ledger.freeze(self.connection, new, self.run.audience(), now)
        if known.content != new.content:
            raise InputError([_changed(known)])
        if not (wishes.resume or wishes.retry_failed or wishes.resend_held):
            tally = books.tally(self.connection, known.id)
            done = "has been sent" if not tally.open else "has begun"
            raise NothingToDoError(
                f"{known.name} {done}: {tally}", hint="add --resume to go on with the rest"
            )
        if wishes.late:
            books.postpone(self.connection, known.id, new.not_after)
            return replace(known, not_after=new.not_after)
        return known

    async def _carry(self, mailing: Mailing, owner: int, before: Tally) -> None:
        run = self.run
        feeder = Feeder(
            mailing,
            owner,
            self.desk,
            commits=self.commits,
            pace=self.pace,
            composer=run.composer,
            readers=run.readers,
            clock=run.clock,
            threads=run.threads,
        )
        watching = asyncio.create_task(self._watch(before))
        feeding = asyncio.create_task(feeder.feed())
        self.carrying = asyncio.create_task(run.transport.carry(self.desk))
        try:
            await self.carrying
        except asyncio.CancelledError:
            if self.commits.failure is None:
                raise
        self.desk.close()
        try:
            await feeding
        except PublisherError as error:
            self.desk.stop(error)
        finally:
            self.desk.give_back()
            watching.cancel()

    def _end(self, owner: int, mailing: Mailing, before: Tally) -> Report:
        """Read the books; if the database is lost, our rows wait for the next sender to hold them."""
        failure = self.desk.failure
        if self.commits.failure is not None:
            raise self.commits.failure
        try:
            with self.connection.begin():
                books.keep_buckets(self.connection, self.pace.changes())
                if self.desk.outstanding == 0:
                    senders.retire(self.connection, owner)
                tally = books.tally(self.connection, mailing.id)
                held = tuple(books.deliveries(self.connection, mailing.id, [_S.HELD]))
                due = ledger.next_due(self.connection, mailing.id)
        except DBAPIError as error:
            raise failure or OutputError(f"The ledger cannot be read: {error.orig}") from None
        return Report(mailing, before, tally, held, due, self.interrupted, failure)

    def _broken(self, failure: PublisherError) -> None:
        self.desk.stop(failure)
        self.carrying.cancel()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT drain once; a second one ends the process as it always does."""
        loop = asyncio.get_running_loop()
        wanted: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGINT)
        try:
            for number in wanted:
                loop.add_signal_handler(number, self._drain)
        except (ValueError, RuntimeError):  # not the main thread: whoever runs us there handles signals
            wanted = ()
        try:
            yield
        finally:
            for number in wanted:
                loop.remove_signal_handler(number)

    def _drain(self) -> None:
        self.interrupted = True
        self.desk.close()
        loop = asyncio.get_running_loop()
        loop.remove_signal_handler(signal.SIGTERM)
        loop.remove_signal_handler(signal.SIGINT)

    async def _watch(self, before: Tally) -> None:
        """Show how it goes; the ticking also wakes the loop, should a wake-up of the writer be lost."""
        while True:
            if self.run.watch:
                self.run.watch(before, self.desk.progress)
            await asyncio.sleep(0.2)
