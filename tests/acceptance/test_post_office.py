"""A whole issue through a real Postfix into a real Dovecot, and the bounces back over IMAP."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import dkim
import pytest
from commands import PUBLISHER, example, run
from letters import PlainComposer, Readers
from post_office import BOUNCES, OTHERS, PASSWORD, READERS, USER, PostOffice, post_office

from publisher.config import load_settings
from publisher.database import migrate, open_engine
from publisher.delivery.models import Mailing, Recipient
from publisher.delivery.settings import ServerSettings
from publisher.delivery.smtp import SmtpTransport
from publisher.delivery.worker import Run, deliver
from publisher.pipeline.letters import dkim_keys
from publisher.subscribers.models import State
from publisher.subscribers.opening import open_store

pytestmark = [
    pytest.mark.post_office,
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may start Postfix"),
]
COUNT = int(os.environ.get("PUBLISHER_TEST_LETTERS", "60"))
GONE = 3
ISSUE = "2025-12-10"


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    """The servers."""
    with post_office() as running:
        yield running


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory, office: PostOffice) -> Path:
    """The example publication, sealed, with readers who exist and three who do not."""
    folder = example(tmp_path_factory.mktemp("publication"))
    addresses = [f"reader{n}" for n in range(1, COUNT + 1)] + [f"nobody{n}" for n in range(GONE)]
    (folder / "list.csv").write_text(
        "email\n" + "".join(f"{name}@readers.example\n" for name in addresses), encoding="utf-8"
    )
    settings = f"""
[delivery.sender]
address = "briefing@letter.example"
bounces = "bounce@letter.example"
unsubscribe = "leave@letter.example"
[delivery.dkim]
key_file = "data/dkim.pem"
[[delivery.servers]]
host = "127.0.0.1"
port = {office.smtp}
tls = "starttls"
ca_file = "{office.certificate}"
user = "{USER}"
connections = 8
"""
    project = folder / "publication.toml"
    project.write_text(project.read_text(encoding="utf-8") + settings, encoding="utf-8")
    for arguments in (
        ["doctor", "--new-key"],
        ["subscribers", "import", "list.csv", "--consent", "asked at a fair"],
    ):
        done = run(PUBLISHER, *arguments, cwd=folder)
        assert done.returncode in {0, 1}, done.stderr
    return folder


@pytest.fixture(scope="module")
def letters(publication: Path, office: PostOffice) -> list[bytes]:
    """What lies in Dovecot after one send."""
    done = run(PUBLISHER, "send", ISSUE, "--yes", cwd=publication, env={"PUBLISHER_SMTP_PASSWORD": PASSWORD})
    assert done.returncode == 0, done.stderr
    assert f"{COUNT + GONE:,} candidates = {COUNT + GONE:,} sent" in done.stderr
    return office.wait_for(READERS, COUNT)


def test_every_reader_has_the_letter_once(letters: list[bytes]) -> None:
    """Counted over IMAP, by whom Postfix delivered to."""
    copies = Counter(message_from_bytes(letter)["Delivered-To"] for letter in letters)
    assert copies == {f"reader{n}@readers.example": 1 for n in range(1, COUNT + 1)}


def test_every_seal_holds_in_the_mailbox(letters: list[bytes], publication: Path) -> None:
    """By dkimpy, over the bytes that arrived, after Postfix and Dovecot have had them."""
    keys = {
        key.dns_name: key.dns_record for key in dkim_keys(load_settings(publication / "publication.toml", {}))
    }

    def record(name: bytes, timeout: int = 0) -> bytes:  # noqa: ARG001  # dkimpy's signature
        return keys[name.decode().rstrip(".")].encode()

    assert letters
    assert all(dkim.verify(letter, dnsfunc=record) for letter in letters)


def test_letters_travel_encrypted(letters: list[bytes]) -> None:
    """Postfix notes in each how it came."""
    assert all(re.search(rb"with ESMTPSA\b", letter) for letter in letters)


@pytest.mark.usefixtures("letters")
def test_real_bounces_end_those_subscriptions_and_no_other(publication: Path, office: PostOffice) -> None:
    """Three reports that Postfix wrote, read over IMAP; a second run finds nothing new."""
    assert len(office.wait_for(BOUNCES, GONE)) == GONE
    env = {"PUBLISHER_IMAP_PASSWORD": PASSWORD, "SSL_CERT_FILE": str(office.certificate)}
    box = f"imaps://{BOUNCES}@127.0.0.1:{office.imap}/"
    first, second = (run(PUBLISHER, "bounces", box, cwd=publication, env=env) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert f"Read {GONE}: {GONE} gone" in first.stderr
    assert "Read 0" in second.stderr
    settings = load_settings(publication / "publication.toml", {})
    store = open_store(settings.subscribers, settings.root)
    assert (store.counts()[State.ACTIVE], store.counts()[State.BOUNCED]) == (COUNT, GONE)
    still = {reader.address for reader in store.active()}
    assert still == {f"reader{n}@readers.example" for n in range(1, COUNT + 1)}


def test_postfix_takes_letters_by_bdat_as_well(office: PostOffice, tmp_path: Path) -> None:
    """RFC 3030, twelve letters over two connections; what lies in Dovecot is what was sent."""
    readers = [Recipient(n, f"other{n}@readers.example") for n in range(1, 13)]
    relay = ServerSettings(
        host="127.0.0.1",
        port=office.smtp,
        tls="starttls",
        ca_file=str(office.certificate),
        user=USER,
        connections=2,
        bdat=True,
    )
    engine = open_engine(f"sqlite:///{tmp_path / 'publisher.db'}")
    migrate(engine)
    composer, transport = PlainComposer(), SmtpTransport([(relay, PASSWORD)])
    report = deliver(
        Run(engine, Mailing(ISSUE, "hash"), lambda: readers, composer, Readers(), transport, time.time)
    )
    engine.dispose()
    assert str(report.tally).startswith("12 candidates = 12 sent"), report.tally
    arrived = office.wait_for(OTHERS, 12)
    letters = [b"".join(composer.compose(reader).chunks) for reader in readers]
    undated = [re.sub(rb"Date: [^\r]*\r\n", b"", letter) for letter in arrived]  # Postfix dates them
    assert sorted(letters) == sorted(letter[letter.index(b"From: <desk@") :] for letter in undated)
    counted = re.findall(r" bdat=(\d+)", office.log.read_text(encoding="utf-8"))
    assert sum(map(int, counted)) == len(readers)
