"""Titles, names and addresses that want to be more than that: through composer, gate and envelope.

`PUBLISHER_HOSTILE=100000 python -m pytest tests/unit/delivery/test_hostile_letters.py` runs as many as wished.
"""

import os
import random
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.parser import BytesParser

import pytest

from publisher.delivery.envelope import Offers, address
from publisher.delivery.headers import WireError, check_wire
from publisher.delivery.marks import Marks
from publisher.delivery.messages import LetterComposer, Sender
from publisher.delivery.models import Claim, Job, Recipient, Reply
from publisher.rendering.digest import PREFERENCES_SLOT, UNSUBSCRIBE_SLOT, Digest

EXAMPLES = int(os.environ.get("PUBLISHER_HOSTILE", "400"))
NAMES = ["From", "Subject", "Date", "List-Id", "List-Unsubscribe-Post", "List-Archive", "Feedback-ID",
         "Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
         "To", "Message-ID", "List-Unsubscribe"]  # fmt: skip
FRAGMENTS = ["\r\n", "\n", "\r", "\0", "\x85", "\u2028", "\ud800", "\t", " ", "  ", "Bcc: x@evil.example", "\r\n.\r\n", ".",
             "=?utf-8?q?=0D=0ABcc=3A_x=40evil.example?=", "=?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=", "=?", "?=",
             '"', "\\", "<", ">", ",", ";", ":", "@", "(", ")", "a@evil.example", "<a@evil.example>", "%s", "{0}",
             "Сом", "қ", "ü", "🚀", "\u202e", "\u200b", "e\u0301", "نرخ", "x" * 80, "word ", "DATA", "RCPT TO:<x@evil.example>",
             UNSUBSCRIBE_SLOT]  # fmt: skip
LOCALS = [
    "reader",
    '"two words"',
    '"a@b"',
    '"\\""',
    "o'neil",
    "müller",
    "+tag",
    "a..b",
    ".a",
    "x" * 70,
    "=?utf-8?q?a?=",
]
DOMAINS = [
    "mail.example",
    "bücher.example",
    "xn--bcher-kva.example",
    "[192.0.2.1]",
    "пошта.example",
    "a_b.example",
    "-a.example",
    "localhost",
]


def made_up(dice: random.Random) -> str:
    """A text out of nasty fragments."""
    return "".join(dice.choice(FRAGMENTS) for _ in range(dice.randint(1, 6)))


def made_up_address(dice: random.Random) -> str:
    """An address that may be good, odd or an attack."""
    local = dice.choice(LOCALS) if dice.random() < 0.7 else made_up(dice)
    return f"{local}@{dice.choice(DOMAINS) if dice.random() < 0.8 else made_up(dice)}"


def composer(subject: str, name: str) -> LetterComposer:
    """A short letter under this title, from a publication of this name."""
    body = f"{subject} {UNSUBSCRIBE_SLOT} {PREFERENCES_SLOT}"
    links = {UNSUBSCRIBE_SLOT: "https://letter.example/u/1", PREFERENCES_SLOT: "https://letter.example/p/1"}
    sender = Sender(name, "desk@letter.example", "", "bounce@letter.example", "", name, "briefing.letter.example",
                    "https://letter.example/archive/", "steppe")  # fmt: skip
    return LetterComposer(
        Digest("2025-12-10", subject, "", body.replace("\ud800", ""), body.replace("\ud800", "")),
        sender,
        mailing="2025-12-10",
        date=datetime(2025, 12, 10, tzinfo=UTC),
        links=lambda _number: links,
        marks=Marks(lambda text: [text.encode()[:8].ljust(8)]),
    )


def shown(value: str) -> str:
    """A header as a mail program shows it."""
    return str(make_header(decode_header(value.replace("\r\n", ""))))


def test_whatever_the_title_name_and_address_one_letter_leaves_with_the_intended_headers() -> None:
    """Refused by name, or on the wire exactly as meant: never a header, a recipient or a command more."""
    dice, left = random.Random(20251210), 0
    for _ in range(EXAMPLES):
        subject, name, to = made_up(dice), made_up(dice), made_up_address(dice)
        try:
            letter = composer(subject, name).compose(Recipient(1, to))
        except WireError:
            continue
        left += 1
        wire = b"".join(letter.chunks)
        check_wire(wire, NAMES)
        assert b"\r\n." not in wire, (subject, name, to)
        message = BytesParser(policy=policy.compat32).parsebytes(wire)
        assert message.keys() == NAMES, (subject, name, to)
        assert shown(message["Subject"]) == subject
        envelope = address(Job(Claim(1, Recipient(1, to)), letter), Offers(smtputf8=True), ask_dsn=True)
        assert not isinstance(envelope, Reply), to
        for command in (envelope.mail, envelope.rcpt):
            assert command.endswith(b"\r\n")
            assert not set(command[:-2]) & set(b"\r\n\0"), to
    assert left > EXAMPLES / 20


@pytest.mark.parametrize(
    "written",
    ["a@b.example\r\nDATA", "a b@c.example", "<a@b.example>", "a@b.example>", "\ud800@b.example", "a@b\0.example", "@", "a@", "x" * 990 + "@b.example"],
)  # fmt: skip
def test_an_address_that_could_end_its_line_gets_no_letter(written) -> None:
    """The row fails with a reason, and the others go on."""
    with pytest.raises(WireError):
        composer("A bridge", "Steppe Letter").compose(Recipient(1, written))
