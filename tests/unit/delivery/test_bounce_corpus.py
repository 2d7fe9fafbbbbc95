"""Reports as the mail servers of the world write them, each in a file of our own words.

In the files MARK stands for the mark of reader 77's letter, VERP for the envelope sender with it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from reports import MARK, MARKS, VERP

from publisher.delivery.bounces import LONGEST, Report, Verdict, read_report

CORPUS = Path(__file__).parents[2] / "samples" / "bounces"
LEAVE = "leave@letter.example"
V = Verdict
EXPECTED = {
    "answer-by-hand": (V.NEWS, ""),
    "broken-off": (V.NEWS, ""),
    "complaint-abuse": (V.COMPLAINT, ""),
    "complaint-not-spam": (V.NEWS, ""),
    "complaint-quoted-letter": (V.COMPLAINT, ""),
    "exchange-online": (V.GONE, "5.1.10"),
    "exim-in-prose": (V.GONE, "5.1.1"),
    "exim-report": (V.FULL, "5.2.2"),
    "exim-still-trying": (V.NEWS, ""),
    "gmail-unauthenticated": (V.OURS, "5.7.26"),
    "gmail-unknown-user": (V.GONE, "5.1.1"),
    "holiday-outlook": (V.NEWS, ""),
    "holiday-vacation": (V.NEWS, ""),
    "international-status": (V.GONE, "5.1.1"),
    "leave-by-button": (V.LEAVE, ""),
    "leave-in-an-answer": (V.LEAVE, ""),
    "leave-without-a-word": (V.LEAVE, ""),
    "mail-ru-no-mailbox": (V.FULL, ""),
    "microsoft-refuses-the-sender": (V.OURS, "5.7.515"),
    "postfix-delayed": (V.NEWS, "4.4.1"),
    "postfix-unknown-user": (V.GONE, "5.1.1"),
    "qmail": (V.GONE, "5.1.1"),
    "report-inside-a-forward": (V.GONE, "5.1.1"),
    "two-boxes-one-reads": (V.NEWS, "2.0.0"),
    "yahoo-no-account": (V.FULL, "5.0.0"),
    "yandex-no-such-user": (V.FULL, "5.7.1"),
    "yandex-spam": (V.OURS, "5.7.1"),
}


def report(name: str, mark: str = MARK, verp: str = VERP) -> bytes:
    """A file of the corpus, about a letter with this mark."""
    text = (CORPUS / f"{name}.eml").read_bytes()
    return text.replace(b"VERP", verp.encode()).replace(b"MARK", mark.encode())


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["unix", "wire"])
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_report_is_understood(name: str, ending: bytes) -> None:
    """Whose letter it is about, what is to be done, and the code that says so."""
    found = read_report(report(name).replace(b"\n", ending), MARKS, LEAVE)
    verdict, status = EXPECTED[name]
    assert (found.verdict, found.mailing, found.recipient) == (verdict, "2025-12-10", 77)
    assert found.status == status


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_forged_report_changes_nothing(name: str) -> None:
    """With a mark that we never made, the same file is about nobody."""
    forged = MARK[:-1] + ("0" if MARK[-1] != "0" else "1")
    assert read_report(report(name, forged, VERP.replace(MARK, forged)), MARKS, LEAVE) == Report(V.STRANGE)


def test_the_corpus_is_the_table() -> None:
    """No file lies there that nobody reads."""
    assert sorted(EXPECTED) == sorted(file.stem for file in CORPUS.glob("*.eml"))


def test_the_words_of_a_server_fit_on_one_line() -> None:
    """Folded, coloured or endless, they are shown to an editor at a terminal."""
    words = b"smtp; 550 5.1.1 \x1b[2J\x1b[31m gone\r\n\t and \x07 gone " + b"again " * 1000
    shown = read_report(
        report("gmail-unknown-user").replace(b"smtp; 550-5.1.1", words, 1), MARKS, LEAVE
    ).words
    assert shown.isprintable()
    assert len(shown) <= 300


NESTS = {
    "letters in letters": b"Content-Type: message/rfc822\r\n\r\n" * 30_000,
    "parts in parts": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(5_000)
    ),
    "statuses in statuses": b"Content-Type: message/delivery-status\r\n\r\n" * 20_000,
    "parameters without end": b"Content-Type: multipart/report; " + b'a*1*="x";' * 20_000 + b"\r\n\r\n",
    "two bytes a letter": "Subject: unsubscribe\r\n\r\n".encode("utf-16"),
    "ten megabytes": b"Subject: hello\r\n\r\n" + b"x" * (10 * LONGEST),
}


@pytest.mark.parametrize("name", NESTS)
def test_a_bomb_is_nobody_s_bounce(name: str) -> None:
    """It is read to an end, in bounded work, and no reader is touched."""
    message = f"To: {VERP}\r\n".encode() + NESTS[name]
    assert read_report(message, MARKS, LEAVE).verdict in {V.NEWS, V.STRANGE}
