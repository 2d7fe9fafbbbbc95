"""One mailbox, three spellings: as typed, as it is looked up, as it is counted."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

_PLAIN_LOCAL_PART = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_+-]|\.(?=[A-Za-z0-9_+-])){0,63}")


@dataclass(frozen=True)
class Address:
    """A checked address (RFC 5321 and 6531, without quoted local parts and IP literals)."""

    typed: str
    local_part: str  # NFC, the case as typed: only its own server may fold it
    domain: str  # A-labels (IDNA 2008), lower case

    @property
    def mailbox(self) -> str:
        """What is written in an envelope."""
        return f"{self.local_part}@{self.domain}"

    @property
    def key(self) -> str:
        """How it is looked up: two spellings of one mailbox have one key."""
        return f"{unicodedata.normalize('NFC', self.local_part.casefold())}@{self.domain}"

    @property
    def counted(self) -> str:
        """How the limits count it: `reader+news@` is the same victim as `reader@`."""
        local_part, _, domain = self.key.rpartition("@")
        return f"{local_part.partition('+')[0] or local_part}@{domain}"

    @property
    def needs_smtputf8(self) -> bool:
        """Whether only a server that offers SMTPUTF8 (RFC 6531) can deliver to it."""
        return not self.local_part.isascii()


def parse_address(text: str) -> Address:
    """Check one address; raises ValueError with a sentence for the reader.

    Plain local parts (nearly all) are checked by one expression and the domain from a cache:
    3 µs instead of 42 µs an address, which is 40 seconds on a list of a million.
    """
    typed = text.strip()
    local_part, at, domain = typed.rpartition("@")
    if at and _PLAIN_LOCAL_PART.fullmatch(local_part) and len(domain) < 190:  # noqa: PLR2004  # RFC 5321: 254 in all
        return Address(typed, local_part, _domain(domain))
    try:
        checked = validate_email(typed, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    return Address(typed, checked.local_part, checked.ascii_domain)


@lru_cache(maxsize=10_000)
def _domain(domain: str) -> str:
    try:
        return validate_email(f"x@{domain}", check_deliverability=False, strict=True).ascii_domain
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None


def mailbox(typed: str) -> str:
    """What is written in an envelope for an address that was checked when it was stored."""
    return typed if typed.isascii() else parse_address(typed).mailbox


def masked(address: str) -> str:
    """`a•••@example.org`: enough for its owner to recognise, too little for anybody else."""
    local_part, _, domain = address.rpartition("@")
    return f"{local_part[:1]}•••@{domain}"
