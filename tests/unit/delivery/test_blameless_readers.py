"""Reports that look like the end of a subscription and are not: about other mail, of two minds, or loosely worded."""

from base64 import b64encode

import pytest
from reports import MARK, MARKS, VERP, failure, plain_mail

from publisher.delivery.bounces import Report, Verdict, read_report
from publisher.delivery.dsn import exact_code

OTHERS = failure(to="reader@mail.example")  # a report that our reader got about a letter of her own
NEWS = Report(Verdict.NEWS, "2025-12-10", 77)
DESK = "desk@letter.example"


def answer(to: str, *fields: str, attached: bytes = OTHERS) -> bytes:
    """A reader's answer to our letter, with a message attached."""
    head = [f"To: {to}", *fields, 'Content-Type: multipart/mixed; boundary="=_a"', "", "--=_a"]
    told = ["Content-Type: text/plain", "", "See below.", "--=_a", "Content-Type: message/rfc822", "", ""]
    return "\r\n".join([*head, *told]).encode() + attached + b"\r\n--=_a--\r\n"


@pytest.mark.parametrize(
    "message",
    [
        answer(DESK, f"In-Reply-To: <{MARK}@letter.example>"),
        answer(VERP, "Auto-Submitted: auto-replied"),
        f"References: <{MARK}@letter.example>\r\n".encode() + OTHERS,
    ],
    ids=["attached to an answer", "attached to a holiday notice", "in a thread with our letter"],
)
def test_a_report_about_other_mail_blames_nobody(message: bytes) -> None:
    """Our mark stands beside the report, not in it: that says who wrote, and not whose letter failed."""
    assert read_report(message, MARKS) == NEWS


def test_a_report_that_quotes_another_says_its_own() -> None:
    """A full mailbox refused a letter in which somebody else's failure was quoted."""
    quoted = OTHERS.replace(b"=_r", b"=_q")
    outer = failure("5.2.2", "smtp; 552 5.2.2 full").replace(
        b"Content-Type: text/rfc822-headers\r\n\r\n", b"Content-Type: message/rfc822\r\n\r\n" + quoted
    )
    assert read_report(outer, MARKS).status == "5.2.2"


def second(status: str) -> bytes:
    """A report in which one mailbox of two is gone, and the other has this status."""
    gone, kept = (
        f"Final-Recipient: rfc822; {n}@mail.example\r\nAction: failed\r\nStatus: {code}\r\n\r\n"
        for n, code in enumerate(["5.1.1", status])
    )
    return (
        f'To: {VERP}\r\nContent-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n'
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n{gone}{kept}--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("status", "verdict"), [("5.2.2", Verdict.FULL), ("5.7.1", Verdict.OURS), ("5.1.1", Verdict.GONE)]
)
def test_of_two_mailboxes_the_one_that_may_recover_counts(status: str, verdict: Verdict) -> None:
    """Whichever the report names first: as long as one of them is there, it may be read."""
    assert read_report(second(status), MARKS).verdict is verdict


@pytest.mark.parametrize("action", ["delayed (still trying)", " Delayed ", "delayed; will retry"])
def test_a_comment_does_not_hide_what_was_done(action: str) -> None:
    """RFC 822 allows comments in such fields."""
    assert read_report(failure("5.1.1", action=action), MARKS).verdict is Verdict.NEWS


@pytest.mark.parametrize("kind", ["not-spam (moved by the reader)", "auth-failure;", "virus"])
def test_feedback_with_a_comment_and_a_scanner_s_alarm_are_no_complaint(kind: str) -> None:
    """A virus scanner is no reader who wants to leave."""
    message = (
        f"To: {VERP}\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\n\r\n".encode()
    )
    assert read_report(message, MARKS) == NEWS


@pytest.mark.parametrize(
    ("status", "words", "code"),
    [
        ("5.0.0", "smtp; 554 refused by MailGuard v5.1.1", "5.0.0"),
        ("5.0.0", "smtp; 554 refused by MailGuard 5.1.1", "5.0.0"),
        ("5.0.0", "smtp; 554 refused, see https://mail.example/5.1.1", "5.0.0"),
        ("5.0.0", "smtp; 554 5.1.1-rc2 refused", "5.0.0"),
        ("5.0.0", "smtp; 554 blocked: 185.5.1.1", "5.0.0"),
        ("4.0.0", "smtp; 550 5.1.1 gone", "4.0.0"),
        ("5.1.1", "smtp; 550 5.7.1 refused by policy", "5.7.1"),
        ("5.7.1", "smtp; 550 5.1.1 gone", "5.7.1"),
        ("5.0.0", "smtp;550-5.1.1 gone 550 5.1.1 for good", "5.1.1"),
        ("5.0.0", "X-Postfix; no mailbox (#5.1.1)", "5.1.1"),
        ("5.0.0", "5.1.1 gone", "5.1.1"),
        ("", "smtp; 550: 5.1.1 gone", "5.1.1"),
    ],
)
def test_a_code_is_believed_where_servers_write_codes(status: str, words: str, code: str) -> None:
    """After the reply code or in brackets, not in a version, an address or a link; and policy blames no reader."""
    assert exact_code(status, words) == code


@pytest.mark.parametrize(
    "subject", ["НА: unsubscribe", "Ответ: Unsubscribe", "Отв: Re: unsubscribe", "unsubscribe"]
)
@pytest.mark.parametrize("charset", ["utf-8", "koi8-r", "windows-1251"])
def test_a_wish_to_leave_is_read_in_any_coding(subject: str, charset: str) -> None:
    """Outlook writes `НА:` before a subject, and then all of it goes encoded."""
    word = f"=?{charset}?B?{b64encode(subject.encode(charset)).decode()}?="
    message = f"In-Reply-To: <{MARK}@letter.example>\r\n".encode() + plain_mail(word, DESK)
    assert read_report(message, MARKS).verdict is Verdict.LEAVE


@pytest.mark.parametrize("subject", ["=?x-none?B?dW4=?=", "=?utf-8?B?dW5?=", "=?a?q?" * 150_000])
def test_a_subject_that_cannot_be_decoded_is_no_wish(subject: str) -> None:
    """No known charset, broken base64, or endless: the message is read to its end."""
    assert read_report(plain_mail(subject, VERP), MARKS) == NEWS
