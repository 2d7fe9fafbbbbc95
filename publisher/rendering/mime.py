"""A Digest as one .eml file, to be opened in a mail client before anything is sent.

The same issue gives the same bytes: boundaries and Message-ID are made from the content, the date
is the issue's own. What is sent to subscribers is composed in `publisher.delivery`.
"""

from __future__ import annotations

import hashlib
import quopri
import re
from base64 import encodebytes
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from textwrap import wrap
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from publisher.content.models import Publication
from publisher.rendering.digest import Digest, InlineImage

_CRLF = b"\r\n"
_PLAIN = re.compile(r"(?=.{1,60}\Z)[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_SUBJECT_WIDTH = 67  # with the header's name in front, a line of 76
_ASCII = re.compile(rf"[!-~]{{1,{_SUBJECT_WIDTH}}}(?: [!-~]{{1,{_SUBJECT_WIDTH}}})*")


def digest_eml(digest: Digest, publication: Publication) -> bytes:
    """Write the letter as a message from the publication to itself, its slots not yet filled.

    `multipart/alternative` of text and HTML (RFC 2046, 5.1.4); the HTML and the pictures that
    travel with it are `multipart/related` (RFC 2387).
    """
    host = urlsplit(publication.base_url).hostname or "localhost"
    desk = publication.publisher.email or f"letter@{host}"
    body = _alternative(digest)
    sender = f"{_encoded(publication.title)} <{desk}>"
    head = (
        f"From: {sender}",
        f"To: {sender}",
        f"Subject: {_subject(digest.subject)}",
        f"Date: {format_datetime(_sent(digest.issue, publication))}",
        f"Message-ID: <{digest.issue}.{_hash(body)}@{host}>",
        f"Content-Language: {digest.language}",
        "MIME-Version: 1.0",
    )
    return "\r\n".join(head).encode("ascii") + _CRLF + body


def _sent(slug: str, publication: Publication) -> datetime:
    """The issue's day at the publication's hour."""
    zone = ZoneInfo(publication.timezone)
    return datetime.fromisoformat(f"{slug}T{publication.publish_time}").replace(tzinfo=zone)


def _subject(text: str) -> str:
    """Fold ASCII between its words (RFC 5322, 2.2.3), anything else becomes encoded words.

    Words encoded without need are taken for a spammer's (rspamd's SUBJ_EXCESS_QP).
    """
    if not _ASCII.fullmatch(text) or "=?" in text:
        return _encoded(text)
    return "\r\n ".join(wrap(text, _SUBJECT_WIDTH, break_long_words=False, break_on_hyphens=False))


def _encoded(text: str) -> str:
    """Write a short name of plain words as it is, anything else as encoded words (RFC 2047).

    What looks like an encoded word already is not believed.
    """
    if _PLAIN.fullmatch(text):
        return text
    return Header(text, "utf-8", maxlinelen=70).encode(linesep="\r\n")


def _alternative(digest: Digest) -> bytes:
    text = _part("text/plain; charset=utf-8; format=flowed", digest.text.encode())
    page = _part("text/html; charset=utf-8", digest.html.encode())
    if digest.images:
        page = _multipart('related; type="text/html"', [page, *map(_image, digest.images)])
    return _multipart("alternative", [text, page])


def _multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    """Join parts; `=_` stands in no quoted-printable and no base64 text, so a boundary is never met inside."""
    boundary = f"=_{_hash(*parts)}".encode("ascii")
    head = (
        b"Content-Type: multipart/" + kind.encode("ascii") + b'; boundary="' + boundary + b'"' + _CRLF + _CRLF
    )
    inside = b"".join(b"--" + boundary + _CRLF + part + _CRLF for part in parts)
    return head + inside + b"--" + boundary + b"--" + _CRLF


def _part(content_type: str, content: bytes, *more: str) -> bytes:
    """A part in the smaller of quoted-printable and base64 (RFC 2045, 6.7 and 6.8)."""
    quoted = quopri.encodestring(content)
    encoded = encodebytes(content)
    name, smaller = min(("quoted-printable", quoted), ("base64", encoded), key=lambda pair: len(pair[1]))
    head = (f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {name}", *more)
    lines = smaller.replace(b"\n", _CRLF)
    return "\r\n".join(head).encode("ascii") + _CRLF + _CRLF + lines


def _image(image: InlineImage) -> bytes:
    name = image.cid.partition("@")[0] + image.media_type.replace("image/", ".")
    return _part(
        f'{image.media_type}; name="{name}"',
        image.data,
        f"Content-ID: <{image.cid}>",
        f'Content-Disposition: inline; filename="{name}"',
    )


def _hash(*contents: bytes) -> str:
    return hashlib.sha256(b"\0".join(contents)).hexdigest()[:24]
