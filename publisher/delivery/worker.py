"""Deliver a mailing: take the lock, freeze or resume, feed the transport, drain, balance the books."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from publisher.delivery import books, ledger, senders
from publisher.delivery.commits import Commits
from publisher.delivery.desk import SendingDesk
from publisher.delivery.feeder import Feeder
from publisher.delivery.garbage import little_garbage
from publisher.delivery.lock import take_turns
from publisher.delivery.models import DeliveryStatus, Mailing, Tally
from publisher.delivery.pace import Pace
from publisher.delivery.runs import Report, Run, Watch, Wishes
from publisher.delivery.signals import on_signal
from publisher.delivery.stops import lift_stop, ordered_stop
from publisher.errors import (
    ConfigurationError,
    Finding,
    InputError,
    NothingToDoError,
    OutputError,
    PublisherError,
)

__all__ = ["Report", "Run", "Watch", "Wishes", "changed", "deliver"]

_S = DeliveryStatus
LOOK = 0.2
"""Seconds between two looks at the progress."""

LISTEN = 2.0
"""Seconds between two questions whether the mailing was stopped from outside."""


def changed(known: Mailing) -> Finding:
    """What is wrong with sending another letter than the one that was frozen."""
    return Finding(
        known.name,
        0,
        0,
        "",
        "the issue has changed since its sending began, and readers would get two versions",
        "undo the change and add --resume, or send it as --correction",
        code="frozen",
    )


def what_is_left(tally: Tally, *, waiting: bool) -> str:
    """What a person can still do for a mailing that was begun; `waiting`: somebody is due another try."""
    if tally.open or waiting:
        return "add --resume to go on with the rest"
    if tally[_S.FAILED] or tally[_S.DEFERRED]:
        return "add --retry-failed to try again whom the servers refused, or put off until it was too late"
    if tally[_S.HELD]:
        return "add --uncertain=resend to send those in doubt once more"
    return "nobody is left; a changed issue goes out with --correction"


def _stopped(mailing: Mailing, why: str) -> PublisherError:
    return ConfigurationError(
        f"{mailing.name} was stopped: {why}",
        hint="`publisher doctor` may know; when that is mended, or was one receiver's own whim, "
        "`publisher send ISSUE --resume`: letters that have left by then stop nothing",
    )


def deliver(run: Run) -> Report:
    """Send a mailing until it is done, stopped or interrupted; everything is in the ledger then.

    Raises BusyError when another sender is at work, InputError when the issue has changed since its
    audience was frozen, NothingToDoError when it has been sent; other faults are in the report.
    """
    who = f"{socket.gethostname()}, process {os.getpid()}, mailing {run.mailing.name}"
    with senders.alone(run.engine, who), _connected(run.engine) as connection, little_garbage():
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
        with on_signal(self._drain):
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
            lift_stop(self.connection, mailing.name, now)
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
            frozen = ledger.freeze(self.connection, new, self.run.audience(), now)
            books.supersede(self.connection, frozen, now)
            return frozen
        if known.content != new.content:
            raise InputError([changed(known)])
        if not (wishes.resume or wishes.retry_failed or wishes.resend_held):
            tally = books.tally(self.connection, known.id)
            done = "has been sent" if not tally.open else "has begun"
            waiting = ledger.next_due(self.connection, known.id) is not None
            raise NothingToDoError(f"{known.name} {done}: {tally}", hint=what_is_left(tally, waiting=waiting))
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
        listening = asyncio.create_task(self._listen(mailing))
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
            listening.cancel()

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
        warnings = tuple(self.desk.progress.warnings)
        return Report(mailing, before, tally, held, due, self.interrupted, failure, warnings)

    def _broken(self, failure: PublisherError) -> None:
        self.desk.stop(failure)
        self.carrying.cancel()

    def _drain(self) -> None:
        self.interrupted = True
        self.desk.close()

    async def _watch(self, before: Tally) -> None:
        """Show how it goes."""
        while self.run.watch:
            self.run.watch(before, self.desk.progress)
            await asyncio.sleep(LOOK)

    async def _listen(self, mailing: Mailing) -> None:
        """Stop when a refusal of our letters came back elsewhere (see `stops`)."""
        with suppress(PublisherError):  # the ledger is lost: the desk has been told
            while not self.desk.closed:
                if why := await self.commits.ask(lambda connection: ordered_stop(connection, mailing.name)):
                    self.desk.stop(_stopped(mailing, why))
                await self.desk.pause(LISTEN)
