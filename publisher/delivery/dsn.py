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
_CODE = r"([245]\.\d{1,3}\.\d{1,3})(?![/.-]?\w)"  # `5.1.1`, and no part of an IP address, a version or a link
_STATUS = re.compile(rf"(?<![\d.]){_CODE}")
_SAID = re.compile(
    rf"(?:^|[;#(]|\b[245]\d\d[ :-])[ #(]*{_CODE}"
)  # where servers write it: `550 5.1.1`, `(#5.1.1)`
_KEYWORD = re.compile(r"\s*([\w-]*)")  # what follows in such a field is a comment
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
        Notice(exact_code(group["Status"] or "", words), keyword(group["Action"] or ""), words)
        for part in parts(message)
        if part.get_content_type() in STATUS_PARTS
        for group in groups(part)
        if any(name in group for name in ("Action", "Status", "Diagnostic-Code"))
        for words in [spoken(group["Diagnostic-Code"] or "")]
    ]
    return found or list(_told_in_prose(message))


def parts(message: Message) -> Iterator[Message]:
    """A message and its own parts, not those of a letter that travels in it: what stands there is about something else."""
    yield message
    if message.get_content_maintype() == "multipart" and isinstance(inner := message.get_payload(), list):
        for part in inner:
            if isinstance(part, Message):
                yield from parts(part)


def keyword(value: object) -> str:
    """`Delayed (still trying)` -> `delayed`."""
    found = _KEYWORD.match(str(value))
    return found[1].lower() if found else ""


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
    """The enhanced code that a report states, or the one in the server's words, which must not be of another class.

    The words win where the report only says `5.0.0`, and where they say 5.7.x: a refusal for our own
    fault blames no reader, whatever is made of it on the way.
    """
    stated, said = _STATUS.search(str(status)), _SAID.search(words)
    if stated is None or said is None:
        return stated[1] if stated else said[1] if said else ""
    wins = stated[1].endswith(".0.0") or said[1].startswith("5.7.")
    return said[1] if wins and stated[1][0] == said[1][0] else stated[1]


def _told_in_prose(message: Message) -> Iterator[Notice]:
    """What comes without a status part; anything else that people and their programs write is no report."""
    first = next((part for part in parts(message) if part.get_content_type() == "text/plain"), None)
    data = first.get_payload(decode=True) if first else None
    text = data.decode("utf-8", "replace").lstrip() if isinstance(data, bytes) else ""
    if _EXIM in message or text.startswith(_QMAIL):
        told = _LETTER.split(text, maxsplit=1)[0]
        code = _SAID.search(told)
        where = code.start() if code else 0
        yield Notice(code[1] if code else "", "failed", spoken(told[max(0, where - 100) :]))
