"""A mailing from frozen audience to balanced books, on transports that need no server."""

import mailbox
import time
from dataclasses import replace
from hashlib import sha256

import pytest
from letters import PlainComposer, Readers, recipient, recipients
from sqlalchemy.exc import OperationalError

from publisher.database import migrate, open_engine, reading
from publisher.delivery import books, ledger, worker
from publisher.delivery.models import DeliveryStatus, Mailing, Tally
from publisher.delivery.pace import Limit
from publisher.delivery.stops import order_stop
from publisher.delivery.transports import Folder, Maildir, Memory
from publisher.delivery.worker import Run, Wishes, deliver
from publisher.errors import BusyError, ConfigurationError, InputError, NothingToDoError, OutputError

S = DeliveryStatus
MAILING = Mailing("2025-12-10", "hash of the digest", "A bridge")


@pytest.fixture
def engine(tmp_path):
    opened = open_engine(f"sqlite:///{tmp_path}/publisher.db")
    migrate(opened)
    yield opened
    opened.dispose()


def run(engine, transport, count=3, **changes):
    fields = {
        "engine": engine,
        "mailing": MAILING,
        "audience": lambda: recipients(count),
        "composer": PlainComposer(),
        "readers": Readers(),
        "transport": transport,
        "clock": time.time,
        "threads": 1,
    }
    return Run(**(fields | changes))


def test_everyone_gets_one_letter_and_the_books_balance(engine) -> None:
    """Three readers, three letters, one equation."""
    shelf = Memory()
    report = deliver(run(engine, shelf))
    assert sorted(address for address, _ in shelf.letters) == [
        f"reader{n}@readers.example" for n in (1, 2, 3)
    ]
    assert str(report.tally) == "3 candidates = 3 sent + 0 failed + 0 deferred + 0 held + 0 skipped"
    assert report.tally.balanced
    assert report.done


def test_more_readers_than_a_batch_are_all_reached(engine) -> None:
    """Several batches, each reader once."""
    shelf = Memory()
    report = deliver(run(engine, shelf, count=701))
    assert len({address for address, _ in shelf.letters}) == len(shelf.letters) == 701
    assert report.tally[S.SENT] == 701


def test_who_has_left_since_is_skipped_and_who_breaks_the_composer_fails_alone(engine) -> None:
    """Each candidate ends somewhere, with a reason."""
    shelf = Memory()
    composer, readers = PlainComposer(frozenset({1})), Readers({2})
    report = deliver(run(engine, shelf, composer=composer, readers=readers))
    assert [address for address, _ in shelf.letters] == ["reader3@readers.example"]
    with reading(engine) as connection:
        rows = {r.address: r for r in books.deliveries(connection, report.mailing.id, [S.FAILED, S.SKIPPED])}
    assert "a name that cannot be encoded" in rows["reader1@readers.example"].comment
    assert rows["reader2@readers.example"].comment == "left after the audience was frozen"


def test_a_second_run_sends_nothing_and_says_how_it_stands(engine) -> None:
    """Exit code 3, with the equation."""
    deliver(run(engine, Memory()))
    shelf = Memory()
    with pytest.raises(NothingToDoError, match="3 sent"):
        deliver(run(engine, shelf))
    assert deliver(run(engine, shelf, wishes=Wishes(resume=True))).tally[S.SENT] == 3
    assert shelf.letters == []


@pytest.mark.parametrize(
    ("left", "waiting", "expected"),
    [
        (S.QUEUED, True, "--resume to"),
        (S.DEFERRED, True, "--resume to"),
        (S.DEFERRED, False, "--retry-failed"),
        (S.FAILED, False, "--retry-failed"),
        (S.HELD, False, "--uncertain=resend"),
        (S.SKIPPED, False, "--correction"),
    ],
)
def test_a_person_is_told_what_can_still_be_done(left, waiting, expected) -> None:
    """The option that helps with what is left, and never one that would do nothing."""
    assert expected in worker.what_is_left(Tally(2, {S.SENT: 1, left: 1}), waiting=waiting)


def test_for_a_mailing_that_everybody_has_it_is_never_too_late(engine) -> None:
    """Who resumes it a day later is told that all is done."""
    until = replace(MAILING, not_after=time.time() + 60)
    deliver(run(engine, Memory(), mailing=until))
    report = deliver(
        run(engine, Memory(), mailing=until, wishes=Wishes(resume=True), clock=lambda: time.time() + 86_400)
    )
    assert (report.failure, report.tally[S.SENT]) == (None, 3)


def test_a_changed_issue_is_not_sent_under_the_same_name(engine) -> None:
    """Readers must not get two versions of one letter."""
    deliver(run(engine, Memory()))
    shelf, changed = Memory(), Mailing("2025-12-10", "another hash")
    with pytest.raises(InputError, match="has changed since"):
        deliver(run(engine, shelf, mailing=changed, wishes=Wishes(resume=True)))
    assert shelf.letters == []


def test_failed_letters_are_tried_again_only_when_asked(engine) -> None:
    """--retry-failed reaches who failed, and nobody else."""
    deliver(run(engine, Memory(), composer=PlainComposer(frozenset({1}))))
    shelf = Memory()
    report = deliver(run(engine, shelf, wishes=Wishes(retry_failed=True)))
    assert [address for address, _ in shelf.letters] == ["reader1@readers.example"]
    assert report.tally[S.SENT] == 3


def test_an_audience_that_breaks_while_it_is_frozen_leaves_nothing_behind(engine) -> None:
    """Frozen in one transaction: all of it or none of it."""

    def broken():
        yield recipient(1)
        raise OutputError("the list cannot be read further")

    with pytest.raises(OutputError):
        deliver(run(engine, Memory(), audience=broken))
    with reading(engine) as connection:
        assert books.find(connection, MAILING.name) is None
    assert deliver(run(engine, Memory())).tally[S.SENT] == 3


def test_a_mailing_whose_time_is_over_waits_for_a_person(engine) -> None:
    """A 07:00 briefing does not leave at 13:00 by itself; --late sends it."""
    shelf, over = Memory(), Mailing("2025-12-10", "hash of the digest", not_after=time.time() - 1)
    report = deliver(run(engine, shelf, mailing=over))
    assert isinstance(report.failure, NothingToDoError)
    assert (shelf.letters, report.tally.open) == ([], 3)
    late = Mailing("2025-12-10", "hash of the digest")
    report = deliver(run(engine, shelf, mailing=late, wishes=Wishes(resume=True, late=True)))
    assert report.tally[S.SENT] == 3


def test_a_rate_holds_letters_back(engine) -> None:
    """Twenty a second means that an eleventh letter would have to wait for half a second."""
    started = time.time()
    report = deliver(run(engine, Memory(), count=10, limits={"run": Limit(20)}))
    assert report.tally[S.SENT] == 10
    with reading(engine) as connection:
        assert books.buckets(connection)["run"].full > started + 0.499


def test_a_second_sender_is_told_who_the_first_is(engine) -> None:
    """One database file, one sender: exit code 75 with host and process."""
    seen = []

    class Curious(Memory):
        def put(self, job, message):
            with pytest.raises(BusyError) as busy:
                deliver(run(engine, Memory()))
            seen.append(str(busy.value))
            return super().put(job, message)

    report = deliver(run(engine, Curious(), count=1))
    assert report.tally[S.SENT] == 1
    assert "mailing 2025-12-10" in seen[0]
    assert "process" in seen[0]


def test_a_folder_holds_one_whole_message_per_recipient(engine, tmp_path) -> None:
    """Named after the recipient's number, byte by byte as it was composed."""
    deliver(run(engine, Folder(tmp_path / "outbox"), count=2))
    files = sorted((tmp_path / "outbox").iterdir())
    assert [file.name for file in files] == ["0000001.eml", "0000002.eml"]
    assert files[0].read_bytes() == b"".join(PlainComposer().compose(recipient(1)).chunks)


def test_a_maildir_can_be_read_by_any_mail_program(engine, tmp_path) -> None:
    """The standard library opens it and finds the letters."""
    deliver(run(engine, Maildir(tmp_path / "mail"), count=2))
    box = mailbox.Maildir(tmp_path / "mail", create=False)
    assert sorted(message["To"] for message in box) == [
        "<reader1@readers.example>",
        "<reader2@readers.example>",
    ]


@pytest.mark.parametrize("shelf", ["folder", "maildir"])
def test_a_link_where_a_letter_is_written_is_not_followed(engine, tmp_path, shelf) -> None:
    """What it leads to would be overwritten; the letter arrives all the same."""
    theirs, mail = tmp_path / "passwords", tmp_path / "mail"
    theirs.write_text("stays")
    key = sha256(PlainComposer().compose(recipient(1)).message_id.encode()).hexdigest()[:16]
    places = {"folder": "0000001.part", "maildir": f"tmp/0000001.{key}.publisher"}
    link = mail / places[shelf]
    link.parent.mkdir(parents=True)
    link.symlink_to(theirs)
    deliver(run(engine, Folder(mail) if shelf == "folder" else Maildir(mail), count=1))
    assert theirs.read_text() == "stays"
    assert not link.is_symlink()
    assert len([file for file in mail.rglob("*") if file.is_file()]) == 1


def test_a_link_where_the_lock_belongs_is_refused(engine, tmp_path) -> None:
    """Who is sending would be written over the file that it leads to."""
    theirs = tmp_path / "passwords"
    theirs.write_text("stays")
    (tmp_path / "publisher.db.sending").symlink_to(theirs)
    with pytest.raises(OutputError, match=r"publisher\.db\.sending cannot be opened"):
        deliver(run(engine, Memory()))
    assert theirs.read_text() == "stays"


def test_a_full_disk_stops_the_run_and_nothing_is_lost_or_in_doubt(engine, tmp_path) -> None:
    """What could not be written is tried again; what was written stays sent."""

    class Full(Folder):
        def put(self, job, message):
            if job.recipient.id > 5:
                raise OutputError("No space left on device")
            return super().put(job, message)

    report = deliver(run(engine, Full(tmp_path / "outbox"), count=20))
    assert isinstance(report.failure, OutputError)
    assert report.tally.balanced
    assert report.tally[S.HELD] == 0
    assert report.tally[S.SENT] == len(list((tmp_path / "outbox").glob("*.eml")))


def test_a_refusal_that_came_back_elsewhere_stops_the_run_until_it_is_resumed(engine, monkeypatch) -> None:
    """Whoever reads a 5.7.x report need not know where the sender runs; a person lifts the stop."""
    monkeypatch.setattr(worker, "LISTEN", 0.01)
    shelf, why = Memory(), "a server refused it with 5.7.26"

    def watch(_before, _progress) -> None:
        order_stop(engine, MAILING.name, 0, why, time.time())

    limits = {"run": Limit(20)}  # ten seconds for all of them
    report = deliver(run(engine, shelf, count=200, watch=watch, limits=limits))
    assert isinstance(report.failure, ConfigurationError)
    assert str(report.failure).startswith(f"2025-12-10 was stopped: {why}")
    assert 0 < report.tally.open == 200 - len(shelf.letters)
    report = deliver(run(engine, shelf, count=200, wishes=Wishes(resume=True)))
    assert (report.failure, report.tally[S.SENT], len(shelf.letters)) == (None, 200, 200)


def test_a_ledger_that_refuses_a_claim_ends_the_run_with_words(engine, monkeypatch) -> None:
    """A full disk met while claiming: no hang, no traceback, nothing sent."""
    shelf = Memory()

    def refused(*_arguments: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("disk I/O error"))

    monkeypatch.setattr(ledger, "claim", refused)
    with pytest.raises(OutputError, match="disk I/O error"):
        deliver(run(engine, shelf))
    assert shelf.letters == []
