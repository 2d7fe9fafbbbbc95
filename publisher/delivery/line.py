"""A Conversation on a socket: writes what it says, keeps its deadlines, tells the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from publisher.delivery.models import Job, Stage
from publisher.delivery.protocol import Answer, Conversation, Event, GoAhead, Lost, Over, Say
from publisher.delivery.transports import Desk

PATIENCE: Mapping[Stage, float] = {
    Stage.CONNECT: 30,
    Stage.GREETING: 300,
    Stage.EHLO: 300,
    Stage.STARTTLS: 120,
    Stage.AUTH: 120,
    Stage.RSET: 300,
    Stage.MAIL: 300,
    Stage.RCPT: 300,
    Stage.DATA: 120,
    Stage.BODY: 180,
    Stage.DOT: 600,
    Stage.QUIT: 5,
}
"""Seconds on the wall for a whole stage (RFC 5321 sec. 4.5.3.2): a server that drips gets no more."""


class LineLostError(Exception):
    """The connection ended while letters were under way; they have been settled."""


class Line(asyncio.Protocol):
    """One connection. The hot path is callbacks only: no task is switched between two letters."""

    def __init__(
        self,
        name: str,
        desk: Desk,
        conversation: Conversation,
        *,
        letters: int,
        patience: Mapping[Stage, float] = PATIENCE,
    ) -> None:
        """`letters` may be carried before a fresh connection is due."""
        self.name = name
        self.closed = False
        self._desk = desk
        self._talk = conversation
        self._left = letters
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._resting: asyncio.Future[None] | None = None
        self._paused = False
        self._body_waits = False  # part of a body is still in our memory: its dot has not left
        self._following: Job | None = None
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._gone: asyncio.Future[None] = self._loop.create_future()

    def attach(self, transport: asyncio.Transport) -> None:
        """Take over a connection that has been opened and logged in."""
        transport.set_write_buffer_limits(high=1, low=0)  # `paused` means: not all has left us
        transport.set_protocol(self)
        self._transport = transport

    @property
    def spent(self) -> bool:
        """Whether it is time for a fresh connection."""
        return self.closed or self._left <= 0

    async def carry(self, job: Job) -> None:
        """Carry this job and all that can follow without a pause. Raises LineLostError."""
        if self.closed:
            self._desk.put_back(job)
            raise LineLostError("the connection closed while it was idle")
        self._resting = self._loop.create_future()
        self._begin(job)
        await self._resting

    async def quit(self) -> None:
        """Say goodbye; what the server makes of that is its business."""
        if self.closed or self._transport is None:
            return
        self._transport.write(b"QUIT\r\n")
        self.closed = True
        await asyncio.wait([self._gone], timeout=self._patience[Stage.QUIT])
        self._transport.abort()

    def abandon(self) -> None:
        """End at once: the ledger is lost, so nothing more may leave."""
        self._hang_up("the ledger cannot be written")

    # What the event loop calls

    def data_received(self, data: bytes) -> None:
        """Hear, react, go on."""
        if self.closed:
            if self._transport is not None:
                self._transport.abort()
            return
        for event in self._talk.hear(data):
            self._react(event)
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Settle what was under way."""
        if not self._gone.done():
            self._gone.set_result(None)
        self._hang_up(f"the connection was lost: {exc}" if exc else "the server closed the connection")

    def pause_writing(self) -> None:
        """Some of what was written waits in our memory."""
        self._paused = True

    def resume_writing(self) -> None:
        """All has left; the next envelope may follow."""
        self._paused = self._body_waits = False
        if self.closed:
            return
        if (following := self._following) is not None:
            self._following = None
            self._begin(following)
        self._arm()

    # What happens between two letters

    def _begin(self, job: Job) -> None:
        was_idle = self._talk.idle
        for event in self._talk.begin(job):
            self._react(event)
        if was_idle:
            self._arm()
            self._go_on()

    def _go_on(self) -> None:
        """Start the next letter when nothing is under way; rest when there is none."""
        while not self.closed and self._talk.idle and self._following is None:
            job = self._next()
            if job is None:
                self._rest()
                return
            for event in self._talk.begin(job):
                self._react(event)
            self._arm()

    def _next(self) -> Job | None:
        return self._desk.next(self.name) if self._left > 0 else None

    def _rest(self) -> None:
        if self._resting is not None and not self._resting.done():
            self._resting.set_result(None)

    def _react(self, event: Event) -> None:
        match event:
            case Say(data):
                self._write(data)
                self._arm()
            case GoAhead(job):
                self._desk.intend(job, partial(self._send, job))
            case Answer(job, stage, reply):
                if stage is Stage.DOT and self._body_waits and reply.is_positive:
                    self._desk.lose(job, f"{reply} came before the letter had left", in_doubt=True)
                    self._hang_up("the server answered too early")
                else:
                    self._desk.settle(job, stage, reply, self.name)
                    if stage is Stage.DOT and self._body_waits:
                        self._hang_up("the server refused the letter half-way")
                self._arm()
            case Lost(job, in_doubt):
                self._desk.lose(job, "the connection was lost", in_doubt=in_doubt)
            case Over(why):
                self._hang_up(why)

    def _send(self, job: Job) -> None:
        """The intent is on disk: body and final dot in one write, the next envelope behind it."""
        if self.closed or self._transport is None:
            self._desk.lose(job, "the connection was lost before the letter left", in_doubt=False)
            return
        self._left -= 1
        self._transport.writelines(self._talk.body(job))
        if self._transport.is_closing():  # the write itself was refused: nothing of it has left
            self._hang_up("the connection was lost before the letter left", body_unsent=True)
            return
        self._body_waits = self._paused
        following = self._next() if self._talk.offers.pipelining else None
        if following is not None and self._body_waits:
            self._following = following
        elif following is not None:
            self._begin(following)
        self._arm()

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _hang_up(self, why: str, *, body_unsent: bool = False) -> None:
        if self.closed:
            return
        self.closed = True
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.abort()
        for event in self._talk.leave(body_unsent=body_unsent or self._body_waits):
            if isinstance(event, Answer):
                self._desk.settle(event.job, event.stage, event.reply, self.name)
            elif isinstance(event, Lost):
                self._desk.lose(event.job, why, in_doubt=event.in_doubt)
        if self._following is not None:
            self._desk.put_back(self._following)
            self._following = None
        if self._resting is not None and not self._resting.done():
            self._resting.set_exception(LineLostError(why))

    # Deadlines: armed when a stage begins, never because some bytes came

    def _arm(self) -> None:
        stage = Stage.BODY if self._body_waits else self._talk.awaited
        if stage is None or self.closed:
            self._deadline = 0.0
            return
        self._deadline = self._loop.time() + self._patience[stage]
        if self._timer is None or self._timer.when() > self._deadline:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(self._deadline, self._look_at_the_clock)

    def _look_at_the_clock(self) -> None:
        self._timer = None
        if self.closed or not self._deadline:
            return
        if self._loop.time() < self._deadline:
            self._timer = self._loop.call_at(self._deadline, self._look_at_the_clock)
            return
        stage = Stage.BODY if self._body_waits else self._talk.awaited
        self._hang_up(f"no answer to {stage} within {self._patience[stage or Stage.DOT]:g} s")
