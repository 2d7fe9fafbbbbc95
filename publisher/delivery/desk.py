"""The desk between the ledger and a transport: hands out jobs, judges answers, keeps the score."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from publisher.delivery import policy
from publisher.delivery.commits import Clock, Commits
from publisher.delivery.models import Claim, DeliveryStatus, Job, Mailing, Outcome, Reply, Stage
from publisher.delivery.pace import Pace
from publisher.delivery.policy import Scope, Verdict
from publisher.errors import ConfigurationError, PublisherError, UnavailableError

_SENT, _HELD, _SKIPPED = DeliveryStatus.SENT, DeliveryStatus.HELD, DeliveryStatus.SKIPPED
LOW = 100
"""Jobs ready or in the making; below it the next batch is fetched."""


@dataclass(slots=True)
class Progress:
    """What a person watching is shown; counts of this run."""

    counts: Counter[DeliveryStatus] = field(default_factory=Counter)
    last_reply: str = ""
    last_trouble: str = ""
    warnings: list[str] = field(default_factory=list)
    next_due: float | None = None  # when the next try is, while nothing else is left to do


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """A line that has nothing to do."""

    server: str
    weight: int
    woken: asyncio.Future[None]


class SendingDesk:
    """A `transports.Desk` on top of a ledger; lives on one event loop."""

    def __init__(self, mailing: Mailing, commits: Commits, pace: Pace, clock: Clock) -> None:
        """Start open, with nothing to do."""
        self._mailing = mailing
        self._commits = commits
        self._pace = pace
        self._clock = clock
        self._ready: deque[Job] = deque()
        self._waiting: list[_Waiting] = []
        self._taken: Counter[str] = Counter()
        self._closing = asyncio.Event()
        self._refusals = policy.Refusals()
        self.progress = Progress()
        self.hungry = asyncio.Event()
        self.outstanding = 0  # claimed, and not settled
        self.closed = False
        self.failure: PublisherError | None = None

    # What the feeder does

    def offer(self, jobs: Iterable[Job]) -> None:
        """Lay jobs ready and wake as many lines as there are jobs."""
        self._ready.extend(jobs)
        for _ in range(min(len(self._ready), len(self._waiting))):
            self._wake_one()

    @property
    def ready(self) -> int:
        """How many jobs lie ready."""
        return len(self._ready)

    @property
    def too_late(self) -> bool:
        """Whether nothing may leave any more without a person's word."""
        return self._mailing.not_after is not None and self._clock() > self._mailing.not_after

    def close(self) -> None:
        """No more jobs: the lines finish what is on the wire and hang up."""
        self.closed = True
        self._closing.set()
        self.hungry.set()
        while self._waiting:
            self._wake_one()

    def stop(self, failure: PublisherError) -> None:
        """Close because of a fault; the first one is told."""
        self.failure = self.failure or failure
        self.close()

    def give_back(self) -> None:
        """Release what was claimed and never begun."""
        while self._ready:
            self.release(self._ready.popleft().claim)

    def release(self, claim: Claim, due: float | None = None) -> None:
        """Give one claim back, to be claimed again at `due`."""
        self.outstanding -= 1
        self._commits.release(claim.delivery, self._clock() if due is None else due)

    def drop(self, claim: Claim, status: DeliveryStatus, why: str) -> None:
        """Settle a claim that no transport will see: the reader left, or no letter can be made."""
        self._write(claim, Verdict(status, why))

    # What a transport does (transports.Desk)

    def next(self, server: str = "") -> Job | None:
        """Return a job if one is ready, the desk is open and the server's rate allows it."""
        if self.closed or not self._ready or self.too_late or self._wait(server) > 0:
            return None
        if self._pace:
            self._pace.reserve([f"server:{server}"], self._clock())
        if len(self._ready) == LOW:
            self.hungry.set()
        self._taken[server] += 1
        return self._ready.popleft()

    async def take(self, server: str = "", weight: int = 1) -> Job | None:
        """Wait for a job; None when the desk has closed."""
        while not self.closed:
            if (job := self.next(server)) is not None:
                return job
            if (wait := self._wait(server)) > 0:
                await self.pause(wait)
                continue
            self.hungry.set()
            woken = asyncio.get_running_loop().create_future()
            self._waiting.append(_Waiting(server, weight, woken))
            await woken
        return None

    async def pause(self, seconds: float) -> None:
        """Sleep, but wake up when the desk closes."""
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            pass

    def _wait(self, server: str) -> float:
        """Seconds until the server's own bucket lets a letter through."""
        if not self._pace or (name := f"server:{server}") not in self._pace:
            return 0
        now = self._clock()
        return self._pace.ready([name], now) - now

    def put_back(self, job: Job) -> None:
        """Lay a job on top again; if the desk has closed meanwhile, its claim is released at the end."""
        self._ready.appendleft(job)
        self._wake_one()

    def intend(self, job: Job, then: Callable[[], None]) -> None:
        """Write `sending` down, then call `then`; never, if the database is lost."""
        self._commits.intend(job.claim.delivery, then)

    def settle(self, job: Job, stage: Stage, reply: Reply, server: str = "") -> None:
        """Judge an answer, write it down, and mind the pace."""
        attempts, now = job.claim.attempts + 1, self._clock()
        verdict = policy.judge(stage, reply, attempts=attempts, now=now, not_after=self._mailing.not_after)
        self._write(job.claim, verdict)
        if verdict.status is _SENT:
            self.progress.last_reply = verdict.comment
            if self._pace:
                self._pace.ease(f"domain:{job.recipient.domain}")
                self._pace.ease(f"server:{server}")
        elif verdict.slow is not None:
            domain = verdict.slow is Scope.DOMAIN
            self._pace.slow(f"domain:{job.recipient.domain}" if domain else f"server:{server}", now)
        self._consider(stage, reply, verdict)

    def lose(self, job: Job, why: str, *, in_doubt: bool) -> None:
        """Hold a letter that may have arrived; try one again that cannot have."""
        if in_doubt:
            self._write(job.claim, Verdict(_HELD, f"in doubt: {why}; it may have arrived"))
            self._doubt(why)
            return
        attempts, now = job.claim.attempts + 1, self._clock()
        self._write(
            job.claim, policy.lost(why, attempts=attempts, now=now, not_after=self._mailing.not_after)
        )

    def warn(self, why: str) -> None:
        """Keep it for the report; who watches is told now."""
        self.progress.warnings.append(why)
        self.progress.last_trouble = why

    def _doubt(self, why: str) -> None:
        """Stop the run before there are too many of whom nobody knows."""
        if (doubts := self.progress.counts[_HELD]) >= policy.DOUBTS:
            self.stop(
                UnavailableError(
                    f"{doubts} letters left and may or may not have arrived: {why}",
                    hint="ask the server's log; then `publisher send ISSUE --resume` goes on with the others",
                )
            )

    def _consider(self, stage: Stage, reply: Reply, verdict: Verdict) -> None:
        """Stop the run where the fault is ours: the next thousand would fail alike."""
        if verdict.status is _SENT and not self._refusals.length:
            return
        self._refusals = self._refusals.after(stage, reply)
        if verdict.stop:
            self.stop(
                ConfigurationError(
                    f"The server refuses us: {verdict.stop}", hint="`publisher doctor` may know"
                )
            )
        elif self._refusals.too_many:
            self.stop(
                ConfigurationError(
                    f"{self._refusals.length} letters in a row were refused: {verdict.comment}",
                    hint="put that right, then `publisher send ISSUE --retry-failed`",
                )
            )

    def _write(self, claim: Claim, verdict: Verdict) -> None:
        self.outstanding -= 1
        tried = 0 if verdict.status is _SKIPPED else 1
        self._commits.record(
            Outcome(claim.delivery, verdict.status, verdict.comment, claim.attempts + tried, verdict.due)
        )
        self.progress.counts[verdict.status] += 1
        if verdict.status is not _SENT:
            self.progress.last_trouble = verdict.comment
            self.hungry.set()
        elif not self.outstanding:
            self.hungry.set()

    def _wake_one(self) -> None:
        """Wake whoever had the least for its weight; among equals the one that waited longest."""
        if self._waiting:
            first = min(self._waiting, key=lambda line: self._taken[line.server] / line.weight)
            self._waiting.remove(first)
            if not first.woken.done():
                first.woken.set_result(None)
