"""What comes back: reports of failure (RFC 3464), complaints (RFC 5965), wishes to leave by mail.

A report says whom it is about by the mark that our letter carried: in the address that the report
was sent to (VERP), in the envelope id, or in the Message-ID of the letter it quotes. Never by an
address in its text: anybody can write one there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from enum import StrEnum

from publisher.delivery.marks import Marks

_MARKED_FIELDS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_QUOTED_FIELDS = ("Message-ID", "X-HmXmrOriginalRecipient", "List-Unsubscribe")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
"""No such mailbox or domain, or a mailbox that was closed (RFC 3463, 5.1.10 from RFC 7505)."""


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


def read_report(message: bytes, marks: Marks) -> Report:
    """Read a message that came back; never raises, whatever its bytes."""
    parsed = BytesParser(policy=policy.compat32).parsebytes(message)
    found = next((mark for text in _marked(parsed) if (mark := marks.read(text))), None)
    if found is None:
        return Report(Verdict.STRANGE)
    mailing, recipient = found
    kind = str(parsed.get_param("report-type", "")).lower()
    if kind == "feedback-report":
        return Report(_complaint(parsed), mailing, recipient)
    if kind == "delivery-status":
        status, action, words = _delivery_status(parsed)
        return Report(judge(status, action), mailing, recipient, status, words)
    if "unsubscribe" in str(parsed.get("Subject", "")).lower():
        return Report(Verdict.LEAVE, mailing, recipient)
    return Report(Verdict.NEWS, mailing, recipient)  # a holiday notice, an answer by hand


def judge(status: str, action: str) -> Verdict:
    """A status code and an action (RFC 3464 sec. 2.3.3, 2.3.4) -> what to do.

    `5.7.x` is about us (policy, authentication, reputation), so no reader is ever given up for it.
    """
    if action in {"delayed", "delivered", "relayed", "expanded"} or status.startswith("2."):
        return Verdict.NEWS
    if status in _GONE:
        return Verdict.GONE
    if status.startswith("5.7."):
        return Verdict.OURS
    return Verdict.FULL


def _marked(parsed: Message) -> Iterator[str]:
    """Every place where a mark of ours may stand, the most trustworthy first."""
    for name in _MARKED_FIELDS:
        yield from map(str, parsed.get_all(name, []))
    for part in parsed.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from (str(block.get("Original-Envelope-Id", "")) for block in _blocks(part))
        if part.get_content_type() in {"message/rfc822", "message/global", "text/rfc822-headers"}:
            quoted = _quoted(part)
            yield from (str(quoted.get(name, "")) for name in _QUOTED_FIELDS)


def _blocks(part: Message) -> list[Message]:
    """The groups of fields in a status part."""
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _quoted(part: Message) -> Message:
    """The letter that a report brings back, whole or only its headers."""
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return payload[0]
    decoded = part.get_payload(decode=True)
    return BytesParser(policy=policy.compat32).parsebytes(decoded if isinstance(decoded, bytes) else b"")


def _delivery_status(parsed: Message) -> tuple[str, str, str]:
    """Status, action and the server's words of the first recipient that a report names."""
    for part in parsed.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in _blocks(part):
            if "Action" in block or "Status" in block:
                words = str(block.get("Diagnostic-Code", ""))
                return _code(str(block.get("Status", "")), words), str(block.get("Action", "")).lower(), words
    return "", "", ""


def _code(status: str, words: str) -> str:
    """The enhanced code; the diagnostic's own where the report only says `5.0.0`."""
    stated = _STATUS.search(status)
    exact = _STATUS.search(words)
    chosen = exact if exact and (stated is None or stated.group().endswith(".0.0")) else stated
    return chosen.group() if chosen else ""


def _complaint(parsed: Message) -> Verdict:
    """`not-spam` is the one kind of feedback that is no complaint (RFC 5965 sec. 3.5)."""
    for part in parsed.walk():
        if part.get_content_type() == "message/feedback-report":
            return Verdict.NEWS if "not-spam" in str(part).lower() else Verdict.COMPLAINT
    return Verdict.COMPLAINT
