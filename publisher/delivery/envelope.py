"""Letter + recipient -> MAIL and RCPT commands, with the parameters the server offers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import idna

from publisher.delivery.models import Job, Reply

_USUAL = re.compile(r"[!-;=?A-~]+@[A-Za-z0-9.-]+")
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]|^$")
_QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f\x7f\ud800-\udfff]|\\[^\x00-\x1f\x7f\ud800-\udfff])*"')
_XTEXT = re.compile(r"[^!-*,-<>-~]")
_UTF8_XTEXT = re.compile(r"[^!-*,-<>-\[\]-~]")
_SIZE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Offers:
    """The EHLO keywords that matter to us (RFC 2920, 1870, 3461, 6531, 6152, 3030)."""

    pipelining: bool = False
    size: int = 0  # the largest letter it takes, 0 for any
    dsn: bool = False
    smtputf8: bool = False
    eight_bit: bool = False
    chunking: bool = False

    @classmethod
    def of(cls, keywords: Mapping[str, str]) -> Offers:
        """Read the keywords as aiosmtplib collects them: lower case -> parameters."""
        size = keywords.get("size", "").strip()
        return cls(
            pipelining="pipelining" in keywords,
            size=int(size) if _SIZE.fullmatch(size) else 0,
            dsn="dsn" in keywords,
            smtputf8="smtputf8" in keywords,
            eight_bit="8bitmime" in keywords,
            chunking="chunking" in keywords,
        )


@dataclass(slots=True)
class Envelope:
    """The two commands that come before the letter."""

    mail: bytes
    rcpt: bytes


def address(envelope: Job, offers: Offers, *, ask_dsn: bool) -> Envelope | Reply:
    """Write the commands; or the reply the server would give, if it cannot take this letter."""
    letter, recipient = envelope.letter, envelope.recipient
    to, sender = wire_address(recipient.address), wire_address(letter.sender)
    if to is None or sender is None:
        return Reply(553, "5.1.3 the address is not one that can be written on an envelope")
    if (needs_utf8 := letter.needs_smtputf8 or not to.isascii()) and not offers.smtputf8:
        return Reply(553, "5.6.7 the address cannot be written without SMTPUTF8")
    if offers.size and letter.size > offers.size:
        return Reply(552, f"5.3.4 the letter has {letter.size:,} bytes, the server takes {offers.size:,}")
    mail, rcpt = f"MAIL FROM:<{sender}>", f"RCPT TO:<{to}>"
    mail += f" SIZE={letter.size}" if offers.size else ""
    mail += " BODY=8BITMIME" if offers.eight_bit and (letter.is_8bit or needs_utf8) else ""
    mail += " SMTPUTF8" if needs_utf8 else ""
    if offers.dsn and ask_dsn:
        original = f"utf-8;{utf8_xtext(to)}" if needs_utf8 else f"rfc822;{xtext(to)}"
        mail += f" RET=HDRS ENVID={xtext(letter.message_id)}"
        rcpt += f" NOTIFY=FAILURE,DELAY ORCPT={original}"
    return Envelope(f"{mail}\r\n".encode(), f"{rcpt}\r\n".encode())


def wire_address(written: str) -> str | None:
    """`reader@bücher.example` -> `reader@xn--bcher-kva.example`; None if it cannot stand in a command.

    Refuses whatever could end the command early: control characters, blanks, angle brackets
    outside a quoted local part (RFC 5321 sec. 4.1.2).
    """
    if _USUAL.fullmatch(written):  # nearly every one, in a third of the time
        return written
    local, at, domain = written.rpartition("@")
    if not at or _UNSAFE.search(domain) or (_UNSAFE.search(local) and not _QUOTED.fullmatch(local)):
        return None
    if domain.isascii():
        return written
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError:
        return None


def xtext(text: str) -> str:
    """Encode for ENVID and ORCPT (RFC 3461 sec. 4)."""
    return _XTEXT.sub(lambda found: f"+{ord(found.group()):02X}", text)


def utf8_xtext(address: str) -> str:
    """Encode an address beyond ASCII for ORCPT, where xtext's two digits are too few (RFC 6533 sec. 3)."""
    return _UTF8_XTEXT.sub(lambda found: f"\\x{{{ord(found.group()):X}}}", address)
