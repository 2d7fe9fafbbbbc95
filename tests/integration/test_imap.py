"""`publisher bounces` over IMAP: nothing is lost and nothing counted twice, whatever the server does."""

from __future__ import annotations

import signal
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from certificates import self_signed
from commands import PUBLISHER, environment, example, run
from imap_server import Mailbox, imap_server
from reports import MARKS, failure
from sqlalchemy import func, select

from publisher.config import load_settings
from publisher.database import reading
from publisher.delivery import imap
from publisher.delivery.bounces import LONGEST, Verdict, read_report
from publisher.delivery.strikes import strike
from publisher.errors import ConfigurationError, InputError, PublisherError, UnavailableError
from publisher.pipeline.letters import marks_of
from publisher.subscribers.addresses import parse_address
from publisher.subscribers.models import Actor, Cause, State
from publisher.subscribers.opening import open_store
from publisher.subscribers.store import SubscriberStore

PATH = "bounces%40letter.example@127.0.0.1"


def read(box: Mailbox, password: str = "secret", *, scheme: str = "imap", folder: str = "") -> list[bytes]:
    """Read the folder as the command does, marking each message once it is dealt with."""
    place = imap.Place.of(f"{scheme}://{PATH}:{box.port}/{folder}")
    taken = []
    with closing(imap.unseen(place, password, LONGEST)) as found:
        for data, done in found:
            taken.append(data)
            done()
    return taken


def three() -> Mailbox:
    """A folder with three reports."""
    return Mailbox({n: failure(f"5.1.{n}") for n in (1, 2, 3)})


def test_unseen_messages_are_read_once() -> None:
    """What was dealt with is seen; nothing is deleted; the next run finds what is new."""
    with imap_server(three()) as box:
        assert read(box) == list(box.messages.values())
        assert read(box) == []
        box.messages[9] = b"Subject: new\r\n\r\n"
        assert read(box) == [b"Subject: new\r\n\r\n"]


def test_an_old_server_and_a_name_beyond_ascii() -> None:
    """LOGIN where PLAIN is not offered, and a password and a folder in Cyrillic where it is."""
    with imap_server(Mailbox({1: b"x"}, capabilities="IMAP4rev1")) as box:
        assert read(box) == [b"x"]
    cyrillic = Mailbox({1: b"x"}, password="пароль", folder="&BB4EQgQ6BDAENwRL- &- more")
    with imap_server(cyrillic) as box:
        assert read(box, "пароль", folder="Отказы & more") == [b"x"]


def test_a_huge_message_is_cut_and_still_understood() -> None:
    """Its report stands at its beginning; the rest is not even fetched."""
    with imap_server(Mailbox({1: failure() + b"x" * 10_000_000})) as box:
        (data,) = read(box)
    assert len(data) == LONGEST
    assert read_report(data, MARKS).verdict is Verdict.GONE


@pytest.mark.parametrize(
    ("box", "password", "expected"),
    [
        (Mailbox({}), "a guess", "wrong name or password"),
        (Mailbox({}, capabilities="IMAP4rev1"), "a guess", "wrong name or password"),
        (Mailbox({}, capabilities="IMAP4rev1"), "пароль", "ascii"),
        (Mailbox({}, folder="Elsewhere"), "secret", "there is no"),
        (Mailbox({}, read_only=True), "secret", "not writable"),
        (Mailbox({1: b"x"}, deaf_to="SEARCH"), "secret", "not today"),
        (Mailbox({1: b"x"}, deaf_to="FETCH"), "secret", "not today"),
        (Mailbox({1: b"x"}, deaf_to="STORE"), "secret", "not today"),
    ],
)
def test_a_refusal_is_told_with_the_server_s_words(box: Mailbox, password: str, expected: str) -> None:
    """A wrong password, no such folder, one that is only for reading, a server that will not."""
    with imap_server(box), pytest.raises(ConfigurationError, match=expected) as told:
        read(box, password)
    assert "PUBLISHER_IMAP_PASSWORD" in told.value.hint
    assert password not in told.value.message
    assert box.seen == set()


def test_a_refusal_cannot_steer_the_terminal() -> None:
    """What a server says is shown without its control characters."""
    box = Mailbox({}, password="secret", refusal="wrong\x1b[2J\u202e name")
    with imap_server(box), pytest.raises(ConfigurationError) as told:
        read(box, "a guess")
    assert told.value.message.endswith("wrong[2J name")


@pytest.mark.parametrize("command", ["AUTHENTICATE", "SELECT", "SEARCH", "FETCH", "STORE"])
@pytest.mark.parametrize("fault", ["drops_at", "stalls_at"])
def test_a_connection_that_breaks_loses_no_message(
    command: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At any command: a clear error now, and the next run reads what was not dealt with."""
    monkeypatch.setattr(imap, "PATIENCE", 0.3)
    box = three()
    setattr(box, fault, command)
    with imap_server(box):
        with pytest.raises(UnavailableError, match=r"127\.0\.0\.1 does not answer"):
            read(box)
        assert box.seen == set()
        setattr(box, fault, "")
        assert read(box) == list(box.messages.values())


def test_a_message_that_somebody_deleted_meanwhile_is_passed_over() -> None:
    """The next ones are read."""
    with imap_server(three()) as box:
        found = imap.unseen(imap.Place.of(f"imap://{PATH}:{box.port}"), "secret", LONGEST)
        next(found)
        del box.messages[2]
        assert [data for data, _ in found] == [box.messages[3]]


def test_a_certificate_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger's, an expired one and one for another host get no password; a good one does."""
    for name, changes in (("expired", {"days": -1}), ("other", {"host": "imap.example"}), ("good", {})):
        (tmp_path / name).mkdir()
        tls, trusted = self_signed(tmp_path / name, **changes)
        with imap_server(Mailbox({1: b"x"}), tls) as box:
            with pytest.raises(ConfigurationError, match="certificate"):
                read(box, scheme="imaps")
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
            if name == "good":
                assert read(box, scheme="imaps") == [b"x"]
            else:
                with pytest.raises(ConfigurationError, match="certificate"):
                    read(box, scheme="imaps")
                assert box.heard == []
            monkeypatch.delenv("SSL_CERT_FILE")


def test_elsewhere_than_here_a_password_never_travels_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without TLS from the first byte, STARTTLS is asked for before the name."""
    monkeypatch.setattr(imap, "_HERE", frozenset())
    with imap_server(three()) as box, pytest.raises(PublisherError, match="TLS"):
        read(box)
    assert not {"LOGIN", "AUTHENTICATE"} & set(box.heard)


@pytest.mark.parametrize("source", ["imaps://", "imaps://host/x", "imaps://user@host:70000/", "imap://u@:1/"])
def test_an_address_that_is_none_is_told(source: str) -> None:
    """With what to write instead."""
    with pytest.raises(InputError, match="imaps://user@host/folder"):
        imap.Place.of(source)


@pytest.fixture
def store(tmp_path: Path) -> SubscriberStore:
    """The example publication with one active reader, number 1."""
    settings = load_settings(example(tmp_path) / "publication.toml", {})
    store = open_store(settings.subscribers, settings.root)
    cause = Cause(at=datetime(2025, 12, 1, tzinfo=UTC), actor=Actor.EDITOR)
    store.add(parse_address("reader@mail.example"), State.ACTIVE, cause)
    return store


@pytest.mark.parametrize("fault", ["stalls_at", "drops_at"])
def test_a_run_that_ends_between_two_messages_counts_nothing_twice(
    store: SubscriberStore, tmp_path: Path, fault: str
) -> None:
    """Recorded and not yet marked as seen: the next run reads it again, and the count stays."""
    marks = [marks_of(store.keyring).make(f"2025-12-0{day}", 1) for day in (8, 9)]
    letters = {n: failure("5.2.2", "full", to=f"bounce+{mark}@x.example") for n, mark in enumerate(marks, 1)}
    with imap_server(Mailbox(letters, **{fault: "STORE"})) as box:
        command = [*PUBLISHER, "bounces", f"imap://{PATH}:{box.port}/"]
        env = {"PUBLISHER_IMAP_PASSWORD": "secret"}
        with subprocess.Popen(command, cwd=tmp_path, env=environment(**env), stderr=subprocess.PIPE) as first:
            if fault == "stalls_at":
                assert box.stalled.wait(60)
                first.kill()
            told = first.communicate(timeout=60)[1]
        killed = (-signal.SIGKILL, False)
        assert (first.returncode, b"does not answer" in told) == (
            killed if fault == "stalls_at" else (69, True)
        )
        setattr(box, fault, "")
        done = run(command, cwd=tmp_path, env=env)
    assert (done.returncode, "Read 2: 2 failing" in done.stderr) == (0, True), done.stderr
    assert box.seen == {1, 2}
    with reading(store.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(strike)) == 2
    reader = store.get(1)
    assert reader is not None
    assert reader.state is State.ACTIVE
