"""One-off letters on their way: into a folder, where no server is set *."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from publisher.content.models import Publication
from publisher.errors import ConfigurationError
from publisher.subscribers.letters import Letter


@dataclass(frozen=True)
class Envelope:
    """Turns a letter into a message (RFC 5322) that no robot answers (RFC 3834)."""

    publication: Publication
    sender: str

    def __post_init__(self) -> None:
        """A letter needs a sender."""
        if "@" not in self.sender:
            raise ConfigurationError(
                "The letters of the door have no sender", hint="set email under [publication.publisher]"
            )

    def message(self, letter: Letter, now: datetime) -> EmailMessage:
        """The message; its headers hold no word that a stranger typed but the checked address."""
        user, _, domain = self.sender.rpartition("@")
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(self.publication.title, user, domain)
        message["To"] = letter.recipient
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{secrets.token_hex(16)}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
        message.set_content(letter.text, cte="quoted-printable")
        return message


@dataclass(frozen=True)
class FolderMailer:
    """Writes each letter as an .eml file: for a first try, and for other programs to pick up."""

    folder: Path
    envelope: Envelope
    clock: Callable[[], datetime]

    async def send(self, letter: Letter) -> None:
        """Write the file whole, then give it its name; raises OSError when the disk refuses."""
        now = self.clock()
        await run_in_threadpool(self._write, bytes(self.envelope.message(letter, now)), now)

    def _write(self, message: bytes, now: datetime) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        draft = self.folder / f"{name}.part"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(draft.with_suffix(".eml"))
