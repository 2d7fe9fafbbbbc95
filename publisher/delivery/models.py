"""Recipient, Letter, Delivery: who gets the digest, what goes on the wire, and how far it came.

A *mailing* is one digest with its frozen audience; a *delivery* is one row of the ledger: one
mailing to one recipient. Times are Unix seconds, so that the ledger can compare them cheaply.

What is made anew for every letter is a slotted dataclass that nobody changes, though nothing forbids it: a
frozen one takes twice as long to make, and a NamedTuple looks its fields up anew, some sixty a letter,
which cost 5 % of a letter's CPU.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class DeliveryStatus(StrEnum):
    """How far a delivery has come; the ledger's `status` column."""

    QUEUED = "queued"  # nothing has left
    SENDING = "sending"  # the letter may be on the wire: written before the first byte of it leaves
    SENT = "sent"  # the server took it: it answered the final dot with 250
    DEFERRED = "deferred"  # refused for now; `due` says when it is tried again, if it is
    FAILED = "failed"  # refused for good
    HELD = "held"  # in doubt: it left, and nobody knows whether it was taken; a person decides
    SKIPPED = "skipped"  # the reader left after the audience was frozen, or gets a correction instead


_S = DeliveryStatus
MOVES: Mapping[DeliveryStatus, frozenset[DeliveryStatus]] = {
    _S.QUEUED: frozenset({_S.SENDING, _S.DEFERRED, _S.FAILED, _S.SKIPPED}),
    _S.SENDING: frozenset({_S.SENT, _S.DEFERRED, _S.FAILED, _S.HELD}),
    _S.DEFERRED: frozenset({_S.SENDING, _S.DEFERRED, _S.FAILED, _S.SKIPPED, _S.QUEUED}),
    _S.HELD: frozenset({_S.QUEUED}),  # only when a person says: send again
    _S.FAILED: frozenset({_S.QUEUED}),  # only when a person says: try the failed again
    _S.SENT: frozenset(),
    _S.SKIPPED: frozenset(),
}
"""All legal moves. What is sent or skipped stays so: nobody is mailed twice, or against their wish."""


def sources(target: DeliveryStatus) -> list[DeliveryStatus]:
    """The states from which `target` may be reached; the ledger's updates are guarded by them."""
    return [status for status, targets in MOVES.items() if target in targets]


class Stage(StrEnum):
    """Where in an SMTP session (RFC 5321) something was said; also what a deadline is for."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    RSET = "RSET"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    BODY = "body"
    DOT = "final dot"  # or BDAT, which says by its size where the letter ends
    QUIT = "QUIT"


@dataclass(slots=True)
class Reply:
    """What a server said: the code, and its lines joined by blanks (RFC 5321 sec. 4.2)."""

    code: int
    text: str = ""

    @property
    def is_positive(self) -> bool:
        """2xx: done."""
        return 200 <= self.code < 300  # noqa: PLR2004  # RFC 5321 sec. 4.2.1

    @property
    def is_permanent(self) -> bool:
        """5xx: asking again is no use."""
        return self.code >= 500  # noqa: PLR2004  # RFC 5321 sec. 4.2.1

    @property
    def enhanced(self) -> str:
        """The enhanced status code (RFC 3463), for example `4.7.28`, or nothing."""
        word = self.text.partition(" ")[0]
        parts = word.split(".")
        return word if len(parts) == 3 and all(part.isdigit() for part in parts) else ""  # noqa: PLR2004  # class.subject.detail

    def __str__(self) -> str:
        """`550 5.1.1 No such user`."""
        return f"{self.code} {self.text}".rstrip()


@dataclass(slots=True)
class Recipient:
    """Whom a letter is for, as frozen with the audience."""

    id: int  # the subscriber's number
    address: str

    @property
    def domain(self) -> str:
        """The receiving domain, in lower case."""
        return self.address.rpartition("@")[2].lower()


@dataclass(slots=True)
class Letter:
    """One recipient's message, ready for the wire.

    The chunks joined are the whole message: CRLF line ends, CRLF at the end, and no line that begins
    with a dot, so that nothing is doubled for DATA (RFC 5321 sec. 4.5.2) and undone for BDAT. Body
    chunks are shared by all letters.
    """

    sender: str  # the envelope sender, one per recipient (VERP)
    chunks: Sequence[bytes]
    size: int  # bytes, for SIZE= (RFC 1870)
    message_id: str  # without angle brackets
    needs_smtputf8: bool = False
    is_8bit: bool = False


class Composer(Protocol):
    """Whoever writes letters: the digest, patched for one recipient. Called from several threads."""

    def compose(self, recipient: Recipient) -> Letter:
        """Return the same bytes for the same recipient, however often it is asked."""
        ...


class MaySend(Protocol):
    """The hallway's answer to 'who of these still wants it?', asked before each batch."""

    def may_send(self, ids: Collection[int]) -> set[int]:
        """Return those that are active now."""
        ...


@dataclass(frozen=True, slots=True)
class Mailing:
    """One digest and its frozen audience."""

    name: str  # the slug; corrections are `2025-12-10.2`, `.3`
    content: str  # the digest's hash: what was frozen is what is sent
    subject: str = ""
    not_after: float | None = None
    candidates: int = 0
    id: int = 0  # the ledger's number, 0 before it is frozen


@dataclass(slots=True)
class Claim:
    """A delivery that this sender, and no other, may carry."""

    delivery: int  # the ledger's number of the row
    recipient: Recipient
    attempts: int = 0  # how often it was tried before


@dataclass(slots=True)
class Job:
    """A claim with its letter: what a transport carries."""

    claim: Claim
    letter: Letter

    @property
    def recipient(self) -> Recipient:
        """Whom it is for."""
        return self.claim.recipient


@dataclass(slots=True)
class Outcome:
    """What became of a delivery, as the ledger will write it."""

    delivery: int
    status: DeliveryStatus
    comment: str
    attempts: int
    due: float | None = None  # when it is tried again


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the ledger, for people: who, how far, why."""

    mailing: str
    address: str
    status: DeliveryStatus
    comment: str
    attempts: int
    changed: float
    due: float | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a mailing's candidates are where. The books balance, or something is lost."""

    candidates: int
    counts: Mapping[DeliveryStatus, int]

    def __getitem__(self, status: DeliveryStatus) -> int:
        """Count those in one state."""
        return self.counts.get(status, 0)

    @property
    def open(self) -> int:
        """Those still to be carried by a sender."""
        return self[_S.QUEUED] + self[_S.SENDING]

    @property
    def balanced(self) -> bool:
        """Whether every candidate is accounted for."""
        return self.candidates == sum(self.counts.values())

    def __str__(self) -> str:
        """`3 candidates = 2 sent + 0 failed + 1 deferred + 0 held + 0 skipped`."""
        shown = [_S.SENT, _S.FAILED, _S.DEFERRED, _S.HELD, _S.SKIPPED]
        shown += [status for status in (_S.QUEUED, _S.SENDING) if self[status]]
        sign = "=" if self.balanced else "!="
        return f"{self.candidates:,} candidates {sign} " + " + ".join(
            f"{self[status]:,} {status}" for status in shown
        )
