"""A provider's report is understood, or left alone: nobody is suppressed by an address or by guess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hooks import mailgun_event, postmark_event, sendgrid_event, ses_event
from hypothesis import given
from hypothesis import strategies as st
from reports import MARK, MARKS, complaint, failure

from publisher.delivery.bounces import Report, Verdict
from publisher.delivery.webhooks.events import parse, read_events
from publisher.delivery.webhooks.settings import Provider

GONE, FULL, OURS = Verdict.GONE, Verdict.FULL, Verdict.OURS


def postmark_report(mark: str, kind: str, code: str) -> dict[str, Any]:
    """Postmark tells the code in the message that came back."""
    return postmark_event(failure(code, "smtp; 550", message_id=mark, to="p@pm.example"), kind)


Maker = Callable[[str, str, str], object]
MAKERS: dict[Provider, tuple[Maker, str, str]] = {
    Provider.MAILGUN: (lambda *a: {"event-data": mailgun_event(*a)}, "failed", "complained"),
    Provider.SENDGRID: (lambda *a: [sendgrid_event(*a)], "bounce", "spamreport"),
    Provider.POSTMARK: (postmark_report, "Bounce", "SpamComplaint"),
    Provider.SES: (ses_event, "Bounce", "Complaint"),
}
EACH = pytest.mark.parametrize("provider", list(Provider))


@EACH
@pytest.mark.parametrize(
    ("code", "expected"),
    [("5.1.1", GONE), ("5.2.1", GONE), ("5.2.2", FULL), ("4.4.7", FULL), ("5.7.1", OURS), ("5.7.26", OURS)],
)
def test_a_failure_means_what_its_code_means(provider: Provider, code: str, expected: Verdict) -> None:
    """The same for every provider as for a report by mail."""
    make, bounced, _ = MAKERS[provider]
    (report,) = read_events(provider, make(MARK, bounced, code), MARKS)
    assert (report.verdict, report.mailing, report.recipient, report.status) == (
        expected,
        "2025-12-10",
        77,
        code,
    )


@EACH
def test_a_complaint_is_one_whatever_the_code(provider: Provider) -> None:
    """The reader pressed the button."""
    make, _, complained = MAKERS[provider]
    (report,) = read_events(provider, make(MARK, complained, "2.0.0"), MARKS)
    assert (report.verdict, report.recipient) == (Verdict.COMPLAINT, 77)


@EACH
@pytest.mark.parametrize(
    "mark", ["", MARK[:-1] + ("0" if MARK[-1] != "0" else "1"), "2025-12-10.1.0000000000000000"]
)
def test_without_a_genuine_mark_nobody_is_meant(provider: Provider, mark: str) -> None:
    """The address in the report is a real one; that proves nothing."""
    make, bounced, _ = MAKERS[provider]
    assert read_events(provider, make(mark, bounced, "5.1.1"), MARKS) == [Report(Verdict.STRANGE)]


@EACH
@pytest.mark.parametrize("kind", ["delivered", "Delivery", "open", "", "processed", "deferred"])
def test_news_changes_nobody(provider: Provider, kind: str) -> None:
    """Delivered, opened, delayed: nothing to do."""
    make, _, _ = MAKERS[provider]
    (report,) = read_events(provider, make(MARK, kind, "5.1.1"), MARKS)
    assert report.verdict is Verdict.NEWS


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("HardBounce", GONE),
        ("SoftBounce", FULL),
        ("Blocked", OURS),
        ("Transient", Verdict.NEWS),
        ("New", FULL),
    ],
)
def test_postmark_s_own_kinds_stand_for_a_code(sort: str, expected: Verdict) -> None:
    """A complaint's shape quotes our letter and has no code."""
    (report,) = read_events(Provider.POSTMARK, postmark_event(complaint(), sort=sort), MARKS)
    assert (report.verdict, report.recipient) == (expected, 77)


@pytest.mark.parametrize(
    ("reason", "said", "expected"),
    [
        ("ManualSuppression", True, Verdict.LEAVE),
        ("SpamComplaint", True, Verdict.COMPLAINT),
        ("HardBounce", True, GONE),
        ("ManualSuppression", False, Verdict.NEWS),
        ("ManualSuppression", "true", Verdict.NEWS),
        ("", True, Verdict.NEWS),
    ],
)
def test_a_suppression_at_postmark_has_a_reason(reason: str, said: object, expected: Verdict) -> None:
    """Who comes back there does not leave here."""
    change = postmark_event(b"", "SubscriptionChange") | {"Metadata": {"letter": MARK}}
    change |= {"SuppressSending": said, "SuppressionReason": reason}
    assert read_events(Provider.POSTMARK, change, MARKS)[0].verdict is expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (("Permanent", "OnAccountSuppressionList"), GONE),
        (("Permanent", "ContentRejected"), FULL),
        (("Transient", "MailboxFull"), FULL),
        (("Transient", "General"), Verdict.NEWS),
        (("Undetermined", "Undetermined"), Verdict.NEWS),
    ],
)
def test_amazon_s_own_kinds_stand_for_a_code(sort: tuple[str, str], expected: Verdict) -> None:
    """A holiday notice is told as a passing bounce without a code: it is none."""
    event = ses_event(MARK, status="")
    event["bounce"] |= dict(zip(("bounceType", "bounceSubType"), sort, strict=True))
    assert read_events(Provider.SES, event, MARKS)[0].verdict is expected


def test_the_server_s_own_code_is_better_than_a_general_one() -> None:
    """SendGrid says 5.0.0 where the server had said more."""
    event = sendgrid_event(MARK, status="5.0.0") | {"reason": "550 5.1.1 no such box"}
    assert read_events(Provider.SENDGRID, [event], MARKS)[0].status == "5.1.1"


def _not_tried(provider: Provider, why: str) -> object:
    """A letter that the provider did not pass on, for a reason of its own."""
    if provider is Provider.MAILGUN:
        return {"event-data": mailgun_event(MARK, "failed", "") | {"severity": "permanent", "reason": why}}
    if provider is Provider.SENDGRID:
        return [sendgrid_event(MARK, "dropped", "5.0.0") | {"reason": why}]
    if provider is Provider.POSTMARK:
        return {"RecordType": "Bounce", "Type": why, "Metadata": {"mark": MARK}}
    event = ses_event(MARK, "Bounce", "")
    return event | {"bounce": event["bounce"] | {"bounceSubType": why}}


@pytest.mark.parametrize(
    ("provider", "why", "expected"),
    [
        (Provider.MAILGUN, "suppress-unsubscribe", Verdict.LEAVE),
        (Provider.MAILGUN, "suppress-complaint", Verdict.COMPLAINT),
        (Provider.MAILGUN, "suppress-bounce", FULL),
        (Provider.SENDGRID, "Unsubscribed Address", Verdict.LEAVE),
        (Provider.SENDGRID, "Spam Reporting Address", Verdict.COMPLAINT),
        (Provider.SENDGRID, "Bounced Address", FULL),
        (Provider.SENDGRID, "Recipient List over Package Quota", OURS),
        (Provider.SENDGRID, "Spam Content (if Spam Checker app is enabled)", OURS),
        (Provider.POSTMARK, "Unsubscribe", Verdict.LEAVE),
        (Provider.POSTMARK, "SMTPApiError", Verdict.NEWS),
        (Provider.SES, "UnsubscribedRecipient", Verdict.LEAVE),
    ],
)
def test_who_has_left_at_the_provider_has_left_here(provider: Provider, why: str, expected: Verdict) -> None:
    """A wish that the provider keeps is no fault of a mailbox, and a quota that is used up no reader's."""
    (report,) = read_events(provider, _not_tried(provider, why), MARKS)
    assert (report.verdict, report.recipient) == (expected, 77)


def test_what_mailgun_tries_again_is_no_failure_yet() -> None:
    """Only the last word counts against a mailbox."""
    event = mailgun_event(MARK, code="4.2.2") | {"severity": "temporary"}
    assert read_events(Provider.MAILGUN, {"event-data": event}, MARKS)[0].verdict is Verdict.NEWS


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_not_all_feedback_is_a_complaint(kind: str) -> None:
    """The reader took the letter out of the unwanted mail, or a server tells of SPF and DKIM."""
    event = ses_event(MARK, "Complaint") | {"complaint": {"complaintFeedbackType": kind}}
    assert read_events(Provider.SES, event, MARKS)[0].verdict is Verdict.NEWS


def test_a_batch_is_read_event_by_event() -> None:
    """One that is none does not keep the others from being read."""
    batch = [1, sendgrid_event(MARK), {"event": ["bounce"]}, sendgrid_event("")]
    verdicts = [report.verdict for report in read_events(Provider.SENDGRID, batch, MARKS)]
    assert verdicts == [Verdict.STRANGE, GONE, Verdict.STRANGE, Verdict.STRANGE]


NAMES = st.sampled_from(
    [
        "event-data",
        "event",
        "message",
        "headers",
        "mail",
        "bounce",
        "bouncedRecipients",
        "Metadata",
        "Content",
        "x",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just(MARK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@EACH
@given(payload=JSON)
def test_nonsense_is_left_alone(provider: Provider, payload: object) -> None:
    """Any JSON is read without a fault, and ends no subscription by itself."""
    for report in read_events(provider, payload, MARKS):
        assert report.verdict in {Verdict.NEWS, Verdict.STRANGE}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    """Nested beyond reason, too."""
    with pytest.raises(ValueError, match=r"\S"):
        parse(body)
