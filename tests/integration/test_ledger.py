"""The ledger on SQLite and on PostgreSQL: freezing, claiming, guarded moves, the dead."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from letters import recipients
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from publisher.database import reading, writing
from publisher.delivery import books, ledger, senders
from publisher.delivery.models import DeliveryStatus, Mailing, Outcome, Recipient
from publisher.delivery.pace import Bucket
from publisher.delivery.tables import METADATA, delivery
from publisher.errors import OutputError

S = DeliveryStatus
NOW = 1000.0


@pytest.fixture
def frozen(engine):
    """A mailing to five readers."""
    with writing(engine) as connection:
        return ledger.freeze(connection, Mailing("2025-12-10", "hash", "A bridge"), recipients(5), NOW)


def tally(engine, mailing):
    with reading(engine) as connection:
        return dict(books.tally(connection, mailing.id).counts)


def claim(engine, mailing, owner, limit=200, now=NOW):
    with writing(engine) as connection:
        return ledger.claim(connection, mailing.id, owner, now, limit)


def test_migrations_make_the_ledger_that_the_code_declares(engine) -> None:
    """No column, key or index differs, on both systems."""
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            d for d in compare_metadata(context, METADATA) if d[0] not in {"remove_table", "remove_index"}
        ]
    assert differences == []


def test_an_audience_is_frozen_with_its_content(engine, frozen) -> None:
    """Name, hash, subject and count come back as they were written."""
    with reading(engine) as connection:
        assert books.find(connection, "2025-12-10") == frozen
        assert books.find(connection, "2025-12-11") is None
    assert (frozen.candidates, tally(engine, frozen)) == (5, {S.QUEUED: 5})


def test_the_database_itself_refuses_a_second_row_for_a_recipient(engine) -> None:
    """Unique by constraint, not by care; and nothing of a refused audience stays."""
    twice = [Recipient(7, "a@readers.example"), Recipient(7, "a@readers.example")]
    with pytest.raises((IntegrityError, OutputError)), writing(engine) as connection:
        ledger.freeze(connection, Mailing("2025-12-10", "hash"), twice, NOW)
    with reading(engine) as connection:
        assert books.find(connection, "2025-12-10") is None


def test_a_claim_is_given_to_one_sender_only(engine, frozen) -> None:
    """Three and two, never the same."""
    first, second, third = claim(engine, frozen, 1, 3), claim(engine, frozen, 2), claim(engine, frozen, 3)
    assert (len(first), len(second), len(third)) == (3, 2, 0)
    assert {c.delivery for c in first}.isdisjoint(c.delivery for c in second)
    assert sorted((c.recipient for c in first + second), key=lambda reader: reader.id) == list(recipients(5))


def test_a_letter_goes_from_intent_to_outcome(engine, frozen) -> None:
    """Sending, then sent, with the server's words and the count of tries."""
    [claimed] = claim(engine, frozen, 1, 1)
    with writing(engine) as connection:
        ledger.intend(connection, 1, [claimed.delivery], NOW)
    assert tally(engine, frozen)[S.SENDING] == 1
    with writing(engine) as connection:
        ledger.record(connection, 1, [Outcome(claimed.delivery, S.SENT, "250 ok", 1)], NOW)
    with reading(engine) as connection:
        [row] = books.history(connection, "READER1@readers.example")
    assert (row.mailing, row.status, row.comment, row.attempts) == ("2025-12-10", S.SENT, "250 ok", 1)


@pytest.mark.parametrize("status", [S.SENT, S.HELD])
def test_an_illegal_move_is_refused_and_nothing_of_its_group_is_kept(engine, frozen, status) -> None:
    """Sent or held without an intent on record: somebody else is at work here."""
    first, second = claim(engine, frozen, 1, 2)

    def group() -> None:
        with writing(engine) as connection:
            ledger.intend(connection, 1, [first.delivery], NOW)
            ledger.record(connection, 1, [Outcome(second.delivery, status, "", 1)], NOW)

    with pytest.raises(OutputError, match="another program"):
        group()
    assert tally(engine, frozen) == {S.QUEUED: 5}


def test_what_another_sender_has_claimed_cannot_be_moved(engine, frozen) -> None:
    """The claim's number is the fence."""
    [claimed] = claim(engine, frozen, 1, 1)
    with pytest.raises(OutputError), writing(engine) as connection:
        ledger.intend(connection, 2, [claimed.delivery], NOW)


def test_deferred_deliveries_come_back_when_they_are_due(engine, frozen) -> None:
    """Not a second before."""
    [claimed] = claim(engine, frozen, 1, 1)
    with writing(engine) as connection:
        ledger.record(connection, 1, [Outcome(claimed.delivery, S.DEFERRED, "451", 1, NOW + 60)], NOW)
    assert len(claim(engine, frozen, 1)) == 4
    with reading(engine) as connection:
        assert ledger.next_due(connection, frozen.id) == NOW + 60
    assert claim(engine, frozen, 1, now=NOW + 59) == []
    [again] = claim(engine, frozen, 1, now=NOW + 60)
    assert (again.delivery, again.attempts) == (claimed.delivery, 1)


def test_a_clock_that_was_set_back_does_not_hold_letters_for_a_month(engine, frozen) -> None:
    """What was deferred 'in the future' is due at once; nothing else moves."""
    month = 30 * 86400
    first, second = claim(engine, frozen, 1, 2)
    with writing(engine) as connection:
        ledger.record(
            connection, 1, [Outcome(first.delivery, S.DEFERRED, "451", 1, NOW + month + 60)], NOW + month
        )
        ledger.record(connection, 1, [Outcome(second.delivery, S.DEFERRED, "451", 1, NOW + 60)], NOW - 1)
        senders.forgive_the_clock(connection, NOW)
    assert first.delivery in {c.delivery for c in claim(engine, frozen, 1)}
    with reading(engine) as connection:
        assert ledger.next_due(connection, frozen.id) == NOW + 60


def test_the_dead_leave_their_doubts_held_and_their_claims_free(engine, frozen) -> None:
    """One letter had begun to leave, one was only claimed."""
    with engine.connect() as dying, dying.begin():
        dead = senders.enlist(dying, "host", 1, NOW)
    first, second = claim(engine, frozen, dead, 2)
    with writing(engine) as connection:
        ledger.intend(connection, dead, [first.delivery], NOW)
    engine.dispose()  # its session, and with it its lock, is gone
    with writing(engine) as connection:
        me = senders.enlist(connection, "host", 2, NOW)
        assert senders.bury(connection, me, NOW) == 1
        [held] = books.deliveries(connection, frozen.id, [S.HELD])
    assert held.address == first.recipient.address
    assert "may have arrived" in held.comment
    assert second.delivery in {c.delivery for c in claim(engine, frozen, me)}


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_living_are_not_buried(engine, frozen) -> None:
    """A lock that is held proves life, however long a sender has been silent (PostgreSQL)."""
    with engine.connect() as living:
        with living.begin():
            busy = senders.enlist(living, "host", 1, NOW)
        claim(engine, frozen, busy, 2)
        with writing(engine) as connection:
            me = senders.enlist(connection, "host", 2, NOW + 1e6)
            assert senders.bury(connection, me, NOW + 1e6) == 0
        assert len(claim(engine, frozen, me)) == 3


def test_a_letter_in_doubt_is_resent_once_at_most(engine, frozen) -> None:
    """The second time in doubt, it stays held for a person to look at."""
    for resent in (1, 0):
        [claimed] = claim(engine, frozen, 1, 1)
        with writing(engine) as connection:
            ledger.intend(connection, 1, [claimed.delivery], NOW)
            ledger.record(connection, 1, [Outcome(claimed.delivery, S.HELD, "in doubt", 1)], NOW)
            connection.execute(delivery.update().where(delivery.c.status == S.QUEUED).values(due=NOW + 1))
            assert books.resend_held(connection, frozen.id, NOW) == resent
    assert tally(engine, frozen)[S.HELD] == 1


def test_a_correction_is_owed_to_those_who_have_the_letter_or_may_have_it(engine, frozen) -> None:
    """And to those who still wait for it, who get nothing but the correction; not to whom it failed."""
    first, second, third, *rest = claim(engine, frozen, 1)
    with writing(engine) as connection:
        ledger.intend(connection, 1, [first.delivery, second.delivery], NOW)
        outcomes = [Outcome(first.delivery, S.SENT, "", 1), Outcome(second.delivery, S.HELD, "", 1)]
        ledger.record(connection, 1, [*outcomes, Outcome(third.delivery, S.FAILED, "", 1)], NOW)
        ledger.release(connection, 1, [(claimed.delivery, NOW) for claimed in rest])
        owed = list(books.audience(connection, frozen.name))
        assert owed == [first.recipient, second.recipient, *(claimed.recipient for claimed in rest)]
        second_letter = ledger.freeze(connection, Mailing(f"{frozen.name}.2", "changed"), owed, NOW)
        assert books.supersede(connection, second_letter, NOW) == len(rest)
        assert ledger.next_due(connection, frozen.id) is None
        assert books.tally(connection, frozen.id)[S.SKIPPED] == len(rest)
        assert list(books.audience(connection, frozen.name)) == owed, "the next correction goes to the same"


def test_token_buckets_are_kept(engine) -> None:
    """The last value of each name."""
    with writing(engine) as connection:
        books.keep_buckets(connection, {"run": Bucket(5, 2, NOW), "domain:a.example": Bucket(1, 1, NOW)})
        books.keep_buckets(connection, {"run": Bucket(4, 1, NOW + 9)})
        assert books.buckets(connection) == {
            "run": Bucket(4, 1, NOW + 9),
            "domain:a.example": Bucket(1, 1, NOW),
        }


@pytest.mark.usefixtures("frozen")
def test_a_forgotten_reader_leaves_a_row_without_an_address(engine) -> None:
    """That something was sent to somebody stays; to whom does not."""
    with writing(engine) as connection:
        books.forget(connection, 3)
        rows = connection.execute(select(delivery.c.address).where(delivery.c.recipient == 3))
        assert rows.all() == [("",)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_claim_reads_only_the_work_that_is_left(engine, frozen) -> None:
    """SQLite takes the partial index; the unique one would rescan finished rows (80 µs a row, not 3)."""
    seen = []
    with writing(engine) as connection:
        connection.connection.driver_connection.set_trace_callback(seen.append)
        ledger.claim(connection, frozen.id, 1, NOW, 2)
        connection.connection.driver_connection.set_trace_callback(None)
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {seen[0]}")).all()
    assert any("ix_deliveries_due" in row[3] for row in plan)
    assert not any("uq_deliveries" in row[3] or "autoindex" in row[3] for row in plan)
