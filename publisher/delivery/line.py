"""A Conversation on a socket: writes what it says, keeps its deadlines, tells the desk."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from functools import partial

from publisher.delivery.deadlines import PATIENCE, Deadline
from publisher.delivery.models import Job, Stage
from publisher.delivery.protocol import Answer, Conversation, Event, GoAhead, Lost, Over, Say
from publisher.delivery.transports import Desk


class LineLostError(Exception):
    """The connection ended while letters were under way; they have been settled."""


_HEARING = 16384
"""Bytes heard at once: a few replies."""


class Line(asyncio.BufferedProtocol):
    """One connection. The hot path is callbacks only: no task is switched between two letters.

    Where no encryption stands between us and the socket, a letter goes to the kernel in one `writev` of
    the pieces that all letters share: asyncio would copy them together first.
    """

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
        self._farewell = patience[Stage.QUIT]
        self._deadline = Deadline(patience, self._awaited, self._hang_up)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._socket: int | None = None  # the descriptor, where we may write to it ourselves
        self._heard = memoryview(bytearray(_HEARING))
        self._resting: asyncio.Future[None] | None = None
        self._paused = False
        self._body_waits = False  # part of a body is still in our memory: its dot has not left
        self._behind = b""  # the next envelope, while it waits for that body
        self._gone: asyncio.Future[None] = self._loop.create_future()

    def attach(self, transport: asyncio.Transport) -> None:
        """Take over a connection that has been opened and logged in."""
        transport.set_write_buffer_limits(high=1, low=0)  # `paused` means: not all has left us
        transport.set_protocol(self)
        if transport.get_extra_info("ssl_object") is None:
            self._socket = transport.get_extra_info("socket").fileno()
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
        await asyncio.wait([self._gone], timeout=self._farewell)
        self._transport.abort()

    def abandon(self) -> None:
        """End at once: the ledger is lost (then nothing is written), or a person asked twice."""
        self._hang_up("the sender was stopped before the server had answered")

    # What the event loop calls

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002  # asyncio's signature
        """Say where bytes from the server may be put."""
        return self._heard

    def buffer_updated(self, nbytes: int) -> None:
        """Hear, react, go on."""
        if self.closed:
            if self._transport is not None:
                self._transport.abort()
            return
        for event in self._talk.hear(bytes(self._heard[:nbytes])):
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
        behind, self._behind = self._behind, b""
        if behind:
            self._write(behind)
        self._deadline.arm()

    # What happens between two letters

    def _begin(self, job: Job) -> None:
        for event in self._talk.begin(job):
            self._react(event)
        self._deadline.arm()
        self._go_on()

    def _go_on(self) -> None:
        """Start the next letter when nothing is under way; rest when there is none."""
        while not self.closed and self._talk.idle:
            job = self._next()
            if job is None:
                self._rest()
                return
            for event in self._talk.begin(job):
                self._react(event)
            self._deadline.arm()

    def _next(self) -> Job | None:
        return self._desk.next(self.name) if self._left > 0 else None

    def _rest(self) -> None:
        if self._resting is not None and not self._resting.done():
            self._resting.set_result(None)

    def _react(self, event: Event) -> None:
        match event:
            case GoAhead(job):
                self._desk.intend(job, partial(self._send, job))
            case Say(data):
                self._write(data)
                self._deadline.arm()
            case Answer(job, stage, reply):
                if self._body_waits and stage is Stage.DOT and reply.is_positive:
                    self._desk.lose(job, f"{reply} came before the letter had left", in_doubt=True)
                    self._hang_up("the server answered too early")
                else:
                    self._desk.settle(job, stage, reply, self.name)
                    if self._body_waits and stage is Stage.DOT:
                        self._hang_up("the server refused the letter half-way")
                self._deadline.arm()
            case Lost(job, in_doubt):
                self._desk.lose(job, "the connection was lost", in_doubt=in_doubt)
            case Over(why):
                self._hang_up(why)

    def _send(self, job: Job) -> None:
        """The intent is on disk: body and final dot in one write, and the next envelope with them."""
        if self.closed or self._transport is None:
            self._desk.lose(job, "the connection was lost before the letter left", in_doubt=False)
            return
        self._left -= 1
        body = self._talk.body(job)
        following = self._next() if self._talk.offers.pipelining else None
        events = self._talk.begin(following) if following is not None else []
        self._put(body, b"".join([event.data for event in events if isinstance(event, Say)]))
        for event in events:
            if not isinstance(event, Say):
                self._react(event)
        self._deadline.arm()

    def _put(self, body: Sequence[bytes], behind: bytes) -> None:
        """Hand a body to the kernel; what it does not take waits, and `behind` with it."""
        try:
            gone = self._write_now([*body, behind])
        except OSError:
            self._hang_up("the connection was lost before the letter left", body_unsent=True)
            return
        size = sum(map(len, body))
        if gone == size + len(behind):
            return
        if gone < size:
            self._write(b"".join(body)[gone:])
            if self._transport is None or self._transport.is_closing():  # refused, so the dot has not left
                self._hang_up("the connection was lost before the letter left", body_unsent=True)
                return
            self._body_waits = self._paused
        if self._body_waits:
            self._behind = behind
        else:
            self._write(behind[max(gone - size, 0) :])

    def _write_now(self, chunks: Sequence[bytes]) -> int:
        """Write past asyncio, if nothing of ours waits in it: how many bytes the kernel took."""
        transport = self._transport
        if self._socket is None or transport is None or transport.is_closing():
            return 0
        try:
            return 0 if transport.get_write_buffer_size() else os.writev(self._socket, chunks)
        except BlockingIOError:
            return 0

    def _write(self, data: bytes) -> None:
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _hang_up(self, why: str, *, body_unsent: bool = False) -> None:
        if self.closed:
            return
        self.closed = True
        self._deadline.cancel()
        if self._transport is not None:
            self._transport.abort()
        for event in self._talk.leave(body_unsent=body_unsent or self._body_waits):
            if isinstance(event, Answer):
                self._desk.settle(event.job, event.stage, event.reply, self.name)
            elif isinstance(event, Lost):
                self._desk.lose(event.job, why, in_doubt=event.in_doubt)
        if self._resting is not None and not self._resting.done():
            self._resting.set_exception(LineLostError(why))

    def _awaited(self) -> Stage | None:
        """The stage whose time is running."""
        if self.closed:
            return None
        return Stage.BODY if self._body_waits else self._talk.awaited
