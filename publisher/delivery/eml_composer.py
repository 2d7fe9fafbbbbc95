"""Composes each letter anew from the digest: simple, a few milliseconds each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from publisher.content.models import Publication
from publisher.delivery.envelope import wire_address
from publisher.delivery.models import Letter, Recipient
from publisher.rendering.digest import UNSUBSCRIBE_SLOT, Digest
from publisher.rendering.mime import digest_eml

_TO = re.compile(rb"^To: .*$(?:\r\n[ \t].*$)*", re.MULTILINE)
_MESSAGE_ID = re.compile(rb"^Message-ID: <(.*)@(.*)>\r$", re.MULTILINE)


@dataclass(frozen=True)
class EmlComposer:
    """A `models.Composer` on top of the .eml file that editors look at."""

    digest: Digest
    publication: Publication
    links: Callable[[int], Mapping[str, str]]  # a reader's number -> what fills each slot

    def compose(self, recipient: Recipient) -> Letter:
        """Fill the slots, address the letter, and let the reader leave with one click (RFC 8058)."""
        slots = self.links(recipient.id)
        html, text = self.digest.html, self.digest.text
        for slot, url in slots.items():
            html, text = html.replace(slot, url), text.replace(slot, url)
        message = digest_eml(replace(self.digest, html=html, text=text), self.publication)
        head, _, body = message.partition(b"\r\n\r\n")
        head = self._addressed(head, recipient, slots[UNSUBSCRIBE_SLOT])
        body = body.replace(b"\r\n.", b"\r\n..")
        found = _MESSAGE_ID.search(head + b"\r")
        number = found[1].decode() + "@" + found[2].decode() if found else ""
        chunks = (head + b"\r\n\r\n", body)
        return Letter(self._sender, chunks, sum(map(len, chunks)), number)

    @property
    def _sender(self) -> str:
        return self.publication.publisher.email

    def _addressed(self, head: bytes, recipient: Recipient, leave: str) -> bytes:
        address = wire_address(recipient.address)
        if address is None or not address.isascii():
            raise ValueError("the address cannot stand in a header")
        mine = sha256(f"{self.digest.issue} {recipient.id} {recipient.token}".encode()).hexdigest()[:24]
        head = _TO.sub(f"To: <{address}>\r".encode().replace(b"\\", b"\\\\"), head, count=1)
        host = self._sender.rpartition("@")[2]
        name = f"Message-ID: <{self.digest.issue}.{mine}@{host}>\r".encode()
        head = _MESSAGE_ID.sub(name, head, count=1)
        one_click = f"List-Unsubscribe: <{leave}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click"
        return head + b"\r\n" + one_click.encode()
