"""What comes back: reports of failure (RFC 3464), complaints (RFC 5965), wishes to leave by mail.

A report says whom it is about by the mark that our letter carried: in the address that the report
was sent to (VERP), in the envelope id, or in the Message-ID of the letter it quotes. Never by an
address in its text: anybody can write one there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from enum import StrEnum

from publisher.delivery.dsn import STATUS_PARTS, Notice, decoded, groups, read_notices
from publisher.delivery.marks import Marks

LONGEST = 1_000_000
"""Bytes of a message that are read: what a report says stands before the letter that it quotes."""
_WRITTEN_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_ANSWERS = ("In-Reply-To", "References")
_QUOTED = ("Message-ID", "List-Unsubscribe", "Return-Path")
_COMPLAINED_OF = ("Original-Envelope-Id", "Original-Mail-From")
_LETTERS = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
_GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
"""No such mailbox or domain, or a mailbox that was closed (RFC 3463, 5.1.10 from RFC 7505)."""
_NO_USER = re.compile("no such user", re.IGNORECASE)
NO_COMPLAINT = frozenset({"not-spam", "auth-failure"})
"""Feedback that no reader gave against us: taken out of the unwanted mail, or a server's about SPF and DKIM."""
_UNSUBSCRIBE = re.compile(r"\s*(\w{1,5}:\s*)*unsubscribe\W*", re.IGNORECASE)  # also `Re: unsubscribe`


class Verdict(StrEnum):
    """What a report means for us."""

    GONE = "gone"  # the mailbox does not exist: never write there again
    FULL = "failing"  # may pass: counted, and given up after several issues
    OURS = "refused"  # our own fault (5.7.x): no reader is to blame; stop and mend it
    COMPLAINT = "complaint"  # the reader called it spam: never write again
    LEAVE = "leave"  # the reader wrote to the unsubscribe mailbox
    NEWS = "no failure"  # delayed, delivered, relayed: nothing to do
    STRANGE = "not ours"  # no genuine mark: not about a letter of ours


@dataclass(frozen=True)
class Report:
    """What one message that came back says."""

    verdict: Verdict
    mailing: str = ""
    recipient: int = 0
    status: str = ""  # the enhanced code, `5.1.1`
    words: str = ""  # the server's own, for the editor


def read_report(message: bytes, marks: Marks, unsubscribe: str = "") -> Report:
    """Read a message that came back; never raises, whatever its bytes.

    `unsubscribe` is the mailbox for wishes to leave, if it is for nothing else: all that is written
    to it is one, whatever it says.
    """
    try:
        return _read(BytesParser(policy=policy.compat32).parsebytes(message[:LONGEST]), marks, unsubscribe)
    except RecursionError:  # parts within parts within parts: no mail server writes that
        return Report(Verdict.STRANGE)


def _read(message: Message, marks: Marks, unsubscribe: str) -> Report:
    found = next((mark for text in _marked(message) if (mark := marks.read(text))), None)
    if found is None:
        return Report(Verdict.STRANGE)
    if (complaint := _part(message, "message/feedback-report")) is not None:
        return Report(_complaint(complaint), *found)
    if notices := read_notices(message):
        return _failure(notices, *found)
    return Report(Verdict.LEAVE if _asks_to_leave(message, unsubscribe) else Verdict.NEWS, *found)


def judge(status: str, action: str, words: str = "") -> Verdict:
    """A status code, an action (RFC 3464 sec. 2.3.3, 2.3.4) and the server's words -> what to do.

    `5.7.x` is about us (policy, authentication, reputation), so no reader is ever given up for it.
    Only Yandex says `5.7.1 No such user!` of a mailbox that is gone: that is counted, and no alarm.
    """
    if action in {"delayed", "delivered", "relayed", "expanded"} or status.startswith("2."):
        return Verdict.NEWS
    if status in _GONE:
        return Verdict.GONE
    if status.startswith("5.7.") and not (status == "5.7.1" and _NO_USER.search(words)):
        return Verdict.OURS
    return Verdict.FULL


def _failure(notices: Sequence[Notice], mailing: str, recipient: int) -> Report:
    """One letter, several boxes behind its address: as long as one of them takes it, it is read."""
    judged = [(judge(notice.status, notice.action, notice.words), notice) for notice in notices]
    verdict, notice = next((pair for pair in judged if pair[0] is Verdict.NEWS), judged[0])
    return Report(verdict, mailing, recipient, notice.status, notice.words)


def _marked(message: Message) -> Iterator[str]:
    """Every place where a mark of ours may stand, the most trustworthy first."""
    yield from _fields(message, *_WRITTEN_TO)
    for part in message.walk():
        kind = part.get_content_type()
        if kind in STATUS_PARTS or kind == "message/feedback-report":
            for group in groups(part):
                yield from _fields(group, *_COMPLAINED_OF)
        elif kind in _LETTERS:
            yield from _fields(_quoted(part), *_QUOTED)
    yield from _fields(message, *_ANSWERS)


def _fields(message: Message, *names: str) -> Iterator[str]:
    return (str(value) for name in names for value in message.get_all(name, []))


def _quoted(part: Message) -> Message:
    """The letter that a report brings back, whole or only its headers."""
    payload, whole = part.get_payload(), decoded(part)
    if whole is None and isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return payload[0]
    data = part.get_payload(decode=True) if whole is None else whole
    return BytesParser(policy=policy.compat32).parsebytes(data if isinstance(data, bytes) else b"")


def _part(message: Message, kind: str) -> Message | None:
    return next((part for part in message.walk() if part.get_content_type() == kind), None)


def _complaint(part: Message) -> Verdict:
    """Whether a reader's wish, or something else, is told (RFC 5965 sec. 3.5, RFC 6591)."""
    kinds = [kind.strip().lower() for group in groups(part) for kind in _fields(group, "Feedback-Type")]
    return Verdict.NEWS if NO_COMPLAINT.intersection(kinds) else Verdict.COMPLAINT


def _asks_to_leave(message: Message, unsubscribe: str) -> bool:
    """Written to the mailbox for it, or an answer with that one word as its subject; no holiday notice."""
    if any("auto-replied" in value.lower() for value in _fields(message, "Auto-Submitted")):
        return False
    user = re.escape(unsubscribe.partition("@")[0])
    to = re.compile(rf"(?<![\w.+-]){user}\+", re.IGNORECASE)
    if user and any(map(to.search, _fields(message, *_WRITTEN_TO))):
        return True
    return any(_UNSUBSCRIBE.fullmatch(value) for value in _fields(message, "Subject"))
