"""Claims become jobs: ask who still wants the letter, mind the pace, compose, lay ready."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import Connection

from publisher.delivery import books, ledger, senders
from publisher.delivery.commits import Clock, Commits
from publisher.delivery.desk import LOW, SendingDesk
from publisher.delivery.models import Claim, Composer, DeliveryStatus, Job, Mailing, MaySend
from publisher.delivery.pace import Pace
from publisher.errors import NothingToDoError

BATCH = 200
"""Claims a batch: small, so that a reader who leaves during the send is noticed."""

CHUNK = 25
"""Letters composed by one thread at a time; signing leaves the interpreter lock free."""

SIP = 4
"""Letters the event loop composes between two looks at the servers, which wait meanwhile: 2 % faster than 25."""

PATIENCE = 2.0
"""Seconds a claimed letter may wait for its pace in memory; beyond that it goes back to the ledger."""

POLL = 5.0
"""Seconds between looks at the ledger while all that is left waits for its time."""

Made = Job | tuple[Claim, str]
"""A letter, or whose could not be made, and why."""


@dataclass(frozen=True, slots=True)
class _Batch:
    claims: list[Claim]
    next_due: float | None


class Feeder:
    """Keeps the desk supplied until nothing is left to do in this mailing."""

    def __init__(
        self,
        mailing: Mailing,
        owner: int,
        desk: SendingDesk,
        *,
        commits: Commits,
        pace: Pace,
        composer: Composer,
        readers: MaySend,
        clock: Clock,
        threads: int,
    ) -> None:
        """`threads` compose and sign ahead of the connections; with 0 the event loop composes by itself."""
        self._mailing = mailing
        self._owner = owner
        self._desk = desk
        self._commits = commits
        self._pace = pace
        self._composer = composer
        self._readers = readers
        self._clock = clock
        self._threads = threads
        self._pool = ThreadPoolExecutor(max(threads, 1), thread_name_prefix="compose")
        self._composing: set[asyncio.Future[list[Made]]] = set()
        self._coming = 0  # letters that are being composed
        self._timers: dict[int, tuple[asyncio.TimerHandle, Claim]] = {}

    async def feed(self) -> None:
        """Run until the mailing is done, its time is over, or the desk is closed."""
        try:
            while not self._desk.closed:
                self._desk.hungry.clear()
                if self._desk.too_late:
                    await self._give_up()
                elif self._desk.ready + self._coming >= LOW:
                    await self._rest(POLL)
                elif not await self._fetch():
                    break
        finally:
            self._desk.close()
            if self._composing:
                await asyncio.wait(self._composing)
            self._pool.shutdown()
            for timer, claim in self._timers.values():
                timer.cancel()
                self._desk.release(claim)

    async def _fetch(self) -> bool:
        """Get one batch; wait if there is none yet; False when there will be none."""
        settled = (
            not self._desk.outstanding
        )  # asked before the books: what ends meanwhile is in them next time
        batch = await self._commits.ask(self._claim)
        self._desk.progress.next_due = batch.next_due
        if batch.claims:
            self._desk.outstanding += len(batch.claims)
            await self._prepare(batch.claims)
            return True
        if batch.next_due is None and settled:
            return False
        await self._rest(POLL if batch.next_due is None else batch.next_due - self._clock())
        return True

    async def _give_up(self) -> None:
        """End, and say that it is too late if anybody is left for whom it is."""
        due = await self._commits.ask(lambda connection: ledger.next_due(connection, self._mailing.id))
        if due is None and not (self._desk.ready or self._coming or self._timers):
            self._desk.close()
            return
        self._desk.stop(
            NothingToDoError(
                "It is too late for this mailing: its time is over",
                hint="`publisher send ISSUE --resume --late` sends the rest all the same",
            )
        )

    def _claim(self, connection: Connection) -> _Batch:
        now = self._clock()
        books.keep_buckets(connection, self._pace.changes())
        claims = ledger.claim(connection, self._mailing.id, self._owner, now, BATCH)
        if not claims and senders.bury(connection, self._owner, now):
            claims = ledger.claim(connection, self._mailing.id, self._owner, now, BATCH)
        return _Batch(claims, ledger.next_due(connection, self._mailing.id) if not claims else None)

    async def _rest(self, seconds: float) -> None:
        """Sleep until something is due, an answer comes in, or it is time to look again."""
        wait = min(max(seconds, 0.01), POLL)
        try:
            async with asyncio.timeout(wait):
                await self._desk.hungry.wait()
        except TimeoutError:
            pass

    async def _prepare(self, claims: Sequence[Claim]) -> None:
        wanted = await asyncio.to_thread(self._readers.may_send, [claim.recipient.id for claim in claims])
        for claim in claims:
            if claim.recipient.id not in wanted:
                self._desk.drop(claim, DeliveryStatus.SKIPPED, "left after the audience was frozen")
        now_or_soon = self._paced([claim for claim in claims if claim.recipient.id in wanted])
        size = CHUNK if self._threads else SIP
        for start in range(0, len(now_or_soon), size):
            chunk = now_or_soon[start : start + size]
            if self._threads:
                self._compose_ahead(chunk)
            else:
                self._lay_ready(self._compose(chunk))
                await asyncio.sleep(0)

    def _compose_ahead(self, claims: Sequence[Claim]) -> None:
        composing = asyncio.get_running_loop().run_in_executor(self._pool, self._compose, claims)
        self._composing.add(composing)
        self._coming += len(claims)
        composing.add_done_callback(self._composed)

    def _composed(self, composing: asyncio.Future[list[Made]]) -> None:
        self._composing.discard(composing)
        made = composing.result()
        self._coming -= len(made)
        self._lay_ready(made)
        self._desk.hungry.set()

    def _paced(self, claims: Iterable[Claim]) -> list[Claim]:
        """Those that may leave now; the others get a time, in memory if it is near."""
        if not self._pace:
            return list(claims)
        leaving = []
        for claim in claims:
            now, names = self._clock(), ("run", f"domain:{claim.recipient.domain}")
            if self._pace.ready(names, now) - now > PATIENCE:
                self._desk.release(claim, self._pace.queue(names, now))
            elif (wait := self._pace.reserve(names, now) - now) > 0:
                timer = asyncio.get_running_loop().call_later(wait, self._leave, claim)
                self._timers[claim.delivery] = (timer, claim)
            else:
                leaving.append(claim)
        return leaving

    def _leave(self, claim: Claim) -> None:
        del self._timers[claim.delivery]
        self._lay_ready(self._compose([claim]))

    def _compose(self, claims: Sequence[Claim]) -> list[Made]:
        return [self._made(claim) for claim in claims]

    def _made(self, claim: Claim) -> Made:
        try:
            return Job(claim, self._composer.compose(claim.recipient))
        except Exception as error:  # noqa: BLE001  # one reader's letter must not stop the others'
            return claim, f"no letter could be made: {type(error).__name__}: {error}"

    def _lay_ready(self, made: Iterable[Made]) -> None:
        jobs = []
        for item in made:
            if isinstance(item, Job):
                jobs.append(item)
            else:
                self._desk.drop(item[0], DeliveryStatus.FAILED, item[1])
        self._desk.offer(jobs)
