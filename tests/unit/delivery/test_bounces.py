"""What comes back is understood, or left alone: nobody is suppressed by guess or by forgery."""

from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import MARK, MARKS, VERP, complaint, failure, plain_mail

from publisher.delivery.bounces import Report, Verdict, judge, read_report


@pytest.mark.parametrize(
    ("status", "action", "expected"),
    [
        ("5.1.1", "failed", Verdict.GONE),
        ("5.1.10", "failed", Verdict.GONE),
        ("5.2.1", "failed", Verdict.GONE),
        ("5.2.2", "failed", Verdict.FULL),
        ("4.2.2", "failed", Verdict.FULL),
        ("4.4.7", "failed", Verdict.FULL),
        ("5.0.0", "failed", Verdict.FULL),
        ("", "failed", Verdict.FULL),
        ("5.7.1", "failed", Verdict.OURS),
        ("5.7.26", "failed", Verdict.OURS),
        ("5.7.515", "failed", Verdict.OURS),
        ("4.4.1", "delayed", Verdict.NEWS),
        ("2.0.0", "delivered", Verdict.NEWS),
        ("5.1.1", "delayed", Verdict.NEWS),
    ],
)
def test_a_code_decides_what_is_done(status: str, action: str, expected: Verdict) -> None:
    """A mailbox that is gone, one that may recover, our own fault, and news are four things."""
    assert judge(status, action) is expected


@pytest.mark.parametrize(
    "message",
    [
        failure(),
        failure(to="postmaster@letter.example", envelope_id=MARK),
        failure(to="postmaster@letter.example", message_id=MARK),
        failure(to=VERP.upper()),
    ],
)
def test_the_reader_is_found_by_the_mark_wherever_it_stands(message: bytes) -> None:
    """In the address that was written to, the envelope id or the quoted Message-ID."""
    report = read_report(message, MARKS)
    assert (report.verdict, report.mailing, report.recipient) == (Verdict.GONE, "2025-12-10", 77)
    assert report.words.endswith("No such user here")


def test_the_address_in_a_report_is_never_believed() -> None:
    """A report without our mark may name anybody; nobody is touched."""
    assert read_report(failure(to="bounce@mail.letter.example"), MARKS) == Report(Verdict.STRANGE)


def test_a_forged_mark_is_not_believed() -> None:
    """Nobody can have another reader suppressed."""
    forged = VERP.replace(MARK, MARK[:-1] + ("0" if MARK[-1] != "0" else "1"))
    assert read_report(failure(to=forged), MARKS).verdict is Verdict.STRANGE


def test_the_diagnostic_s_code_wins_over_a_vague_status() -> None:
    """Some servers say 5.0.0 and mean 5.1.1."""
    assert read_report(failure("5.0.0"), MARKS).status == "5.1.1"


def test_codes_in_the_prose_of_a_report_mean_nothing() -> None:
    """The words for people above the report name 5.7.1 and 4.2.2; only its fields count."""
    assert read_report(failure("5.1.1"), MARKS).verdict is Verdict.GONE


def test_a_complaint_is_one_even_with_the_recipient_blacked_out() -> None:
    """The Message-ID of the quoted letter has the mark."""
    assert read_report(complaint(), MARKS) == Report(Verdict.COMPLAINT, "2025-12-10", 77)


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_not_all_feedback_is_a_complaint(kind: str) -> None:
    """A reader took it back (RFC 5965 sec. 3.5), or a server tells of DKIM (RFC 6591): both should keep the letter."""
    assert read_report(complaint(kind), MARKS).verdict is Verdict.NEWS


STATUS = b"Final-Recipient: rfc822; someone@mail.example\r\nDiagnostic-Code: smtp; 550 5.1.1 unknown\r\n"


@pytest.mark.parametrize(
    ("coding", "written"),
    [
        (b"7bit", STATUS),
        (b"base64", encodebytes(b"Reporting-MTA: dns; mx\r\n\r\n" + STATUS)),
        (b"Quoted-Printable", b"Reporting-MTA: dns; mx\r\n\r\n" + STATUS.replace(b"5.1.1", b"5=2E1.1")),
    ],
)
@pytest.mark.parametrize("kind", [b"message/delivery-status", b"message/global-delivery-status"])
def test_a_status_is_read_encoded_and_without_action_and_status(kind, coding, written) -> None:
    """RFC 6532 allows the one, and only the server's words are left in the other."""
    message = (
        f"To: {VERP}\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: ".encode()
        + kind
        + b"\r\nContent-Transfer-Encoding: "
        + coding
        + b"\r\n\r\n"
        + written
        + b"\r\n--b--\r\n"
    )
    report = read_report(message, MARKS)
    assert (report.verdict, report.recipient, report.status) == (Verdict.GONE, 77, "5.1.1")


def test_a_wish_to_leave_by_mail_is_understood() -> None:
    """The mailto address of List-Unsubscribe carries the mark."""
    message = plain_mail("unsubscribe", f"leave+{MARK}@letter.example")
    assert read_report(message, MARKS) == Report(Verdict.LEAVE, "2025-12-10", 77)


def test_a_holiday_notice_is_no_failure() -> None:
    """Who is at the sea still wants the letter."""
    assert read_report(plain_mail("Out of office", VERP), MARKS).verdict is Verdict.NEWS


@given(st.binary(max_size=2000))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Whatever is thrown at the mailbox, the next report is still read."""
    read_report(data, MARKS)
    read_report(failure().replace(b"--=_r", data[:20]), MARKS)
