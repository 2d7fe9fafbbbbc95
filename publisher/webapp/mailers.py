"""One-off letters on their way: over the relays that are set, else into a folder *."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import aiosmtplib
from starlette.concurrency import run_in_threadpool

from publisher.delivery.deadlines import PATIENCE
from publisher.delivery.models import Stage
from publisher.delivery.opening import OpeningError, open_client, take_leave
from publisher.delivery.settings import ServerSettings
from publisher.errors import UnavailableError
from publisher.subscribers.letters import Letter, UndeliverableError
from publisher.webapp.envelopes import Envelope, needs_smtputf8

PERMANENT = 500


@dataclass(frozen=True)
class FolderMailer:
    """Writes each letter as an .eml file: for a first try, and for other programs to pick up."""

    folder: Path
    envelope: Envelope
    clock: Callable[[], datetime]

    @property
    def longest(self) -> timedelta:
        """A disk has no deadline; a slow one needs seconds."""
        return timedelta(minutes=1)

    async def send(self, letter: Letter) -> None:
        """Write the file whole, then give it its name; raises OSError when the disk refuses."""
        now = self.clock()
        await run_in_threadpool(self._write, self.envelope.message(letter, now), now)

    def _write(self, message: bytes, now: datetime) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        draft = self.folder / f"{name}.part"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(draft.with_suffix(".eml"))


AT_MOST = 60
"""Seconds that one relay has to let us in, and once more to take the letter."""


@dataclass(frozen=True)
class SmtpMailer:
    """Sends each letter over a connection of its own, by the first relay that takes it."""

    servers: Sequence[ServerSettings]
    passwords: Mapping[str, str]  # by the relay's name
    envelope: Envelope
    clock: Callable[[], datetime]
    ehlo_name: str = ""

    @property
    def longest(self) -> timedelta:
        """Every relay lets us in at the last moment and does not take the letter; the last one does."""
        return timedelta(seconds=len(self.servers) * 2 * AT_MOST + PATIENCE[Stage.QUIT])

    async def send(self, letter: Letter) -> None:
        """Try the relays in order.

        Raises UnavailableError when none took it now, UndeliverableError when one refused it for good.
        """
        message, faults = self.envelope.message(letter, self.clock()), []
        for server in self.servers:
            try:
                client = await self._opened(server)
                await self._send(client, letter, message)
            except aiosmtplib.SMTPRecipientsRefused as error:
                if any(reply.code >= PERMANENT for reply in error.recipients):
                    raise UndeliverableError(f"{server.name} refuses the address for good") from None
                faults.append(f"{server.name} refuses the address for now")
            except OpeningError as error:
                faults.append(f"{server.name} refuses us at {error}")
            except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
                faults.append(f"{server.name}: {type(error).__name__}")
            else:
                await take_leave(client, PATIENCE)
                return
        raise UnavailableError("; ".join(faults), hint="see [[delivery.servers]] and `publisher doctor`")

    async def _opened(self, server: ServerSettings) -> aiosmtplib.SMTP:
        """Certificates are verified; a relay that should encrypt and does not is given nothing."""
        try:
            async with asyncio.timeout(AT_MOST):
                return await open_client(server, self.passwords[server.name], self.ehlo_name, PATIENCE)
        except TimeoutError:
            raise OpeningError(Stage.CONNECT, f"no login within {AT_MOST} s") from None

    async def _send(self, client: aiosmtplib.SMTP, letter: Letter, message: bytes) -> None:
        options = ["SMTPUTF8"] if needs_smtputf8(letter) else []
        try:
            async with asyncio.timeout(AT_MOST):
                await client.sendmail(
                    self.envelope.sender.bounces, [letter.recipient], message, mail_options=options
                )
        except BaseException:
            client.close()
            raise
