"""The SMTP transport: several servers, several connections each, fail-over between them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from publisher.delivery.deadlines import PATIENCE
from publisher.delivery.line import Line, LineLostError
from publisher.delivery.models import Job, Stage
from publisher.delivery.opening import OpeningError, open_connection
from publisher.delivery.protocol import Conversation
from publisher.delivery.settings import ServerSettings
from publisher.delivery.transports import Desk
from publisher.errors import ConfigurationError, PublisherError, UnavailableError

TRIES = 5
"""Connections refused in a row before a server counts as gone (with the pauses: about a minute)."""

FIRST_TRIES = 2
"""The same for a server that never answered in this run: a typing error should be told soon."""

LONGEST_PAUSE = 30.0


_FAREWELL = 0.02
"""Seconds in which aborted connections close their sockets; a loop that ends at once leaves them open."""


class _Server:
    """What we know of a server in this run."""

    def __init__(self, settings: ServerSettings, password: str) -> None:
        self.settings = settings
        self.password = password
        self.open_lines = 0
        self.answered = False
        self.refusals = 0
        self.up_at = 0.0
        self.gone: OpeningError | None = None

    def refused(self, error: OpeningError, now: float) -> None:
        """Count a refusal once, however many lines meet it."""
        if self.open_lines == 0 and now >= self.up_at:
            self.refusals += 1
            if error.permanent or self.refusals >= (TRIES if self.answered else FIRST_TRIES):
                self.gone = error
        self.up_at = now + min(2.0**self.refusals, LONGEST_PAUSE)

    def opened(self) -> None:
        """It answers."""
        self.open_lines += 1
        self.answered, self.refusals, self.up_at = True, 0, 0.0


class SmtpTransport:
    """Carries letters over SMTP; see `protocol` for the talk and `opening` for the first words."""

    def __init__(
        self,
        servers: Sequence[tuple[ServerSettings, str]],
        *,
        ehlo_name: str = "",
        ask_dsn: bool = True,
        patience: Mapping[Stage, float] = PATIENCE,
    ) -> None:
        """`servers` with their passwords; a connection is opened when there is a letter for it."""
        self._servers = [_Server(settings, password) for settings, password in servers]
        self._ehlo_name = ehlo_name
        self._ask_dsn = ask_dsn
        self._patience = patience
        self.name = ", ".join(settings.name for settings, _ in servers)
        self.lines = sum(settings.connections for settings, _ in servers)

    async def carry(self, desk: Desk) -> None:
        """Run all lines until the desk closes or every server is gone."""
        lines = [server for server in self._servers for _ in range(server.settings.connections)]
        try:
            await asyncio.gather(*(self._run(server, desk) for server in lines))
        finally:
            await asyncio.sleep(_FAREWELL)

    async def _run(self, server: _Server, desk: Desk) -> None:
        """One line at a time, opened anew as often as it must be."""
        while server.gone is None:
            await self._until_up(server, desk)
            job = await desk.take(server.settings.name, server.settings.weight)
            if job is None:
                return
            line = await self._open(server, desk, job)
            if line is not None:
                await self._use(line, server, desk, job)
                server.open_lines -= 1

    async def _use(self, line: Line, server: _Server, desk: Desk, first: Job) -> None:
        """Carry until the line is spent or lost, or the desk has closed."""
        job: Job | None = first
        try:
            while job is not None:
                await line.carry(job)
                if line.spent:
                    break
                job = await desk.take(server.settings.name, server.settings.weight)
            await line.quit()
        except LineLostError:
            return
        except asyncio.CancelledError:
            line.abandon()
            raise

    async def _open(self, server: _Server, desk: Desk, job: Job) -> Line | None:
        try:
            opened = await open_connection(server.settings, server.password, self._ehlo_name, self._patience)
        except OpeningError as error:
            desk.put_back(job)
            was_gone = server.gone is not None
            server.refused(error, asyncio.get_running_loop().time())
            if all(other.gone for other in self._servers):
                desk.stop(_explained(server, error))
            elif server.gone and not was_gone:
                desk.warn(f"{_explained(server, error)}; the other servers take over its letters")
            return None
        server.opened()
        line = Line(
            server.settings.name,
            desk,
            Conversation(opened.offers, ask_dsn=self._ask_dsn, bdat=server.settings.bdat),
            letters=server.settings.letters_per_connection,
            patience=self._patience,
        )
        line.attach(opened.transport)
        return line

    async def _until_up(self, server: _Server, desk: Desk) -> None:
        wait = server.up_at - asyncio.get_running_loop().time()
        if wait > 0:
            await desk.pause(wait)


def _explained(server: _Server, error: OpeningError) -> PublisherError:
    if error.permanent:
        return ConfigurationError(
            f"{server.settings.name} refuses us at {error}", hint="`publisher doctor` may know"
        )
    return UnavailableError(
        f"{server.settings.name} cannot be reached at {error}",
        hint="nothing is lost: `publisher send ISSUE --resume` goes on when it is back",
    )
