"""One-off letters on their way: over the relays that are set, else into a folder *."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiosmtplib
from starlette.concurrency import run_in_threadpool

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


PATIENCE = 60
"""Seconds for one letter over one relay."""


@dataclass(frozen=True)
class SmtpMailer:
    """Sends each letter over a connection of its own, by the first relay that takes it."""

    servers: Sequence[ServerSettings]
    passwords: Mapping[str, str]  # by the relay's name
    envelope: Envelope
    clock: Callable[[], datetime]
    ehlo_name: str = ""

    async def send(self, letter: Letter) -> None:
        """Try the relays in order.

        Raises UnavailableError when none took it now, UndeliverableError when one refused it for good.
        """
        message, faults = self.envelope.message(letter, self.clock()), []
        for server in self.servers:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._send(server, letter, message)
            except aiosmtplib.SMTPRecipientsRefused as error:
                if any(reply.code >= PERMANENT for reply in error.recipients):
                    raise UndeliverableError(f"{server.name} refuses the address for good") from None
                faults.append(f"{server.name} refuses the address for now")
            except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
                faults.append(f"{server.name}: {type(error).__name__}")
            else:
                return
        raise UnavailableError("; ".join(faults), hint="see [[delivery.servers]] and `publisher doctor`")

    async def _send(self, server: ServerSettings, letter: Letter, message: bytes) -> None:
        """Certificates are verified; a relay that should encrypt and does not is given nothing."""
        context = ssl.create_default_context(cafile=server.ca_file or None)
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=self.ehlo_name or socket.gethostname(),
            use_tls=server.encryption == "implicit",
            start_tls=server.encryption == "starttls",
            tls_context=None if server.encryption == "none" else context,
        )
        async with client:
            if server.user and server.login == "xoauth2":
                await client.auth_xoauth2(server.user, self.passwords[server.name])
            elif server.user:
                await client.login(server.user, self.passwords[server.name])
            options = ["SMTPUTF8"] if needs_smtputf8(letter) else []
            await client.sendmail(
                self.envelope.sender.bounces, [letter.recipient], message, mail_options=options
            )
