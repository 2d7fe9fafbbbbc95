"""The readers in a database, on SQLite and on PostgreSQL."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from servers import new_postgresql_database
from sqlalchemy import Engine, Executable, func, select, text

from publisher.database import insert_into, migrate, open_engine, reading, writing
from publisher.subscribers.addresses import Address, parse_address
from publisher.subscribers.bulk import BATCH, Outcome, import_rows
from publisher.subscribers.exchange import Row
from publisher.subscribers.models import Actor, Cause, IllegalMoveError, Move, State
from publisher.subscribers.recording import locked, new_row, write_moves
from publisher.subscribers.store import SubscriberStore
from publisher.subscribers.tables import moves, subscribers, suppressions, wishes
from publisher.subscribers.tokens import Keyring

NOON = datetime(2025, 12, 10, 12, 0, tzinfo=UTC)
AIGUL = parse_address("Aigul@Example.org")
EDITOR = Cause(NOON, Actor.EDITOR, "command line", "1")
READER = Cause(NOON + timedelta(days=1), Actor.READER, "form", "2")
LIST = Cause(NOON + timedelta(days=2), Actor.IMPORT, "list.csv", "3")
SERVER = Cause(NOON + timedelta(days=3), Actor.SERVER, "5.1.1")


@pytest.fixture
def store(engine: Engine) -> SubscriberStore:
    """An empty store."""
    return SubscriberStore(engine, Keyring((b"n" * 32,)))


def rows(*addresses: str, state: State = State.ACTIVE) -> Iterator[Row]:
    """Make the rows of a list."""
    return (Row(line, parse_address(address), state=state) for line, address in enumerate(addresses, 2))


def outcomes(store: SubscriberStore, *addresses: str, state: State = State.ACTIVE) -> list[Outcome]:
    """Import a list and give what became of each row."""
    return [outcome for _, outcome in import_rows(store, rows(*addresses, state=state), LIST)]


def test_every_move_is_recorded_with_time_source_and_consent(store: SubscriberStore) -> None:
    """A reader's record tells who did what, when, and by which text."""
    reader = store.add(AIGUL, State.PENDING, READER)
    store.move(reader.id, State.ACTIVE, READER)
    store.move(reader.id, State.LEFT, EDITOR)
    assert store.record(reader.id) == [
        Move(None, State.PENDING, READER),
        Move(State.PENDING, State.ACTIVE, READER),
        Move(State.ACTIVE, State.LEFT, EDITOR),
    ]


def test_the_address_is_found_in_every_spelling_and_kept_as_typed(store: SubscriberStore) -> None:
    """Case does not matter for finding; the original stays."""
    store.add(AIGUL, State.ACTIVE, EDITOR)
    found = store.find("aIGUL@example.ORG")
    assert found
    assert found.address == "Aigul@Example.org"


def test_adding_twice_is_one_reader(store: SubscriberStore) -> None:
    """The second wish changes nothing and says so without an error."""
    first = store.add(AIGUL, State.ACTIVE, EDITOR)
    second = store.add(parse_address("aigul@example.org"), State.ACTIVE, EDITOR)
    assert first.id == second.id
    assert len(store.record(first.id)) == 1


def test_eight_at_once_add_one_reader(store: SubscriberStore) -> None:
    """A race on one address ends with one row and one move."""
    with ThreadPoolExecutor(8) as threads:
        added = list(threads.map(lambda _: store.add(AIGUL, State.ACTIVE, EDITOR).id, range(16)))
    assert len(set(added)) == 1
    assert store.counts()[State.ACTIVE] == 1


def test_an_illegal_move_changes_nothing(store: SubscriberStore) -> None:
    """The server cannot bring back who left; row, record and counts stay."""
    reader = store.add(AIGUL, State.ACTIVE, EDITOR)
    store.move(reader.id, State.LEFT, READER)
    with pytest.raises(IllegalMoveError):
        store.move(reader.id, State.ACTIVE, SERVER)
    assert (store.counts()[State.LEFT], len(store.record(reader.id))) == (1, 2)


def test_a_list_adds_the_new_and_brings_nobody_back(store: SubscriberStore) -> None:
    """Known, left, bounced, complained and erased readers: only the new one is added."""
    for number, state in enumerate([State.LEFT, State.BOUNCED, State.COMPLAINED, State.ERASED]):
        store.move(store.add(parse_address(f"r{number}@b.org"), State.ACTIVE, EDITOR).id, state, EDITOR)
    store.add(AIGUL, State.ACTIVE, EDITOR)
    told = outcomes(store, "r0@b.org", "R1@b.org", "r2@B.org", "r3@b.org", "aigul@example.org", "new@b.org")
    refused, known, added = Outcome.REFUSED, Outcome.KNOWN, Outcome.ADDED
    assert told == [refused, refused, refused, refused, known, added]
    assert {reader.address for reader in store.active()} == {"Aigul@Example.org", "new@b.org"}


def test_a_list_can_bring_a_wish_to_leave(store: SubscriberStore) -> None:
    """Who left in another program leaves here too; a bounced one stays bounced."""
    store.add(AIGUL, State.ACTIVE, EDITOR)
    gone = store.add(parse_address("gone@b.org"), State.ACTIVE, EDITOR)
    store.move(gone.id, State.BOUNCED, SERVER)
    told = outcomes(store, "aigul@example.org", "gone@b.org", "new@b.org", state=State.LEFT)
    assert told == [Outcome.LEFT, Outcome.KNOWN, Outcome.LEFT]
    assert store.counts() | {} == {**dict.fromkeys(State, 0), State.LEFT: 2, State.BOUNCED: 1}


def test_a_list_over_several_batches_counts_each_address_once(store: SubscriberStore) -> None:
    """Repeats inside and across batches are `known`; numbers follow the list's order."""
    addresses = [f"r{number}@b.org" for number in range(BATCH + 10)]
    told = outcomes(store, *addresses[:5], *addresses, addresses[0])
    assert (told.count(Outcome.ADDED), told.count(Outcome.KNOWN)) == (BATCH + 10, 6)
    assert [reader.address for reader in store.active()] == addresses
    assert store.counts()[State.ACTIVE] == BATCH + 10


def test_a_wish_to_leave_counts_wherever_it_stands_in_a_list(store: SubscriberStore) -> None:
    """The same address once as subscribed and once as unsubscribed, in any order: nobody is written to."""
    ann, bob = parse_address("ann@b.org"), parse_address("bob@b.org")
    both = [
        *(Row(2, ann, state=State.ACTIVE), Row(3, parse_address("Ann@B.org"), state=State.LEFT)),
        *(Row(4, bob, state=State.LEFT), Row(5, bob, state=State.ACTIVE)),
    ]
    told = [outcome for _, outcome in import_rows(store, both, LIST)]
    assert told == [Outcome.KNOWN, Outcome.LEFT, Outcome.LEFT, Outcome.KNOWN]
    assert list(store.active()) == []


@pytest.mark.postgresql
def test_a_list_and_the_door_do_not_block_each_other(postgresql: str) -> None:
    """The door has entered an address that the list brings too, and has yet to count it: both come through."""
    engine = open_engine(new_postgresql_database(postgresql))
    migrate(engine)
    store = SubscriberStore(engine, Keyring((b"n" * 32,)))
    store.add(AIGUL, State.PENDING, READER)
    entered = new_row(parse_address("new@b.org"), State.PENDING, READER, name="", topics=())
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with ThreadPoolExecutor(1) as importer:
        with writing(engine) as door:
            added = insert_into(door, subscribers).values(entered).returning(subscribers.c.id)
            number = door.execute(added).scalar_one()
            importing = importer.submit(outcomes, store, "Aigul@example.org", "new@b.org")
            while not importing.done() and not _count(engine, waits):
                time.sleep(0.01)
            write_moves(door, [(number, Move(None, State.PENDING, LIST))])
        assert importing.result() == [Outcome.ADDED, Outcome.ADDED]
    assert store.counts()[State.PENDING] == 1
    engine.dispose()


@pytest.mark.postgresql
def test_who_erases_and_the_door_do_not_block_each_other(postgresql: str) -> None:
    """The door holds a wish and has yet to hold its reader, who is erased at that moment: both come through."""
    engine = open_engine(new_postgresql_database(postgresql))
    migrate(engine)
    store = SubscriberStore(engine, Keyring((b"n" * 32,)))
    reader = store.add(AIGUL, State.ACTIVE, EDITOR)
    wish = {"key": AIGUL.key, "address": AIGUL.typed, "consent": "1", "asked": NOON, "due": NOON, "tries": 0}
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with writing(engine) as connection:
        connection.execute(wishes.insert().values(wish))
    with ThreadPoolExecutor(1) as editor:
        with writing(engine) as door:
            door.execute(select(wishes).with_for_update(skip_locked=True)).one()
            erasing = editor.submit(store.move, reader.id, State.ERASED, EDITOR)
            while not erasing.done() and not _count(engine, waits):
                time.sleep(0.01)
            assert locked(door, subscribers.c.id == reader.id) == reader
        assert erasing.result().state is State.ERASED
    assert _count(engine, select(func.count()).select_from(wishes)) == 0
    engine.dispose()


def _count(engine: Engine, query: Executable) -> int:
    with reading(engine) as connection:
        return int(connection.execute(query).scalar_one())


def test_two_lists_at_once_do_not_block_each_other(store: SubscriberStore) -> None:
    """The same readers in opposite orders: each is added once, and neither run is broken off."""
    addresses = [f"r{number}@b.org" for number in range(BATCH)]
    lists = [addresses, addresses[::-1]]
    with ThreadPoolExecutor(2) as importers:
        list(importers.map(lambda each: outcomes(store, *each), lists))
    assert store.counts()[State.ACTIVE] == BATCH


def test_a_dry_run_changes_nothing(store: SubscriberStore) -> None:
    """The outcomes are told, the database is not touched."""
    told = [outcome for _, outcome in import_rows(store, rows("a@b.org"), LIST, dry_run=True)]
    assert told == [Outcome.ADDED]
    assert list(store.everybody()) == []


def test_suppression_survives_erasure_and_a_rotation_of_keys(store: SubscriberStore) -> None:
    """A complaint is remembered without the address, under the old key too."""
    reader = store.add(AIGUL, State.ACTIVE, EDITOR)
    store.move(reader.id, State.COMPLAINED, SERVER)
    store.move(reader.id, State.ERASED, EDITOR)
    rotated = SubscriberStore(store.engine, Keyring((b"z" * 32, b"n" * 32)))
    assert outcomes(rotated, "AIGUL@example.org") == [Outcome.REFUSED]
    assert rotated.suppressed(AIGUL) is State.COMPLAINED
    with reading(store.engine) as connection:
        assert b"aigul" not in connection.scalar(select(suppressions.c.mac)).lower()


def test_a_complaint_outlives_an_erasure_under_a_newer_key(store: SubscriberStore) -> None:
    """Complained, then the key was changed, then erased: it is the complaint that is remembered."""
    for turn in range(20):  # in whichever order the database keeps the two rows
        address = parse_address(f"r{turn}@b.org")
        reader = store.add(address, State.ACTIVE, EDITOR)
        store.move(reader.id, State.COMPLAINED, SERVER)
        rotated = SubscriberStore(store.engine, Keyring((b"z" * 32, b"n" * 32)))
        rotated.move(reader.id, State.ERASED, Cause(SERVER.at + timedelta(days=1), Actor.EDITOR))
        assert rotated.suppressed(address) is State.COMPLAINED


def test_an_erased_reader_is_a_number(store: SubscriberStore) -> None:
    """Address, name, topics and record are gone; number, state and time stay."""
    reader = store.add(AIGUL, State.ACTIVE, EDITOR, name="Aigul S.", topics=["economy"])
    store.move(reader.id, State.ERASED, READER)
    left = store.get(reader.id)
    assert left
    assert (left.address, left.name, left.topics, left.state) == ("", "", frozenset(), State.ERASED)
    assert [move.after for move in store.record(reader.id)] == [State.ERASED]
    assert store.find("aigul@example.org") is None


def test_a_wish_of_ones_own_lifts_a_suppression(store: SubscriberStore) -> None:
    """Who was erased and comes back by confirmation is written to again, under a new number."""
    first = store.add(AIGUL, State.ACTIVE, EDITOR)
    store.move(first.id, State.ERASED, EDITOR)
    second = store.add(AIGUL, State.PENDING, READER)
    assert store.suppressed(AIGUL) is State.ERASED
    store.move(second.id, State.ACTIVE, READER)
    assert store.suppressed(AIGUL) is None
    assert second.id != first.id


def test_topics_choose_the_audience(store: SubscriberStore) -> None:
    """No topics means everything; a topic is matched whole."""
    for name, topics in {"all": [], "money": ["economy"], "other": ["economy-extra", "nature"]}.items():
        store.add(parse_address(f"{name}@b.org"), State.ACTIVE, EDITOR, topics=topics)
    assert [reader.address for reader in store.active("economy")] == ["all@b.org", "money@b.org"]
    store.prefer(2, [])
    assert [reader.address for reader in store.active("nature")] == [
        "all@b.org",
        "money@b.org",
        "other@b.org",
    ]
    assert len(list(store.active("economy", "nature"))) == store.count_active("economy", "nature") == 3


def test_a_choice_of_topics_that_are_no_more_is_none(store: SubscriberStore) -> None:
    """Who wanted only a section that was closed would else never hear from us again."""
    store.add(AIGUL, State.ACTIVE, EDITOR, topics=["closed"])
    assert [list(store.active("economy")), store.count_active("economy", known=["economy"])] == [[], 1]
    assert len(list(store.active("economy", known=["economy", "nature"]))) == 1


def test_only_the_active_may_be_sent_to(store: SubscriberStore) -> None:
    """The last question before sending knows who left a moment ago."""
    numbers = [store.add(parse_address(f"r{n}@b.org"), State.ACTIVE, EDITOR).id for n in range(3)]
    store.move(numbers[1], State.LEFT, READER)
    assert store.may_send(numbers) == {numbers[0], numbers[2]}
    assert store.may_send([]) == set()


def test_who_leaves_during_the_stream_is_not_in_a_later_batch(
    store: SubscriberStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The audience is read by key in batches, and the database is free between them."""
    monkeypatch.setattr("publisher.subscribers.store.BATCH", 2)
    numbers = [store.add(parse_address(f"r{n}@b.org"), State.ACTIVE, EDITOR).id for n in range(5)]
    stream = store.active()
    first = next(stream)
    store.move(numbers[3], State.LEFT, READER)
    assert [first.id, *(reader.id for reader in stream)] == [numbers[0], numbers[1], numbers[2], numbers[4]]


def test_an_envelope_is_ascii_in_its_domain(store: SubscriberStore) -> None:
    """A Cyrillic domain is kept as typed and handed to delivery as A-labels."""
    store.add(parse_address("desk@пример.рф"), State.ACTIVE, EDITOR)
    assert [reader.address for reader in store.active()] == ["desk@xn--e1afmkfd.xn--p1ai"]
    found = store.find("desk@ПРИМЕР.рф")
    assert found
    assert found.address == "desk@пример.рф"


def test_counts_are_the_sums_of_the_record(store: SubscriberStore) -> None:
    """The tallies agree with a walk over everybody, and growth is told by day."""
    numbers = [store.add(parse_address(f"r{n}@b.org"), State.ACTIVE, EDITOR).id for n in range(3)]
    store.move(numbers[0], State.LEFT, READER)
    assert store.counts() == {**dict.fromkeys(State, 0), State.ACTIVE: 2, State.LEFT: 1}
    assert store.growth() == [
        (date(2025, 12, 10), State.ACTIVE, 3),
        (date(2025, 12, 11), State.ACTIVE, -1),
        (date(2025, 12, 11), State.LEFT, 1),
    ]
    with reading(store.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(moves)) == 4


def test_a_number_that_was_never_given_is_a_key_error(store: SubscriberStore) -> None:
    """A forged number is not confused with an erased one."""
    with pytest.raises(KeyError):
        store.move(99, State.LEFT, READER)
    assert store.get(99) is None


def test_moves_of_many_threads_keep_the_counts_right(store: SubscriberStore) -> None:
    """Forty readers leave at once while others join; nobody is lost and nothing deadlocks."""
    numbers = [store.add(parse_address(f"r{n}@b.org"), State.ACTIVE, EDITOR).id for n in range(40)]

    def leave_and_join(number: int) -> None:
        store.move(number, State.LEFT, READER)
        store.add(parse_address(f"n{number}@b.org"), State.PENDING, READER)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(leave_and_join, numbers))
    assert store.counts() | {} == {**dict.fromkeys(State, 0), State.LEFT: 40, State.PENDING: 40}


def test_an_address_is_hashable_for_lookups() -> None:
    """Equal spellings are equal values."""
    assert parse_address("a@b.org") == Address("a@b.org", "a", "b.org")
