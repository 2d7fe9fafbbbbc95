"""Read a received letter and check its seal (RFC 6376 sec. 6): what the doctor does with its own.

Written apart from `dkim`, from the receiver's side: it knows nothing of how the letter was made.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from collections.abc import Callable, Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

_FIELD = re.compile(rb"\r\n(?![ \t])")
_BLANKS = re.compile(rb"[ \t]+")


def verify(message: bytes, record_of: Callable[[str], str]) -> list[str]:
    """What is wrong with a letter's seals; nothing, when every one of them holds.

    `record_of` gives the TXT record of a name such as `letter._domainkey.example.org`.
    """
    head, _, body = message.partition(b"\r\n\r\n")
    fields = _FIELD.split(head)
    seals = [field for field in fields if field.lower().startswith(b"dkim-signature:")]
    return [f for seal in seals for f in _faults(seal, fields, body, record_of)] if seals else ["no seal"]


def _faults(seal: bytes, fields: list[bytes], body: bytes, record_of: Callable[[str], str]) -> Iterator[str]:
    tags = _tags(seal.partition(b":")[2].decode("ascii"))
    name = f"{tags.get('s')}._domainkey.{tags.get('d')}"
    found = hashlib.sha256(_relaxed_body(body)).digest()
    if b64decode(tags.get("bh", "")) != found:
        yield f"{name}: the body was changed"
    signed = b"".join(_signed(tags.get("h", "").split(":"), fields))
    unsigned = re.sub(rb"([;\s]b=)[^;]*", rb"\1", seal)
    try:
        _check(_tags(record_of(name)), b64decode(tags.get("b", "")), signed + _relaxed(unsigned))
    except (InvalidSignature, ValueError):
        yield f"{name}: the signature does not match the published key"


def _signed(names: list[str], fields: list[bytes]) -> Iterator[bytes]:
    """The headers that h= names, each from the bottom up (sec. 5.4.2)."""
    rest = list(reversed(fields))
    for name in names:
        wanted = name.strip().lower().encode()
        match = next((field for field in rest if field.partition(b":")[0].strip().lower() == wanted), None)
        if match is not None:
            rest.remove(match)
            yield _relaxed(match) + b"\r\n"


def _relaxed(field: bytes) -> bytes:
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip()


def _relaxed_body(body: bytes) -> bytes:
    lines = [_BLANKS.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    text = b"\r\n".join(lines).rstrip(b"\r\n")
    return text + b"\r\n" if text else b""


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip(): "".join(value.split()) for name, _, value in pairs if name.strip()}


def _check(record: dict[str, str], signature: bytes, data: bytes) -> None:
    """Raise InvalidSignature, or ValueError for a record that holds no key."""
    key = b64decode(record.get("p", ""))
    digest = hashlib.sha256(data).digest()
    if record.get("k") == "ed25519":
        Ed25519PublicKey.from_public_bytes(key).verify(signature, digest)
        return
    public = load_der_public_key(key)
    if not isinstance(public, RSAPublicKey):
        raise InvalidSignature  # the record holds another kind of key
    public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
