"""Digest + recipient -> the bytes on the wire.

All that letters share is written once: header lines, encoded bodies, hash states. A letter adds
`To`, `Message-ID`, `List-Unsubscribe` and its seal, and fills the slots. The same recipient gets
the same bytes however often the letter is composed.

The headers are those that Gmail, Yahoo, Microsoft and Apple ask of bulk senders; List-Unsubscribe
and its -Post twin stand under the seal (RFC 8058 sec. 4).
"""

from __future__ import annotations

import hashlib
from base64 import encodebytes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from publisher.delivery import headers
from publisher.delivery.dkim import DkimKey, Seal
from publisher.delivery.encoding import Form, Piece, encode_part, joined
from publisher.delivery.envelope import wire_address
from publisher.delivery.marks import Marks
from publisher.delivery.models import Letter, Recipient
from publisher.rendering.digest import SLOTS, UNSUBSCRIBE_SLOT, Digest, InlineImage

VARYING = ("To", "Message-ID", "List-Unsubscribe")
_CRLF = b"\r\n"


@dataclass(frozen=True)
class Sender:
    """Everything in a letter's head that the publication decides; addresses are plain ASCII."""

    name: str
    address: str
    reply_to: str
    bounces: str
    unsubscribe: str  # a mailbox for wishes to leave, or nothing
    list_title: str
    list_id: str
    archive: str  # where issues are read on the web
    feedback_id: str

    @property
    def domain(self) -> str:
        """The part after the @, which DMARC compares with the seal's."""
        return self.address.rpartition("@")[2]


class LetterComposer:
    """Writes the letters of one mailing; safe to call from several threads."""

    def __init__(
        self,
        digest: Digest,
        sender: Sender,
        *,
        mailing: str,
        date: datetime,
        links: Callable[[int], Mapping[str, str]],
        marks: Marks,
        keys: Sequence[DkimKey] = (),
    ) -> None:
        """Encode, hash and check what all letters share.

        Raises WireError if the finished bytes of a letter would not be what is meant.
        """
        self._mailing, self._links, self._marks = mailing, links, marks
        self._domain = sender.domain
        self._bounces, self._leaving = sender.bounces.partition("@"), sender.unsubscribe.partition("@")
        content_type, body = _body(digest)
        self._form = Form(body)
        self._fixed = _fixed_lines(digest, sender, mailing, date) + content_type
        self._seals = [Seal(key, self._fixed, VARYING) for key in keys]
        self._state = hashlib.sha256(b"".join(self._form.leading))
        own = ["DKIM-Signature"] * len(keys)
        self._gate = headers.Gate([*own, *VARYING])
        sample = self.compose(Recipient(0, "reader@letter.invalid"))
        names = [*own, *headers.field_names(self._fixed + _CRLF), *VARYING]
        headers.check_wire(b"".join(sample.chunks), names)

    def compose(self, recipient: Recipient) -> Letter:
        """One recipient's letter. Raises WireError for an address that cannot stand in a header."""
        mark = self._marks.make(self._mailing, recipient.id)
        values = self._links(recipient.id)
        address = wire_address(recipient.address)
        if address is None:
            raise headers.WireError("The address cannot be written in a header", hint="correct or remove it")
        needs_utf8 = not address.isascii()
        body, size = self._form.filled(values)
        varying = self._varying_lines(address, mark, values[UNSUBSCRIBE_SLOT])
        seals = self._sealed(varying, body)
        self._gate.check(seals + varying, utf8=needs_utf8)  # the other lines were checked with the sample
        head = seals + self._fixed + varying + _CRLF
        return Letter(
            sender=self._envelope_sender(mark),
            chunks=[head, *body],
            size=len(head) + size,
            message_id=f"{mark}@{self._domain}",
            needs_smtputf8=needs_utf8,
        )

    def _varying_lines(self, address: str, mark: str, leave: str) -> bytes:
        """`VARYING`, each on one line: a folded List-Unsubscribe breaks signatures on the way."""
        ways = f"<{leave}>"
        user, _, domain = self._leaving
        if user:
            ways += f", <mailto:{user}+{mark}@{domain}?subject=unsubscribe>"
        return (
            f"To: <{address}>\r\nMessage-ID: <{mark}@{self._domain}>\r\nList-Unsubscribe: {ways}\r\n"
        ).encode()

    def _sealed(self, varying: bytes, body: Sequence[bytes]) -> bytes:
        if not self._seals:
            return b""
        state = self._state.copy()
        for chunk in body[len(self._form.leading) :]:
            state.update(chunk)
        return b"".join(seal.header(varying, state.digest()) for seal in self._seals)

    def _envelope_sender(self, mark: str) -> str:
        """Each letter has its own (VERP), so that a bounce says whom it is about."""
        user, _, domain = self._bounces
        return f"{user}+{mark}@{domain}"


def _fixed_lines(digest: Digest, sender: Sender, mailing: str, date: datetime) -> bytes:
    """The header lines that all letters share."""
    host = sender.list_id.partition(".")
    return b"".join(
        [
            headers.mailbox("From", sender.name, sender.address),
            *([headers.mailbox("Reply-To", "", sender.reply_to)] if sender.reply_to else []),
            headers.unstructured("Subject", digest.subject),
            headers.structured("Date", format_datetime(date)),
            headers.list_id(sender.list_title, sender.list_id),
            headers.structured("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            headers.structured("List-Archive", f"<{sender.archive}>"),
            # campaign : list : kind : sender (Gmail's feedback loop); never one per recipient
            headers.structured("Feedback-ID", f"{mailing}:{host[0]}:news:{sender.feedback_id}"),
            headers.structured("Auto-Submitted", "auto-generated"),  # RFC 3834: keeps holiday notices away
            headers.structured("Precedence", "bulk"),
            headers.structured("X-Auto-Response-Suppress", "OOF, AutoReply"),  # the same for Exchange
            headers.structured("MIME-Version", "1.0"),
        ]
    )


def _body(digest: Digest) -> tuple[bytes, list[Piece]]:
    """`multipart/alternative` of text and HTML; pictures that travel along make the HTML `related`."""
    text = _text_part("text/plain; charset=utf-8; format=flowed", digest.text)
    page = _text_part("text/html; charset=utf-8", digest.html)
    if digest.images:
        kind, inner = _multipart(
            'related; type="text/html"', [page, *map(_image_part, digest.images)], digest
        )
        page = [kind + _CRLF, *inner]
    content_type, pieces = _multipart("alternative", [text, page], digest)
    return content_type, joined(pieces)


def _multipart(kind: str, parts: Sequence[Sequence[Piece]], digest: Digest) -> tuple[bytes, list[Piece]]:
    """`=_` stands in no quoted-printable and no base64 text, so a boundary is never met inside a part."""
    name = hashlib.sha256(f"{kind}\0{digest.html}\0{digest.text}".encode()).hexdigest()[:24]
    boundary = f"=_{name}"
    line = f"--{boundary}".encode()
    pieces: list[Piece] = []
    for part in parts:
        pieces += [line + _CRLF, *part, _CRLF]
    pieces.append(line + b"--" + _CRLF)
    return f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n'.encode(), pieces


def _text_part(content_type: str, text: str) -> list[Piece]:
    encoding, pieces = encode_part(text, SLOTS)
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return [head.encode(), *pieces]


def _image_part(image: InlineImage) -> list[Piece]:
    name = image.cid.partition("@")[0] + image.media_type.replace("image/", ".")
    head = (
        f'Content-Type: {image.media_type}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-ID: <{image.cid}>\r\nContent-Disposition: inline; filename="{name}"\r\n\r\n'
    )
    return [head.encode() + encodebytes(image.data).replace(b"\n", _CRLF)]
