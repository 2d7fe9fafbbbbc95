"""A letter carries what mailbox providers ask for, says the same twice, and holds under its seal."""

import email
import hashlib
from datetime import UTC, datetime
from email import policy

import dkim
import pytest

from publisher.delivery.dkim import DkimKey, new_key
from publisher.delivery.marks import Marks
from publisher.delivery.messages import LetterComposer, Sender
from publisher.delivery.models import Recipient
from publisher.delivery.verifying import verify
from publisher.rendering.digest import PREFERENCES_SLOT, UNSUBSCRIBE_SLOT, Digest, InlineImage

TEXT = f"Som flat, tenge weaker.\n\nLeave: {UNSUBSCRIBE_SLOT}\nChange: {PREFERENCES_SLOT}\n"
HTML = f'<p>Som flat, tenge weaker · naïve</p><a href="{UNSUBSCRIBE_SLOT}">Leave</a> <a href="{PREFERENCES_SLOT}">Change</a>'
SENDER = Sender(
    name="Steppe Letter",
    address="letter@letter.example",
    reply_to="desk@letter.example",
    bounces="bounce@mail.letter.example",
    unsubscribe="leave@letter.example",
    list_title="Steppe Letter",
    list_id="briefing.letter.example",
    archive="https://letter.example/archive/",
    feedback_id="steppe",
)
READER = Recipient(77, "reader@mail.example")


def links(number: int) -> dict[str, str]:
    """A reader's own addresses."""
    base = "https://letter.example"
    return {
        UNSUBSCRIBE_SLOT: f"{base}/unsubscribe/u.{number}",
        PREFERENCES_SLOT: f"{base}/preferences/p.{number}",
    }


def prints(text: str) -> list[bytes]:
    """A keyed hash, as the hallway takes from the keyring."""
    return [hashlib.sha256(b"key" + text.encode()).digest()]


def composer(keys: tuple[DkimKey, ...] = (), **changes: object) -> LetterComposer:
    """A composer of the digest above."""
    fields = {"issue": "2025-12-10", "subject": "Сом и тенге", "preheader": "", "html": HTML, "text": TEXT}
    digest = Digest(**(fields | changes))
    return LetterComposer(
        digest,
        SENDER,
        mailing="2025-12-10",
        date=datetime(2025, 12, 10, 1, 0, tzinfo=UTC),
        links=links,
        marks=Marks(prints),
        keys=keys,
    )


def dns(*keys: DkimKey):
    """A name server that knows the keys' records."""
    records = {f"{key.dns_name}.".encode(): key.dns_record.encode() for key in keys}

    def look_up(name: bytes, timeout: int = 5) -> bytes | None:
        del timeout  # dkimpy passes it
        return records.get(name)

    return look_up


def wire(letters: LetterComposer, reader: Recipient = READER) -> bytes:
    """The bytes of one letter."""
    return b"".join(letters.compose(reader).chunks)


@pytest.fixture(scope="module")
def rsa_key() -> DkimKey:
    """An RSA key of 2048 bits."""
    return new_key("letter.example", "letter")


def test_the_headers_are_those_that_bulk_senders_owe() -> None:
    """One of each, in our order; a duplicate From or Date is a reason to be refused."""
    message = email.message_from_bytes(wire(composer()), policy=policy.default)
    assert message.keys() == [
        "From",
        "Reply-To",
        "Subject",
        "Date",
        "List-Id",
        "List-Unsubscribe-Post",
        "List-Archive",
        "Feedback-ID",
        "Auto-Submitted",
        "Precedence",
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
        "To",
        "Message-ID",
        "List-Unsubscribe",
    ]
    assert message["Subject"] == "Сом и тенге"
    assert message["From"] == "Steppe Letter <letter@letter.example>"
    assert message["To"] == "reader@mail.example"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_reader_can_leave_by_one_click_and_by_mail() -> None:
    """RFC 8058's https address first, then a mailbox that knows the reader by the mark."""
    message = email.message_from_bytes(wire(composer()), policy=policy.compat32)
    mark = Marks(prints).make("2025-12-10", 77)
    assert message["List-Unsubscribe"] == (
        f"<https://letter.example/unsubscribe/u.77>, <mailto:leave+{mark}@letter.example?subject=unsubscribe>"
    )


def test_both_bodies_carry_the_reader_s_own_links() -> None:
    """No slot is left, and nobody else's link stands in the letter."""
    message = email.message_from_bytes(wire(composer()), policy=policy.default)
    text, page = (part.get_content() for part in message.iter_parts())
    for written, found in ((TEXT, text), (HTML, page)):
        expected = written
        for slot, url in links(77).items():
            expected = expected.replace(slot, url)
        assert found.replace("\r\n", "\n").rstrip() == expected.rstrip()


def test_the_same_recipient_gets_the_same_bytes(rsa_key: DkimKey) -> None:
    """A letter that is sent again can be recognised as the same."""
    assert wire(composer((rsa_key,))) == wire(composer((rsa_key,)))


def test_each_letter_has_its_own_envelope_and_id() -> None:
    """A bounce then says whom it is about; no two Message-IDs are equal."""
    letters = [composer().compose(Recipient(number, "a@b.example")) for number in (1, 2)]
    assert letters[0].sender.startswith("bounce+2025-12-10.1.")
    assert letters[0].sender.endswith("@mail.letter.example")
    assert letters[0].message_id != letters[1].message_id
    assert all(letter.size == len(b"".join(letter.chunks)) for letter in letters)


def test_no_line_begins_with_a_dot_or_is_too_long() -> None:
    """The bytes go to the wire as they are: nothing to stuff, nothing to break."""
    body = "\n".join([".", "..", ".hidden", "x" * 2000, "From me"])
    for line in wire(composer(text=TEXT + body, html=HTML + body)).split(b"\r\n"):
        assert not line.startswith(b".")
        assert len(line) <= 998


@pytest.mark.parametrize("kinds", [("rsa",), ("rsa", "ed25519")])
def test_an_independent_verifier_accepts_the_seal(kinds: tuple[str, ...]) -> None:
    """Dkimpy finds every signature valid, for any reader."""
    keys = tuple(new_key("letter.example", f"s-{kind}", kind=kind) for kind in kinds)
    letters = composer(keys)
    for number in (1, 2, 123456):
        verifier = dkim.DKIM(wire(letters, Recipient(number, f"r{number}@mail.example")))
        for index in range(len(keys)):
            assert verifier.verify(idx=index, dnsfunc=dns(*keys))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<reader@mail.example>", b"<other@mail.example>"),
        (b"unsubscribe/u.77>", b"unsubscribe/u.78>"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Clicks"),
        (b"Som flat", b"Som sunk"),
        (b"From: Steppe", b"Subject: Added\r\nFrom: Steppe"),
        (b"From: Steppe", b"From: x@y.example\r\nFrom: Steppe"),
    ],
)
def test_a_letter_changed_on_the_way_fails_the_seal(rsa_key: DkimKey, old: bytes, new: bytes) -> None:
    """Recipient, links, words, and headers that were added: all stand under it (RFC 8058 sec. 4)."""
    letter = wire(composer((rsa_key,)))
    assert old in letter
    assert dkim.verify(letter, dnsfunc=dns(rsa_key))
    assert not dkim.verify(letter.replace(old, new, 1), dnsfunc=dns(rsa_key))


def test_pictures_travel_in_a_related_part() -> None:
    """`cid:` finds them (RFC 2392), and the letter is still text first, HTML last."""
    image = InlineImage("kgs@letter.example", "image/png", b"\x89PNG" + bytes(200))
    message = email.message_from_bytes(wire(composer(images=(image,))), policy=policy.default)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    picture = list(message.walk())[-1]
    assert (picture["Content-ID"], picture.get_content()) == ("<kgs@letter.example>", image.data)


def test_an_address_beyond_ascii_asks_for_smtputf8() -> None:
    """The domain becomes ASCII; a local part cannot (RFC 6531)."""
    assert composer().compose(Recipient(1, "müller@bücher.example")).needs_smtputf8
    assert not composer().compose(Recipient(1, "a@bücher.example")).needs_smtputf8


def test_a_title_that_tries_to_add_a_header_adds_none() -> None:
    """The standard library's writer would make a Bcc line of this."""
    trick = "=?utf-8?q?=0D=0ABcc=3A_evil=40x.example?="
    message = email.message_from_bytes(wire(composer(subject=trick)), policy=policy.compat32)
    assert "Bcc" not in message


@pytest.mark.parametrize("kinds", [("rsa",), ("rsa", "ed25519")])
def test_our_own_receiver_s_eye_agrees(kinds: tuple[str, ...]) -> None:
    """The doctor's check finds a good letter good, and names what was changed in a bad one."""
    keys = tuple(new_key("letter.example", f"s-{kind}", kind=kind) for kind in kinds)
    records = {key.dns_name: key.dns_record for key in keys}
    letter = wire(composer(keys))
    assert verify(letter, lambda name: records.get(name, "")) == []
    assert "body was changed" in verify(letter.replace(b"Som flat", b"Som sunk"), records.__getitem__)[0]
    assert "does not match" in verify(letter.replace(b"To: <reader", b"To: <other"), records.__getitem__)[0]
    assert verify(b"From: a\r\n\r\nb\r\n", records.__getitem__) == ["no seal"]
