"""What comes back: reports of failure (RFC 3464), complaints (RFC 5965), wishes to leave by mail.

A report says whom it is about by the mark that our letter carried: in the address that the report
was sent to (VERP), in the envelope id, or in the Message-ID of the letter it quotes. Never by an
address in its text: anybody can write one there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from enum import StrEnum

from publisher.delivery.dsn import STATUS_PARTS, Notice, decoded, groups, keyword, parts, read_notices
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
NO_COMPLAINT = frozenset({"not-spam", "auth-failure", "virus"})
"""Feedback that no reader gave against us: taken out of the unwanted mail, or a server's about SPF, DKIM, a virus."""
_UNSUBSCRIBE = re.compile(r"\s*(\w{1,5}:\s*)*unsubscribe\W*", re.IGNORECASE)  # also `Re: unsubscribe`
_LONG = 500
"""Characters of a subject that is no single word, and takes long to decode."""


class Verdict(StrEnum):
    """What a report means for us."""

    GONE = "gone"  # the mailbox does not exist: never write there again
    FULL = "failing"  # may pass: counted, and given up after several issues
    OURS = "refused"  # our own fault (5.7.x): no reader is to blame; stop and mend it
    COMPLAINT = "complaint"  # the reader called it spam: never write again
    LEAVE = "leave"  # the reader wrote to the unsubscribe mailbox
    NEWS = "no failure"  # delayed, delivered, relayed: nothing to do
    STRANGE = "not ours"  # no genuine mark: not about a letter of ours


_MILDEST_FIRST = (Verdict.NEWS, Verdict.OURS, Verdict.FULL, Verdict.GONE)


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
    for candidate in (message, *_attached(message)):
        if (report := _reported(candidate, marks)) is not None:
            return report
    found = _found((*_marked(message), *_fields(message, *_ANSWERS)), marks)
    if found is None:
        return Report(Verdict.STRANGE)
    return Report(Verdict.LEAVE if _asks_to_leave(message, unsubscribe) else Verdict.NEWS, *found)


def _attached(message: Message) -> Iterator[Message]:
    """The letters that travel in a message: a report that came to the wrong mailbox is forwarded so."""
    return (_quoted(part) for part in parts(message) if part.get_content_type() in _LETTERS)


def _reported(message: Message, marks: Marks) -> Report | None:
    """What a report of failure or a complaint says; None for any other message, and where no mark stands in it."""
    complaint, notices = _part(message, "message/feedback-report"), read_notices(message)
    if (complaint is None and not notices) or (found := _found(_marked(message), marks)) is None:
        return None
    return Report(_complaint(complaint), *found) if complaint is not None else _failure(notices, *found)


def _found(texts: Iterable[str], marks: Marks) -> tuple[str, int] | None:
    """The first genuine mark."""
    return next((mark for text in texts if (mark := marks.read(text))), None)


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
    """One letter, several boxes behind its address: as long as one of them takes it, or may again, it is read."""
    judged = [(judge(notice.status, notice.action, notice.words), notice) for notice in notices]
    verdict, notice = min(judged, key=lambda pair: _MILDEST_FIRST.index(pair[0]))
    return Report(verdict, mailing, recipient, notice.status, notice.words)


def _marked(message: Message) -> Iterator[str]:
    """Every place where a mark of ours may stand, the most trustworthy first."""
    yield from _fields(message, *_WRITTEN_TO)
    for part in parts(message):
        kind = part.get_content_type()
        if kind in STATUS_PARTS or kind == "message/feedback-report":
            for group in groups(part):
                yield from _fields(group, *_COMPLAINED_OF)
        elif kind in _LETTERS:
            yield from _fields(_quoted(part), *_QUOTED)


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
    return next((part for part in parts(message) if part.get_content_type() == kind), None)


def _complaint(part: Message) -> Verdict:
    """Whether a reader's wish, or something else, is told (RFC 5965 sec. 3.5, RFC 6591)."""
    kinds = [keyword(kind) for group in groups(part) for kind in _fields(group, "Feedback-Type")]
    return Verdict.NEWS if NO_COMPLAINT.intersection(kinds) else Verdict.COMPLAINT


def _asks_to_leave(message: Message, unsubscribe: str) -> bool:
    """Written to the mailbox for it, or an answer with that one word as its subject; no holiday notice."""
    if any("auto-replied" in value.lower() for value in _fields(message, "Auto-Submitted")):
        return False
    user = re.escape(unsubscribe.partition("@")[0])
    to = re.compile(rf"(?<![\w.+-]){user}\+", re.IGNORECASE)
    if user and any(map(to.search, _fields(message, *_WRITTEN_TO))):
        return True
    return any(_UNSUBSCRIBE.fullmatch(_shown(value)) for value in _fields(message, "Subject"))


def _shown(subject: str) -> str:
    """A subject as a mail program shows it; as it stands where that is no single word, or cannot be decoded."""
    try:
        return str(make_header(decode_header(subject))) if len(subject) < _LONG else subject
    except (HeaderParseError, LookupError, ValueError):
        return subject
