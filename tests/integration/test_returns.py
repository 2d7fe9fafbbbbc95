"""What comes back ends or keeps a subscription: over a real database, message by message."""

from __future__ import annotations

import io
import mailbox
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import publication
from commands import PUBLISHER, example, run
from reports import complaint, failure, plain_mail
from sqlalchemy import Engine

from publisher.cli.bounces import bounces
from publisher.config import Settings
from publisher.database import reading, writing
from publisher.delivery import ledger
from publisher.delivery.mailboxes import arrivals
from publisher.delivery.models import DeliveryStatus, Mailing, Outcome, Recipient
from publisher.delivery.stops import lift_stop, order_stop, ordered_stop
from publisher.pipeline.letters import marks_of
from publisher.pipeline.returns import take_back
from publisher.subscribers.addresses import parse_address
from publisher.subscribers.models import Actor, Cause, State
from publisher.subscribers.opening import open_store
from publisher.subscribers.settings import SubscriberSettings
from publisher.subscribers.store import SubscriberStore

NOW = datetime(2025, 12, 11, 6, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A publication in an empty folder."""
    return Settings(root=tmp_path, publication=publication())


@pytest.fixture
def store(settings: Settings) -> SubscriberStore:
    """A store with one active reader, number 1."""
    store = open_store(settings.subscribers, settings.root)
    store.add(parse_address("reader@mail.example"), State.ACTIVE, Cause(at=NOW, actor=Actor.EDITOR))
    return store


def verp(store: SubscriberStore, mailing: str = "2025-12-10") -> str:
    """The envelope sender of the reader's letter."""
    return f"bounce+{marks_of(store.keyring).make(mailing, 1)}@letter.example"


def state(store: SubscriberStore) -> State:
    """How the reader stands."""
    reader = store.get(1)
    assert reader is not None
    return reader.state


def test_a_mailbox_that_is_gone_is_never_written_to_again(settings, store) -> None:
    """One report is enough, and a second one changes nothing more."""
    take_back(settings, store, failure(to=verp(store)), NOW)
    assert state(store) is State.BOUNCED
    moves = len(store.record(1))
    take_back(settings, store, failure(to=verp(store)), NOW)
    assert len(store.record(1)) == moves


def test_a_full_mailbox_is_given_up_after_several_issues(settings, store) -> None:
    """Three reports of one issue count once; three issues are enough."""
    for _ in range(3):
        take_back(settings, store, failure("5.2.2", "full", to=verp(store)), NOW)
    assert state(store) is State.ACTIVE
    for day in ("2025-12-11", "2025-12-12"):
        take_back(settings, store, failure("4.2.2", "full", to=verp(store, day)), NOW)
    assert state(store) is State.BOUNCED


def test_old_failures_are_forgiven(settings, store) -> None:
    """A mailbox that was full in spring is not given up in autumn."""
    for day, at in (("2025-03-01", -250), ("2025-03-02", -249), ("2025-12-10", 0)):
        take_back(settings, store, failure("4.2.2", "full", to=verp(store, day)), NOW + timedelta(days=at))
    assert state(store) is State.ACTIVE


def test_a_refusal_for_our_own_fault_suppresses_nobody(settings, store) -> None:
    """One morning's broken DMARC must not cost every reader at Gmail; it stops the mailing it is about."""
    for day in range(1, 10):
        take_back(
            settings, store, failure("5.7.26", "unauthenticated", to=verp(store, f"2025-12-0{day}")), NOW
        )
    assert state(store) is State.ACTIVE
    with reading(store.engine) as connection:
        assert ordered_stop(connection, "2025-12-09").startswith(
            "a server refused it with 5.7.26 (Gmail found"
        )
        assert ordered_stop(connection, "2025-12-10") == ""


def test_a_complaint_and_a_wish_to_leave_are_honoured(settings, store) -> None:
    """By the mark alone, whatever address the message names."""
    mark = verp(store).partition("+")[2].partition("@")[0]
    take_back(settings, store, plain_mail("unsubscribe", f"leave+{mark}@letter.example"), NOW)
    assert state(store) is State.LEFT
    ours = complaint().replace(complaint().split(b"Message-ID: <")[1].split(b"@")[0], mark.encode())
    take_back(settings, store, ours, NOW)
    assert state(store) is State.COMPLAINED


def test_a_message_without_a_mark_touches_nobody(settings, store) -> None:
    """The address in its text is the reader's own; that proves nothing."""
    forged = failure(to="bounce@letter.example").replace(b"someone.else@mail.example", b"reader@mail.example")
    take_back(settings, store, forged, NOW)
    assert state(store) is State.ACTIVE


def test_a_maildir_is_read_and_marked_as_done(tmp_path: Path) -> None:
    """New messages only, and each leaves `new` after it was dealt with."""
    box = mailbox.Maildir(tmp_path / "box")
    box.add(failure())
    read = []
    for arrival in arrivals(str(tmp_path / "box"), ""):
        read.append(arrival.data)
        arrival.done()
    assert len(read) == 1
    assert list(arrivals(str(tmp_path / "box"), "")) == []


def test_what_is_no_message_in_a_maildir_is_passed_over(tmp_path: Path) -> None:
    """A folder in `new` ended the reading of everything after it, and a pipe held it up for ever."""
    box = mailbox.Maildir(tmp_path / "box")
    (tmp_path / "box/new/0").mkdir()
    os.mkfifo(tmp_path / "box/new/00")
    box.add(failure())
    assert [arrival.data for arrival in arrivals(str(tmp_path / "box"), "")] == [failure()]


def test_the_command_reads_a_pipe_and_an_mbox(tmp_path: Path) -> None:
    """As a mail server calls it, and over a file that was saved."""
    example(tmp_path)
    run(PUBLISHER, "subscribers", "add", "reader@mail.example", cwd=tmp_path)
    piped = run(PUBLISHER, "bounces", cwd=tmp_path, stdin=failure().decode())
    assert (piped.returncode, "1 not ours" in piped.stderr) == (0, True), piped.stderr
    box = mailbox.mbox(tmp_path / "box")
    box.add(failure())
    box.close()
    assert "Read 1" in run(PUBLISHER, "bounces", "box", cwd=tmp_path).stderr
    assert run(PUBLISHER, "bounces", "nowhere", cwd=tmp_path).returncode == 2


@pytest.mark.parametrize(("source", "code"), [("box", 3), ("-", 75)])
def test_where_nobody_reads_there_is_nothing_to_do_and_nothing_is_begun(tmp_path: Path, source, code) -> None:
    """No database and no key are made, and no message counts as read, since the database may only be misplaced."""
    example(tmp_path)
    box = mailbox.Maildir(tmp_path / "box")
    box.add(failure())
    before = sorted(tmp_path.rglob("*"))
    done = run(PUBLISHER, "bounces", source, cwd=tmp_path, stdin=failure().decode())
    assert (done.returncode, "nothing to do" in done.stderr) == (code, True), done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_pipe_that_cannot_do_its_work_lets_the_mail_server_keep_the_message(tmp_path: Path) -> None:
    """Exit code 75 whatever is wrong: any other would end the report as undeliverable."""
    example(tmp_path)
    (tmp_path / "data" / "publisher.db").mkdir(parents=True)
    unopened = run(PUBLISHER, "bounces", "-", cwd=tmp_path, stdin=failure().decode())
    (tmp_path / "publication.toml").write_text("[delivery", encoding="utf-8")
    misspelt = run(PUBLISHER, "bounces", "-", cwd=tmp_path, stdin=failure().decode())
    slip = run(
        PUBLISHER, "bounces", "-", "--confg", "publication.toml", cwd=tmp_path, stdin=failure().decode()
    )
    assert (unopened.returncode, misspelt.returncode) == (75, 75), unopened.stderr + misspelt.stderr
    assert (slip.returncode, "--confg" in slip.stderr) == (75, True), slip.stderr
    assert "publisher.db cannot be opened" in unopened.stderr
    assert "publication.toml" in misspelt.stderr


@pytest.mark.parametrize("fault", [OSError(5, "Input/output error"), ValueError("not foreseen")])
def test_a_pipe_keeps_the_message_also_where_publisher_itself_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: Exception
) -> None:
    """A mail server takes 70 and 74 for its last word, and the report would be lost; over a mailbox they are told."""

    def fail(*_given: object) -> None:
        raise fault

    example(tmp_path)
    monkeypatch.chdir(tmp_path)
    open_store(SubscriberSettings(), tmp_path).engine.dispose()
    monkeypatch.setattr("publisher.pipeline.returns.take_back", fail)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(failure())))
    assert bounces.main(["-"], standalone_mode=False) == 75
    assert "stays in the queue" in capsys.readouterr().err
    (tmp_path / "box").write_bytes(b"From x\n" + failure())
    with pytest.raises(type(fault)):
        bounces.main(["box"], standalone_mode=False)


def test_a_letter_that_left_before_a_person_resumed_stops_nothing(engine: Engine) -> None:
    """Reports come for days; only one about a letter that left since tells something new."""
    readers = [Recipient(1, "a@readers.example"), Recipient(2, "b@readers.example")]
    with writing(engine) as connection:
        mailing = ledger.freeze(connection, Mailing("2025-12-10", "hash"), readers, 100.0)
        lift_stop(connection, mailing.name, 100.0)
        for at, claim in zip((200.0, 400.0), ledger.claim(connection, mailing.id, 1, 100.0, 2), strict=True):
            ledger.intend(connection, 1, [claim.delivery], at)
            ledger.record(connection, 1, [Outcome(claim.delivery, DeliveryStatus.SENT, "250", 1)], at)
            if at == 200.0:
                lift_stop(connection, mailing.name, 300.0)
    assert not order_stop(engine, mailing.name, 1, "old news", 500.0)
    assert stopped(engine) == ""
    assert order_stop(engine, mailing.name, 2, "5.7.26", 500.0)
    assert order_stop(engine, mailing.name, 1, "the first reason stays", 600.0)
    assert stopped(engine) == "5.7.26"
    with writing(engine) as connection:
        lift_stop(connection, mailing.name, 700.0)
    assert stopped(engine) == ""
    assert not order_stop(engine, mailing.name, 2, "old news by now", 800.0)
    assert order_stop(engine, mailing.name, 0, "a test letter has just left", 800.0)


def stopped(engine: Engine) -> str:
    """Why the mailing is stopped, or nothing."""
    with reading(engine) as connection:
        return ordered_stop(connection, "2025-12-10")
