"""Reports of failure: RFC 3464 and its international kind (RFC 6533), and the letters of qmail and old Exims."""

from __future__ import annotations

import re
from base64 import decodebytes
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from quopri import decodestring

from publisher.delivery.replies import spoken

STATUS_PARTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")  # `5.1.1`, and no part of an IP address
_QMAIL = "Hi. This is the"  # how every report in qmail's form begins (cr.yp.to/proto/qsbmf.txt)
_EXIM = "X-Failed-Recipients"
_LETTER = re.compile(r"^-{3}", re.MULTILINE)  # the line below which both show our own letter
_DECODERS = {"base64": decodebytes, "quoted-printable": decodestring}
_BLANK = re.compile(r"\r?\n[ \t]*\r?\n")


@dataclass(frozen=True)
class Notice:
    """What a report says about one recipient."""

    status: str  # the enhanced code, `5.1.1`; empty if there is none
    action: str  # failed, delayed, delivered, relayed, expanded
    words: str  # the server's own


def read_notices(message: Message) -> list[Notice]:
    """One for each recipient that is reported on; none for a message that is no report of failure."""
    found = [
        Notice(exact_code(group["Status"] or "", words), str(group["Action"] or "").strip().lower(), words)
        for part in message.walk()
        if part.get_content_type() in STATUS_PARTS
        for group in groups(part)
        if any(name in group for name in ("Action", "Status", "Diagnostic-Code"))
        for words in [spoken(group["Diagnostic-Code"] or "")]
    ]
    return found or list(_told_in_prose(message))


def groups(part: Message) -> Iterator[Message]:
    """The groups of fields of a status part: the first about the report, then one a recipient.

    The parser takes an international status apart as if it were a letter: its body is the other groups.
    """
    payload, whole = part.get_payload(), decoded(part)
    if whole is not None:
        yield from map(HeaderParser().parsestr, _BLANK.split(whole.decode("utf-8", "replace").strip()))
        return
    for group in payload if isinstance(payload, list) else ():
        if isinstance(group, Message):
            yield group
            rest = group.get_payload()
            yield from map(HeaderParser().parsestr, _BLANK.split(rest) if isinstance(rest, str) else ())


def decoded(part: Message) -> bytes | None:
    """What an encoded part says, which the parser takes apart as it stands; None if it is not encoded.

    RFC 6532 sec. 3.7 allows it for the international kinds; some servers do it with the others too.
    """
    decode = _DECODERS.get(str(part["Content-Transfer-Encoding"] or "").strip().lower())
    try:
        return decode(part.as_bytes().partition(b"\n\n")[2]) if decode else None
    except ValueError:  # not encoded as it says
        return None


def exact_code(status: str, words: str) -> str:
    """The enhanced code; the one in the server's words where the report only says `5.0.0`."""
    stated, exact = _STATUS.search(str(status)), _STATUS.search(words)
    chosen = exact if exact and (stated is None or stated.group().endswith(".0.0")) else stated
    return chosen.group() if chosen else ""


def _told_in_prose(message: Message) -> Iterator[Notice]:
    """What comes without a status part; anything else that people and their programs write is no report."""
    first = next((part for part in message.walk() if part.get_content_type() == "text/plain"), None)
    data = first.get_payload(decode=True) if first else None
    text = data.decode("utf-8", "replace").lstrip() if isinstance(data, bytes) else ""
    if _EXIM in message or text.startswith(_QMAIL):
        told = _LETTER.split(text, maxsplit=1)[0]
        code = _STATUS.search(told)
        where = code.start() if code else 0
        yield Notice(code.group() if code else "", "failed", spoken(told[max(0, where - 100) :]))
