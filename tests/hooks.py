"""What mail providers post to us, in their shapes and our words, signed as they sign."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

NOW = datetime(2025, 12, 10, 12, 0, tzinfo=UTC)
SECRET = "a-long-secret"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:bounces"
SENDGRID = ec.generate_private_key(ec.SECP256R1())
SENDGRID_KEY = b64encode(
    SENDGRID.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
).decode()
SNS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
Post = tuple[bytes, dict[str, str]]
"""A body and its headers."""


def mailgun_event(mark: str, kind: str = "failed", code: str = "5.1.1") -> dict[str, Any]:
    """The `event-data` of Mailgun's webhook; the recipient's address is somebody else's."""
    return {
        "event": kind,
        "recipient": "someone.else@mail.example",
        "severity": "permanent",
        "delivery-status": {"code": 550, "enhanced-code": code, "message": "No such box"},
        "message": {"headers": {"message-id": f"{mark}@letter.example", "subject": "A bridge"}},
    }


def mailgun(event: dict[str, Any], at: datetime = NOW, key: str = SECRET) -> Post:
    """Signed over timestamp and token."""
    timestamp = str(int(at.timestamp()))
    token = sha256(json.dumps(event).encode()).hexdigest()[:50]  # another one for each report
    mac = hmac.new(key.encode(), f"{timestamp}{token}".encode(), "sha256").hexdigest()
    signature = {"timestamp": timestamp, "token": token, "signature": mac}
    return json.dumps({"signature": signature, "event-data": event}).encode(), {}


def sendgrid_event(mark: str, kind: str = "bounce", status: str = "5.1.1") -> dict[str, Any]:
    """One event of SendGrid's batch."""
    return {
        "email": "someone.else@mail.example",
        "event": kind,
        "status": status,
        "reason": "550 no such box",
        "smtp-id": f"<{mark}@letter.example>",
    }


def sendgrid(events: list[dict[str, Any]], at: datetime = NOW) -> Post:
    """Signed over timestamp and body."""
    body, timestamp = json.dumps(events).encode(), str(int(at.timestamp()))
    signature = b64encode(SENDGRID.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    return body, {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
    }


def postmark_event(content: bytes, kind: str = "Bounce", sort: str = "HardBounce") -> dict[str, Any]:
    """Postmark's report, with the message that came back inside."""
    return {
        "RecordType": kind,
        "Type": sort,
        "Email": "someone.else@mail.example",
        "Details": "smtp;550 no such box",
        "Content": content.decode(),
    }


def postmark(event: dict[str, Any], secret: str = SECRET) -> Post:
    """With the secret as a password."""
    pair = b64encode(f"postmark:{secret}".encode()).decode()
    return json.dumps(event).encode(), {"Authorization": f"Basic {pair}"}


def ses_event(mark: str, kind: str = "Bounce", status: str = "5.1.1") -> dict[str, Any]:
    """What SES says inside SNS's message."""
    return {
        "notificationType": kind,
        "mail": {"source": f"bounce+{mark}@letter.example", "destination": ["someone.else@mail.example"]},
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": "someone.else@mail.example", "status": status}],
        },
        "complaint": {"complaintFeedbackType": "abuse"},
    }


def sns(event: dict[str, Any], at: datetime = NOW, **changes: str) -> dict[str, str]:
    """SNS's message, signed over its named fields; `changes` are made before it is signed."""
    fields = {
        "Message": json.dumps(event),
        "MessageId": "one",
        "Timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "TopicArn": TOPIC,
        "Type": "Notification",
        **changes,
    }
    text = "".join(f"{name}\n{fields[name]}\n" for name in sorted(fields)).encode()
    signature = b64encode(SNS.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
    elsewhere = "http://127.0.0.1:9/never-asked.pem"
    return {**fields, "Signature": signature, "SignatureVersion": "2", "SigningCertURL": elsewhere}


def ses(event: dict[str, Any], at: datetime = NOW, **changes: str) -> Post:
    """As SNS posts it."""
    return json.dumps(sns(event, at, **changes)).encode(), {"Content-Type": "text/plain; charset=UTF-8"}


def sns_pem(days: int = 1) -> bytes:
    """The certificate of the key that signs; expired if `days` is negative."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(SNS.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=10))
        .not_valid_after(NOW + timedelta(days=days))
        .sign(SNS, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)
