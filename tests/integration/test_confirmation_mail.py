"""Confirmations on the wire, to a real SMTP server on loopback, and into a folder."""

import asyncio
import time
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import builders
import dkim
import pytest
from smtp_server import Fault, Script, smtp_server

from publisher.config import Settings
from publisher.delivery.deadlines import PATIENCE
from publisher.delivery.dkim import new_key
from publisher.delivery.marks import Marks
from publisher.delivery.messages import Sender
from publisher.delivery.models import Stage
from publisher.delivery.settings import ServerSettings
from publisher.delivery.verifying import verify
from publisher.errors import ConfigurationError, UnavailableError
from publisher.pipeline.letters import sender_of
from publisher.subscribers.letters import Letter, UndeliverableError
from publisher.webapp import mailers
from publisher.webapp.envelopes import Envelope
from publisher.webapp.mailers import FolderMailer, SmtpMailer

NOON = datetime(2025, 12, 10, 12, 0, tzinfo=UTC)
LETTER = Letter("aigul@example.org", "Пожалуйста, подтвердите", "https://letter.example/confirm/c.1.aa.x\n")
SENDER = sender_of(Settings.model_validate({"root": Path(), "publication": builders.publication()}))
ENVELOPE = Envelope(SENDER)


def mailer(*ports: int, **changes: object) -> SmtpMailer:
    """A mailer over servers on this machine."""
    servers = [
        ServerSettings.model_validate({"host": "127.0.0.1", "port": port, **changes}) for port in ports
    ]
    return SmtpMailer(servers, {server.name: "secret" for server in servers}, ENVELOPE, lambda: NOON)


@pytest.mark.parametrize("role", ["bounces", "unsubscribe"])
def test_an_address_with_no_room_for_a_letters_mark_is_refused(role) -> None:
    """The name before the @ has 64 characters at most; the longest that leaves room for a mark is taken."""
    fields = {"root": Path(), "publication": builders.publication()}

    def sender(name: str) -> Sender:
        delivery = {"sender": {role: f"{name}@letter.example"}}
        return sender_of(Settings.model_validate({**fields, "delivery": delivery}))

    longest = Marks(lambda _: [bytes(32)]).make("2025-12-10.99", 36**6 - 1)
    assert len(f"{getattr(sender('b' * 26), role).partition('@')[0]}+{longest}") == 64
    with pytest.raises(ConfigurationError, match="26 characters"):
        sender("b" * 27)


def test_a_confirmation_is_a_message_that_no_robot_answers() -> None:
    """Subject, sender and text arrive whole; auto-responders are told to be silent."""
    with smtp_server(Script()) as server:
        asyncio.run(mailer(server.port).send(LETTER))
        ((_, taken),) = server.took
    message = message_from_bytes(taken, policy=SMTP)
    assert (message["To"], message["Subject"]) == (LETTER.recipient, LETTER.subject)
    assert message["From"] == "Steppe Letter <desk@letter.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "https://letter.example/confirm/c.1.aa.x" in message.get_content()


def test_the_second_relay_takes_over() -> None:
    """A relay that is away, or says 4xx, is passed by."""
    fault = Fault("RCPT", "4xx", times=9)
    with smtp_server(Script(faults=(fault,))) as tired, smtp_server(Script()) as server:
        asyncio.run(mailer(1, tired.port, server.port).send(LETTER))
        assert len(server.took) == 1


@pytest.mark.parametrize("stage", ["greeting", "EHLO", "MAIL", "DATA", "dot"])
def test_a_relay_in_trouble_is_tried_later(stage: str) -> None:
    """Whatever goes wrong on the way is 'unavailable', never a driver's exception."""
    with (
        smtp_server(Script(faults=(Fault(stage, "drop", times=9),))) as server,
        pytest.raises(UnavailableError),
    ):
        asyncio.run(mailer(server.port).send(LETTER))


@pytest.mark.parametrize("kind", ["drop", "421", "5xx", "garbage", "stall"])
def test_a_letter_that_was_taken_is_not_sent_again_whatever_the_goodbye(kind: str) -> None:
    """Trouble at QUIT is the relay's own: the next relay gets no second copy."""
    rude = Script(faults=(Fault("QUIT", kind, times=9),))
    with smtp_server(rude) as first, smtp_server(Script()) as second:
        asyncio.run(mailer(first.port, second.port).send(LETTER))
        assert (len(first.took), len(second.took)) == (1, 0)


def test_a_mailer_knows_how_long_relays_that_fall_silent_may_keep_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each lets us in late and never takes the letter, the last one does and says no goodbye: all that is counted."""
    monkeypatch.setattr(mailers, "AT_MOST", 0.5)
    monkeypatch.setattr(mailers, "PATIENCE", PATIENCE | {Stage.QUIT: 0.5})
    silent, rude = Script(faults=(Fault("dot", "stall"),)), Script(faults=(Fault("QUIT", "stall"),))
    with smtp_server(silent) as first, smtp_server(silent) as second, smtp_server(rude) as third:
        way = mailer(first.port, second.port, third.port)
        began = time.monotonic()
        asyncio.run(way.send(LETTER))
        needed = time.monotonic() - began
    assert 1.5 < needed < way.longest.total_seconds() == 3.5


def test_a_relay_that_lets_us_not_in_says_why() -> None:
    """A wrong password is told in the relay's words, with the stage, for whoever reads the log."""
    with smtp_server(Script(users={"u": "another"})) as server:
        asking = mailer(server.port, user="u").send(LETTER)
        with pytest.raises(UnavailableError, match="refuses us at AUTH: 535"):
            asyncio.run(asking)


def test_an_address_that_is_refused_for_good_is_not_tried_again() -> None:
    """5xx at RCPT ends the wish; the error does not repeat the address."""
    with (
        smtp_server(Script(faults=(Fault("RCPT", "5xx", times=9),))) as server,
        pytest.raises(UndeliverableError) as caught,
    ):
        asyncio.run(mailer(server.port).send(LETTER))
    assert "aigul" not in str(caught.value)


def test_a_relay_that_offers_no_encryption_is_given_nothing() -> None:
    """STARTTLS is asked for and missing: no letter and no password leave."""
    with smtp_server(Script(users={"u": "secret"})) as server:
        asking = mailer(server.port, tls="starttls", user="u").send(LETTER)
        with pytest.raises(UnavailableError):
            asyncio.run(asking)
        assert server.took == []


def test_a_folder_takes_letters_where_no_relay_is_set(tmp_path: Path) -> None:
    """One private .eml file a letter, and no half-written one beside it."""
    asyncio.run(FolderMailer(tmp_path / "letters", ENVELOPE, lambda: NOON).send(LETTER))
    (file,) = (tmp_path / "letters").iterdir()
    assert (file.suffix, file.stat().st_mode & 0o777) == (".eml", 0o600)


@pytest.mark.parametrize("kinds", [["rsa"], ["rsa", "ed25519"]])
def test_a_confirmation_carries_the_digests_seal(kinds: list[str]) -> None:
    """Sealed with each key that is set, over every header; dots, blanks and long lines come through whole."""
    keys = [new_key("letter.example", f"key-{kind}", kind=kind) for kind in kinds]
    text = ".dot\nFrom here  two blanks \n-- \nЖаңалықтар " + "x" * 500 + "\n\n\n"
    letter = Letter("aigul@example.org", "=?utf-8?q?=0D=0ABcc=3A_e=40x.org?=", text)
    message = Envelope(SENDER, keys).message(letter, NOON)
    records = {key.dns_name: key.dns_record for key in keys}
    assert message.count(b"DKIM-Signature:") == len(kinds)
    assert verify(message, records.__getitem__) == []
    assert all(verify(message.replace(b"aigul@", b"evil@"), records.__getitem__))
    assert dkim.verify(message, dnsfunc=lambda name, **_: records[name.decode().rstrip(".")].encode())
    parsed = message_from_bytes(message, policy=SMTP)
    assert (parsed["Subject"], parsed["Bcc"]) == (letter.subject, None)
    assert parsed.get_content().splitlines() == text.rstrip().splitlines()


def test_an_international_local_part_asks_for_smtputf8() -> None:
    """A server that offers it gets the letter, one that does not is not given a garbled one."""
    letter = Letter("почта@xn--e1afmkfd.xn--p1ai", "x", "y")
    with smtp_server(Script(keywords=("SMTPUTF8", "8BITMIME"))) as server:
        asyncio.run(mailer(server.port).send(letter))
        assert len(server.took) == 1
    with smtp_server(Script()) as plain, pytest.raises(UnavailableError):
        asyncio.run(mailer(plain.port).send(letter))
