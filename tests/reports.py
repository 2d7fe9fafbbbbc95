"""Messages that come back, in the shapes that mail servers send them."""

from __future__ import annotations

import hashlib

from publisher.delivery.marks import Marks


def prints(text: str) -> list[bytes]:
    """A keyed hash, as the hallway takes from the keyring."""
    return [hashlib.sha256(b"key" + text.encode()).digest()]


MARKS = Marks(prints)
MARK = MARKS.make("2025-12-10", 77)
VERP = f"bounce+{MARK}@mail.letter.example"


def failure(
    status: str = "5.1.1",
    words: str = "smtp; 550 5.1.1 No such user here",
    *,
    action: str = "failed",
    to: str = VERP,
    envelope_id: str = "",
    message_id: str = "",
) -> bytes:
    """A delivery status notification (RFC 3464)."""
    lines = [
        "From: MAILER-DAEMON@mx.mail.example (Mail Delivery System)",
        f"To: {to}",
        "Subject: Undelivered mail",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_r"',
        "",
        "--=_r",
        "Content-Type: text/plain",
        "",
        "This letter could not be delivered to 4.2.2 of 5.7.1 people, see below.",
        "--=_r",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.mail.example",
        *([f"Original-Envelope-Id: {envelope_id}"] if envelope_id else []),
        "",
        "Final-Recipient: rfc822; someone.else@mail.example",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: {words}",
        "",
        "--=_r",
        "Content-Type: text/rfc822-headers",
        "",
        "From: letter@letter.example",
        f"Message-ID: <{message_id or 'none'}@letter.example>",
        "",
        "--=_r--",
        "",
    ]
    return "\r\n".join(lines).encode()


def complaint(kind: str = "abuse") -> bytes:
    """An abuse report (RFC 5965) with the recipient blacked out, as most providers send it."""
    lines = [
        "From: feedback@provider.example",
        "To: abuse@letter.example",
        "Subject: Complaint",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="=_f"',
        "",
        "--=_f",
        "Content-Type: text/plain",
        "",
        "A reader pressed the button.",
        "--=_f",
        "Content-Type: message/feedback-report",
        "",
        f"Feedback-Type: {kind}",
        "User-Agent: Provider/1.0",
        "Version: 1",
        "Original-Rcpt-To: redacted@provider.example",
        "",
        "--=_f",
        "Content-Type: message/rfc822",
        "",
        "From: letter@letter.example",
        "To: redacted",
        f"Message-ID: <{MARK}@letter.example>",
        "",
        "The letter",
        "--=_f--",
        "",
    ]
    return "\r\n".join(lines).encode()


def plain_mail(subject: str, to: str) -> bytes:
    """What a person, or their mail program, sends."""
    return f"From: someone@mail.example\r\nTo: {to}\r\nSubject: {subject}\r\n\r\nHello\r\n".encode()
