"""Only the provider itself is believed, and only for a while."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta

import pytest
from hooks import NOW, SECRET, SENDGRID_KEY, TOPIC, mailgun, postmark, sendgrid, sns, sns_pem

from publisher.delivery.webhooks.settings import Provider, WebhookSettings
from publisher.delivery.webhooks.signatures import (
    AHEAD,
    WINDOW,
    is_mailguns,
    is_postmarks,
    is_sendgrids,
    is_snss,
    sendgrid_key,
    sns_certificate,
)
from publisher.errors import ConfigurationError

SECOND = timedelta(seconds=1)
TIMES = pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(), True), (WINDOW, True), (WINDOW + SECOND, False), (-AHEAD, True), (-AHEAD - SECOND, False)],
)


@TIMES
def test_mailgun_is_believed_for_a_day(age: timedelta, expected: bool) -> None:
    """Over timestamp and token, and no longer than it tries again."""
    signature = json.loads(mailgun({}, NOW - age)[0])["signature"]
    assert is_mailguns(SECRET, signature, NOW) is expected


def test_a_subaccount_s_report_is_known_by_its_parent_s_signature() -> None:
    """Mailgun signs it twice, and only the parent's key is ours."""
    signature = json.loads(mailgun({})[0])["signature"]
    signature |= {"signature": "0" * 64, "parent-signature": signature["signature"]}
    assert is_mailguns(SECRET, signature, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"token": "x"},
        {"timestamp": "1"},
        {"signature": "0" * 64},
        {"signature": "\ud800"},
        {"token": "\ud800"},
    ],
)
def test_a_changed_mailgun_signature_is_refused(change: dict[str, str]) -> None:
    """Each of the three fields counts, and none of them can break the check."""
    signature = json.loads(mailgun({})[0])["signature"]
    assert is_mailguns(SECRET, signature, NOW)
    assert not is_mailguns(SECRET, signature | change, NOW)
    assert not is_mailguns("another", signature, NOW)
    assert not is_mailguns(SECRET, {}, NOW)


@TIMES
def test_sendgrid_is_believed_for_a_day(age: timedelta, expected: bool) -> None:
    """Over timestamp and body."""
    body, headers = sendgrid([], NOW - age)
    signature, timestamp = headers.values()
    assert is_sendgrids(sendgrid_key(SENDGRID_KEY), signature, timestamp, body, NOW) is expected


def test_a_changed_sendgrid_body_is_refused() -> None:
    """And a changed timestamp, and a signature that is none."""
    body, headers = sendgrid([])
    signature, timestamp = headers.values()
    key = sendgrid_key(SENDGRID_KEY)
    assert not is_sendgrids(key, signature, timestamp, body + b" ", NOW)
    assert not is_sendgrids(key, signature, str(int(timestamp) + 1), body, NOW)
    for wrong in ("", "AAAA", "é", "=="):
        assert not is_sendgrids(key, wrong, timestamp, body, NOW)


@pytest.mark.parametrize("text", ["", "é", "AAAA", b64encode(b"x" * 90).decode()])
def test_a_key_that_is_none_is_told_at_the_start(text: str) -> None:
    """Not when the first report is lost."""
    with pytest.raises(ConfigurationError, match="SendGrid"):
        sendgrid_key(text)
    with pytest.raises(ConfigurationError, match="ses_certificate"):
        sns_certificate(text.encode())


def test_postmark_knows_the_secret() -> None:
    """As a password or in a header; an empty one opens nothing."""
    basic = postmark({})[1]["Authorization"]
    assert is_postmarks(SECRET, basic, "")
    assert is_postmarks(SECRET, "", SECRET)
    for wrong in (
        "",
        "Basic",
        "Basic é",
        "Basic AAA",
        "Bearer " + basic[6:],
        postmark({}, "other")[1]["Authorization"],
    ):
        assert not is_postmarks(SECRET, wrong, "")
    assert not is_postmarks("", "Basic " + b64encode(b"a:").decode(), "")


@TIMES
def test_sns_is_believed_for_a_day(age: timedelta, expected: bool) -> None:
    """By the certificate that lies here; the address in the message is never asked."""
    assert is_snss(sns_certificate(sns_pem()), (TOPIC,), sns({}, NOW - age), NOW) is expected


@pytest.mark.parametrize(
    "change",
    [
        {"Message": "{}"},
        {"MessageId": "two"},
        {"Subject": "x"},
        {"SignatureVersion": "1"},
        {"Signature": "é"},
        {"Timestamp": "now"},
    ],
)
def test_a_changed_sns_message_is_refused(change: dict[str, str]) -> None:
    """Every signed field counts; the old way of signing (SHA-1) is not taken."""
    certificate = sns_certificate(sns_pem())
    message = sns({"notificationType": "Bounce"})
    assert is_snss(certificate, (TOPIC,), message, NOW)
    assert not is_snss(certificate, (TOPIC,), message | change, NOW)


def test_sns_needs_a_known_topic_and_a_valid_certificate() -> None:
    """Anybody can sign a message of a topic of their own with Amazon's key."""
    assert not is_snss(sns_certificate(sns_pem()), (f"{TOPIC}x",), sns({}), NOW)
    assert not is_snss(sns_certificate(sns_pem(days=-1)), (TOPIC,), sns({}), NOW)
    assert not is_snss(sns_certificate(sns_pem()), (TOPIC,), {}, NOW)


def test_providers_are_off_until_their_key_is_set() -> None:
    """An empty key is none; SES needs both certificate and topics."""
    assert WebhookSettings().providers == frozenset()
    assert WebhookSettings(mailgun_key="", ses_certificate="sns.pem").providers == frozenset()
    assert WebhookSettings(sendgrid_key="k", ses_certificate="c", ses_topics=("t",)).providers == {
        Provider.SENDGRID,
        Provider.SES,
    }
