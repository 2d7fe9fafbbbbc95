"""Whether a report comes from the provider whose name it bears.

Mailgun: HMAC-SHA256 over timestamp and token, so a token is good for one body only (see `tokens`).
SendGrid: ECDSA P-256 over timestamp and body.
Postmark: a secret that only it was told. Amazon SES speaks through SNS: RSA over named fields,
checked with a certificate that the user has put there; the address in the message is never asked.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509 import Certificate, load_pem_x509_certificate

from publisher.errors import ConfigurationError

WINDOW = timedelta(days=1)
"""How old a signature may be: providers try again for hours. A replay within it changes nothing."""
AHEAD = timedelta(minutes=5)
"""How far a provider's clock may be before ours."""

_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


def is_mailguns(key: str, signature: Mapping[str, Any], now: datetime) -> bool:
    """`signature` is the object of that name in the body; a subaccount's is signed by its parent too."""
    timestamp, token = str(signature.get("timestamp", "")), str(signature.get("token", ""))
    expected = hmac.new(key.encode(), f"{timestamp}{token}".encode("utf-8", "replace"), "sha256").hexdigest()
    found = [str(signature.get(name, "")) for name in ("signature", "parent-signature")]
    return any(_same(expected, one) for one in found) and _is_fresh(timestamp, now)


def sendgrid_key(text: str) -> EllipticCurvePublicKey:
    """Read the key as SendGrid's page shows it, base64 of DER. Raises ConfigurationError."""
    try:
        public = load_der_public_key(b64decode(text))
    except ValueError:
        public = None
    if isinstance(public, EllipticCurvePublicKey):
        return public
    raise ConfigurationError(
        "The key of SendGrid cannot be read", hint="copy sendgrid_key anew from its Event Webhook page"
    )


def is_sendgrids(
    key: EllipticCurvePublicKey, signature: str, timestamp: str, body: bytes, now: datetime
) -> bool:
    """Signature and timestamp come in headers."""
    try:
        key.verify(b64decode(signature), timestamp.encode() + body, ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return _is_fresh(timestamp, now)


def is_postmarks(secret: str, authorization: str, header: str) -> bool:
    """The secret is the password of basic authentication (RFC 7617), or stands in a header of its own."""
    scheme, _, coded = authorization.partition(" ")
    try:
        pair = b64decode(coded).decode() if scheme.lower() == "basic" else ""
    except ValueError:
        pair = ""
    return _same(secret, pair.partition(":")[2]) or _same(secret, header)


def sns_certificate(pem: bytes) -> Certificate:
    """Read the certificate. Raises ConfigurationError."""
    try:
        return load_pem_x509_certificate(pem)
    except ValueError:
        raise ConfigurationError(
            "ses_certificate is not a certificate in PEM form", hint="download it anew from Amazon SNS"
        ) from None


def is_snss(
    certificate: Certificate, topics: tuple[str, ...], message: Mapping[str, Any], now: datetime
) -> bool:
    """A message of a topic that may speak, signed the second way (RSA and SHA-256), and fresh."""
    key = certificate.public_key()
    if message.get("SignatureVersion") != "2" or message.get("TopicArn") not in topics:
        return False
    if not isinstance(key, RSAPublicKey) or not _is_valid(certificate, now):
        return False
    try:
        signature = b64decode(str(message.get("Signature", "")))
        key.verify(signature, _signed_text(message), PKCS1v15(), hashes.SHA256())
        sent = datetime.fromisoformat(str(message.get("Timestamp", "")))
        return -AHEAD <= now - sent <= WINDOW
    except (InvalidSignature, ValueError, TypeError):
        return False


def _signed_text(message: Mapping[str, Any]) -> bytes:
    """The fields that are signed, each name and value on a line of its own, in the alphabet's order."""
    names = _NOTIFICATION if message.get("Type") == "Notification" else _CONFIRMATION
    return "".join(f"{name}\n{message[name]}\n" for name in names if name in message).encode()


def _is_valid(certificate: Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _is_fresh(timestamp: str, now: datetime) -> bool:
    """`timestamp` is in Unix seconds."""
    if not timestamp.isascii() or not timestamp.isdigit():
        return False
    age = now.timestamp() - int(timestamp[:12])
    return -AHEAD.total_seconds() <= age <= WINDOW.total_seconds()


def _same(expected: str, found: str) -> bool:
    """In constant time; nothing is never right."""
    return bool(expected) and hmac.compare_digest(expected.encode(), found.encode("utf-8", "replace"))
