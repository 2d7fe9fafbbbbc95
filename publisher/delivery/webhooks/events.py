"""A provider's JSON -> reports. The recipient is found by our mark, never by an address.

The mark is looked for where the provider gives back what we sent: Message-ID, envelope sender,
List-Unsubscribe, or the whole report (Postmark). What is not as expected is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from publisher.delivery.bounces import NO_COMPLAINT, Report, Verdict, judge, read_report
from publisher.delivery.dsn import exact_code
from publisher.delivery.marks import Marks
from publisher.delivery.replies import spoken
from publisher.delivery.webhooks.settings import Provider

Table = Mapping[str, Any]

_QUOTED = frozenset({"message-id", "list-unsubscribe", "return-path"})


def read_events(provider: Provider, payload: object, marks: Marks) -> list[Report]:
    """Every event in a payload, as far as it is about a letter of ours; never raises."""
    return [_placed(report, places, marks) for report, places in _READERS[provider](payload, marks)]


Found = tuple[Report, list[str]]
"""What an event says, and the texts in which our mark may stand."""


def _placed(report: Report, places: list[str], marks: Marks) -> Report:
    found = next((mark for place in places if (mark := marks.read(place))), None)
    return replace(report, mailing=found[0], recipient=found[1]) if found else Report(Verdict.STRANGE)


def _mailgun(payload: object, _marks: Marks) -> Iterator[Found]:
    event = table(table(payload).get("event-data"))
    status = table(event.get("delivery-status"))
    headers = table(table(event.get("message")).get("headers"))
    places = [_text(headers, "message-id"), _text(table(event.get("envelope")), "sender")]
    words = _text(status, "message") or _text(status, "description")
    kind = _text(event, "event")
    if kind == "failed":  # not even tried, perhaps, since the reader has left or complained there
        kind = _text(event, "reason") if _text(event, "reason") in _MAILGUN else kind
    if _text(event, "severity") == "temporary":
        kind = ""  # Mailgun tries again, and tells how that ends
    yield _report(kind, _MAILGUN, _text(status, "enhanced-code"), words), places


_MAILGUN = {
    "complained": Verdict.COMPLAINT,
    "unsubscribed": Verdict.LEAVE,
    "suppress-complaint": Verdict.COMPLAINT,
    "suppress-unsubscribe": Verdict.LEAVE,
    "failed": None,  # the code decides
}


def _sendgrid(payload: object, _marks: Marks) -> Iterator[Found]:
    for event in map(table, payload if isinstance(payload, list) else []):
        kind, words = _text(event, "event"), _text(event, "reason")
        status = _text(event, "status")
        if kind == "dropped":  # by SendGrid itself, which says `5.0.0` of all and means what it says in words
            kind = words if words in _SENDGRID else kind
            status = "5.7.1" if words.startswith(_SENDGRIDS_OWN) else status
        yield _report(kind, _SENDGRID, status, words), [_text(event, "smtp-id")]


_SENDGRID = {
    "spamreport": Verdict.COMPLAINT,
    "unsubscribe": Verdict.LEAVE,
    "group_unsubscribe": Verdict.LEAVE,
    "Unsubscribed Address": Verdict.LEAVE,
    "Spam Reporting Address": Verdict.COMPLAINT,
    "bounce": None,
    "dropped": None,
}
_SENDGRIDS_OWN = ("Recipient List over Package Quota", "Spam Content", "Invalid SMTPAPI header")
"""Why a letter was dropped for our own fault: no reader is to blame."""


def _postmark(payload: object, marks: Marks) -> Iterator[Found]:
    event = table(payload)
    places = [_text(table(event.get("Metadata")), name) for name in table(event.get("Metadata"))]
    quoted = _text(event, "Content")
    inner = read_report(quoted.encode("utf-8", "replace"), marks)
    if inner.recipient:
        places.append(marks.make(inner.mailing, inner.recipient))
    kind, words = _text(event, "RecordType"), _text(event, "Details")
    if kind == "Bounce" and _text(event, "Type") in _POSTMARK:
        kind = _text(event, "Type")
    status = inner.status or _POSTMARK_CODES.get(_text(event, "Type"), "")
    if (
        kind == "SubscriptionChange"
    ):  # all that its broadcast streams tell; no reason: the reader came back there
        suppressed = event.get("SuppressSending") is True
        kind = _text(event, "SuppressionReason") if suppressed else ""
        status = _POSTMARK_CODES.get(kind, "")
    yield _report(kind, _POSTMARK, status, words), places


_POSTMARK = {
    "SpamComplaint": Verdict.COMPLAINT,
    "ManualSuppression": Verdict.LEAVE,
    "Unsubscribe": Verdict.LEAVE,
    "HardBounce": None,
    "Bounce": None,
}
_POSTMARK_CODES = {
    "HardBounce": "5.1.1",
    "BadEmailAddress": "5.1.3",
    "SoftBounce": "4.0.0",
    "Blocked": "5.7.1",
    "SpamNotification": "5.7.1",
    "DMARCPolicy": "5.7.26",
    "Transient": "2.0.0",  # delayed: it will still be told how that ends
    "AutoResponder": "2.0.0",
    "AddressChange": "2.0.0",
    "Subscribe": "2.0.0",
    "OpenRelayTest": "2.0.0",
    "SMTPApiError": "2.0.0",
    "InboundError": "2.0.0",
    "TemplateRenderingFailed": "2.0.0",
    "ChallengeVerification": "2.0.0",
}
"""Postmark's own kinds, for reports without a code."""


def _ses(payload: object, _marks: Marks) -> Iterator[Found]:
    """`payload` is the notification inside SNS's message."""
    event = table(payload)
    kind = _text(event, "notificationType") or _text(event, "eventType")
    mail, bounce = table(event.get("mail")), table(event.get("bounce"))
    headers = map(table, _list(mail.get("headers")))
    quoted = [_text(header, "value") for header in headers if _text(header, "name").lower() in _QUOTED]
    places = [_text(mail, "source"), _text(table(mail.get("commonHeaders")), "messageId"), *quoted]
    complaint = table(event.get("complaint"))
    if _text(complaint, "complaintFeedbackType") in NO_COMPLAINT:
        kind = ""
    recipient = table(next(iter(_list(bounce.get("bouncedRecipients"))), {}))
    status, words = _text(recipient, "status"), _text(recipient, "diagnosticCode")
    if not status:
        sort = _text(bounce, "bounceType"), _text(bounce, "bounceSubType")
        status = _SES_CODES.get(sort, "" if sort[0] == "Permanent" else "2.0.0")
    if kind == "Bounce" and _text(bounce, "bounceSubType") in _SES:
        kind = _text(bounce, "bounceSubType")
    yield _report(kind, _SES, status, words), places


_SES = {"Complaint": Verdict.COMPLAINT, "UnsubscribedRecipient": Verdict.LEAVE, "Bounce": None}
_SES_CODES = {
    ("Permanent", "General"): "5.1.1",
    ("Permanent", "NoEmail"): "5.1.1",
    ("Permanent", "Suppressed"): "5.1.1",
    ("Permanent", "OnAccountSuppressionList"): "5.1.1",
    ("Transient", "MailboxFull"): "4.2.2",
}
"""Amazon's own kinds, for reports without a code. A holiday notice is Transient, General, and has none."""


_READERS: Mapping[Provider, Callable[[object, Marks], Iterator[Found]]] = {
    Provider.SES: _ses,
    Provider.POSTMARK: _postmark,
    Provider.SENDGRID: _sendgrid,
    Provider.MAILGUN: _mailgun,
}


def _report(kind: str, kinds: Mapping[str, Verdict | None], status: str, words: str) -> Report:
    """An event of a known kind; where the kind does not say what to do, the code does."""
    if kind not in kinds:
        return Report(Verdict.NEWS)
    verdict = kinds[kind]
    if verdict is not None:
        return Report(verdict, words=words)
    code = exact_code(status, words)
    return Report(judge(code, "failed", words), status=code, words=spoken(words))


def parse(body: bytes) -> object:
    """JSON of any shape. Raises ValueError for what is none, or is nested beyond reason."""
    try:
        found: object = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return found


def table(value: object) -> Table:
    """An object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(fields: Table, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
