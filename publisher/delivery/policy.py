"""SMTP reply + attempts + now -> what becomes of the delivery, and of the run. No I/O, no clock.

A 4xx is tried again after growing delays until the mailing's `not_after`; 421 and 4.7.x also slow
the receiving domain (or the server, where the recipient was not yet named), never the whole run.
A 5xx at RCPT, DATA or the dot ends that recipient. A 5xx before the recipient was named is
about us, and so are many equal refusals of the letter in a row: they stop the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from publisher.delivery.codes import told
from publisher.delivery.models import DeliveryStatus, Reply, Stage

DELAYS = (60, 300, 900, 1800, 3600)
"""Seconds before the second, third … try; the last one repeats."""

MAX_ATTEMPTS = 20
"""A row that nothing can deliver does not stay for ever."""

EQUAL_REFUSALS = 10
"""So many letters refused in a row with the same code, at the dot or by 5.7.x: it is we, not the readers."""

DOUBTS = 32
"""So many letters of one run that left and got no answer: whoever takes them does not say so. Stop."""

_DOT, _SENT = Stage.DOT, DeliveryStatus.SENT  # looked up once: see `protocol`
_NAMES_RECIPIENT = frozenset({Stage.RCPT, Stage.DATA, _DOT})
_CLOSING = 421


class Scope(StrEnum):
    """What a reply asks us to slow down."""

    DOMAIN = "domain"
    SERVER = "server"


@dataclass(slots=True)
class Verdict:
    """What to write into the ledger, what to slow, and whether to stop."""

    status: DeliveryStatus
    comment: str
    due: float | None = None
    slow: Scope | None = None
    stop: str = ""


def judge(stage: Stage, reply: Reply, *, attempts: int, now: float, not_after: float | None) -> Verdict:
    """Decide about one reply to one letter; `attempts` counts this one."""
    if stage is _DOT and reply.is_positive:
        return Verdict(_SENT, str(reply))
    words = f"{stage}: {told(reply)}"
    if not reply.is_permanent:
        return _later(words, attempts, now, not_after, slow=_slows(stage, reply))
    if stage not in _NAMES_RECIPIENT:
        return Verdict(DeliveryStatus.DEFERRED, words, due=now, stop=words)
    return Verdict(DeliveryStatus.FAILED, words)


def lost(why: str, *, attempts: int, now: float, not_after: float | None) -> Verdict:
    """Decide about a letter whose connection broke before its final dot left: nobody has it.

    Servers may close a connection whenever they like, so the first time it is tried again at once.
    """
    if attempts == 1:
        return Verdict(DeliveryStatus.DEFERRED, why, due=now)
    return _later(why, attempts, now, not_after, slow=None)


def _slows(stage: Stage, reply: Reply) -> Scope | None:
    if reply.code != _CLOSING and not reply.enhanced.startswith("4.7."):
        return None
    return Scope.DOMAIN if stage in _NAMES_RECIPIENT else Scope.SERVER


def _later(why: str, attempts: int, now: float, not_after: float | None, *, slow: Scope | None) -> Verdict:
    if attempts >= MAX_ATTEMPTS:
        return Verdict(DeliveryStatus.FAILED, f"{why}; given up after {attempts} tries", slow=slow)
    due = now + DELAYS[min(attempts, len(DELAYS)) - 1]
    if not_after is not None and due > not_after:
        return Verdict(DeliveryStatus.DEFERRED, f"{why}; too late for another try", slow=slow)
    return Verdict(DeliveryStatus.DEFERRED, why, due=due, slow=slow)


@dataclass(frozen=True, slots=True)
class Refusals:
    """How many letters in a row were refused with one and the same code: at the dot, or for our own fault (5.7.x)."""

    code: str = ""
    length: int = 0

    def after(self, stage: Stage, reply: Reply) -> Refusals:
        """Count one more reply; a letter that is taken starts the count anew."""
        if stage is not _DOT and not (stage in _NAMES_RECIPIENT and reply.enhanced.startswith("5.7.")):
            return self
        if not reply.is_permanent:
            return Refusals() if reply.is_positive and self.length else self
        code = f"{reply.code} {reply.enhanced}".rstrip()
        return Refusals(code, self.length + 1 if code == self.code else 1)

    @property
    def too_many(self) -> bool:
        """Whether the run must stop: the next thousand would be refused as well."""
        return self.length >= EQUAL_REFUSALS
