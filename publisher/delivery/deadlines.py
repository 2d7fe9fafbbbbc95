"""How long each stage of a session may take, and the one timer that a connection needs for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from publisher.delivery.models import Stage

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


class Deadline:
    """The end of the present stage: armed when one begins, never because some bytes came.

    The timer is not moved when an answer comes in time; it looks again when it rings. So a letter
    costs no timer of its own.
    """

    def __init__(
        self,
        patience: Mapping[Stage, float],
        awaited: Callable[[], Stage | None],
        late: Callable[[str], None],
    ) -> None:
        """`awaited` tells the present stage, None while nothing is; `late` is told why it is over."""
        self._patience = patience
        self._awaited = awaited
        self._late = late
        self._loop = asyncio.get_running_loop()
        self._end: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def arm(self) -> None:
        """A stage begins: give it its time, in seconds on the wall."""
        stage = self._awaited()
        if stage is None:
            self._end = None
            return
        self._end = self._loop.time() + self._patience[stage]
        if self._timer is None or self._timer.when() > self._end:
            self.cancel()
            self._timer = self._loop.call_at(self._end, self._look)

    def cancel(self) -> None:
        """Nothing is waited for any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if self._end is None:
            return
        if self._loop.time() < self._end:
            self._timer = self._loop.call_at(self._end, self._look)
            return
        stage = self._awaited() or Stage.DOT
        self._late(f"no answer to {stage} within {self._patience[stage]:g} s")
