"""A letter of the door -> a message (RFC 5322), sealed with the digest's own keys."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from publisher.delivery.dkim import DkimKey, Seal
from publisher.delivery.encoding import quote
from publisher.delivery.headers import check_wire, mailbox, structured, unstructured
from publisher.delivery.messages import Sender
from publisher.subscribers.letters import Letter

_NAMES = [
    *("From", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "To"),
]


@dataclass(frozen=True)
class Envelope:
    """Writes messages that no robot answers (RFC 3834), from the sender that the digest comes from."""

    sender: Sender
    keys: Sequence[DkimKey] = ()

    def message(self, letter: Letter, now: datetime) -> bytes:
        """The message; its headers hold no word that a stranger typed but the checked address.

        Raises WireError if the finished bytes would not be what is meant.
        """
        fields = b"".join(
            [
                mailbox("From", self.sender.name, self.sender.address),
                unstructured("Subject", letter.subject),
                structured("Date", format_datetime(now)),
                structured("Message-ID", f"<{secrets.token_hex(16)}@{self.sender.domain}>"),
                structured("Auto-Submitted", "auto-generated"),
                structured("X-Auto-Response-Suppress", "OOF, AutoReply"),
                structured("MIME-Version", "1.0"),
                structured("Content-Type", "text/plain; charset=utf-8"),
                structured("Content-Transfer-Encoding", "quoted-printable"),
            ]
        )
        to = mailbox("To", "", letter.recipient)
        body = quote(f"{letter.text.rstrip()}\n".encode())
        seals = [Seal(key, fields, ["To"]).header(to, hashlib.sha256(body).digest()) for key in self.keys]
        message = b"".join([*seals, fields, to, b"\r\n", body])
        check_wire(message, ["DKIM-Signature"] * len(seals) + _NAMES)
        return message


def needs_smtputf8(letter: Letter) -> bool:
    """Whether the recipient's local part goes beyond ASCII (RFC 6531)."""
    return not letter.recipient.isascii()
