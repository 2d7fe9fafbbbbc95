"""The store against a dictionary: any order of wishes, moves, lists, crashes and restarts."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from publisher.database import migrate, open_engine, reading, writing
from publisher.subscribers.addresses import parse_address
from publisher.subscribers.bulk import import_rows
from publisher.subscribers.exchange import Row
from publisher.subscribers.models import Actor, Cause, IllegalMoveError, State
from publisher.subscribers.selfservice import Answer, SelfService
from publisher.subscribers.settings import SubscriberSettings
from publisher.subscribers.signup import Errand, LetterKind, SignUps, Wish
from publisher.subscribers.store import SubscriberStore
from publisher.subscribers.tables import METADATA, subscribers, wishes
from publisher.subscribers.tokens import Keyring, Purpose

ADDRESSES = [f"r{number}@example.org" for number in range(4)]
GONE = {State.LEFT, State.BOUNCED, State.COMPLAINED}
SETTINGS = SubscriberSettings(tries_per_client=1_000, tries_per_hour=100_000)
someone = st.sampled_from(ADDRESSES)


class Readers(RuleBasedStateMachine):
    """`model` says where every address must stand; `refused` whom no list may bring back."""

    def __init__(self, url: str) -> None:
        """An empty database, and a model without anybody."""
        super().__init__()
        self.url = url
        self.keys: tuple[bytes, ...] = (b"a" * 32,)
        self.now = datetime(2025, 12, 10, 12, 0, tzinfo=UTC)
        self.model: dict[str, State] = {}
        self.suppressed: dict[str, State] = {}
        self.links: list[tuple[str, int, str, datetime]] = []
        self.left_at: dict[str, datetime] = {}
        self.waiting: list[str] = []
        self.open()
        with writing(self.engine) as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(table.delete())

    def open(self) -> None:
        """Start the program."""
        self.engine = open_engine(self.url)
        self.store = SubscriberStore(self.engine, Keyring(self.keys))
        self.signups = SignUps(self.store, SETTINGS)
        self.readers = SelfService(self.store, SETTINGS)

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.engine.dispose()

    def cause(self, actor: Actor) -> Cause:
        """A cause of this moment."""
        self.now += timedelta(seconds=2)
        return Cause(self.now, actor, "machine")

    @rule(address=someone)
    def subscribe(self, address: str) -> None:
        """Fill in the form: nothing but the queue changes."""
        self.now += timedelta(seconds=2)
        wish = Wish(parse_address(address), "192.0.2.1", self.now)
        assert self.signups.ask([wish]) == [None]
        self.waiting.append(address)

    @precondition(lambda self: self.waiting)
    @rule(arrives=st.booleans())
    def carry_letters(self, arrives: bool) -> None:
        """The postman goes round; now and then the mail server is away."""
        self.now += timedelta(hours=25)
        while errand := self.signups.take(self.now):
            if not isinstance(errand, Errand):
                continue
            address = errand.reader.address
            active = self.model.get(address) is State.ACTIVE
            assert errand.kind is (LetterKind.ALREADY if active else LetterKind.CONFIRM)
            assert self.model.get(address) not in {State.BOUNCED, State.COMPLAINED}
            assert self.suppressed.get(address) not in {State.BOUNCED, State.COMPLAINED}
            self.model.setdefault(address, State.PENDING)
            if not arrives:
                self.signups.failed(errand, self.now)
                return
            self.signups.done(errand)
            token = self.store.keyring.sign(Purpose.CONFIRM, errand.reader.id, self.now)
            self.links.append((address, errand.reader.id, token, self.now))
        with reading(self.engine) as connection:
            if not connection.execute(wishes.select().where(wishes.c.due <= self.now)).all():
                self.waiting.clear()

    @precondition(lambda self: self.links)
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        """Press the button in any letter ever sent."""
        address, number, token, issued = data.draw(st.sampled_from(self.links))
        self.now += timedelta(seconds=2)
        known = self.store.find(address)
        same = known is not None and known.id == number
        state = self.model.get(address) if same else None
        fresh = self.now - issued <= SETTINGS.confirm_lifetime
        came_back_late = state is State.LEFT and issued < self.left_at[address].replace(microsecond=0)
        works = fresh and state in {State.PENDING, State.ACTIVE, State.LEFT} and not came_back_late
        assert self.readers.confirm(token, self.now) is (Answer.DONE if works else Answer.SPENT)
        if works:
            self.model[address] = State.ACTIVE
            self.suppressed.pop(address, None)

    @rule(address=someone)
    def leave(self, address: str) -> None:
        """Press the button to leave, whether there is anything to leave or not."""
        self.now += timedelta(seconds=2)
        if known := self.store.find(address):
            token = self.store.keyring.sign(Purpose.UNSUBSCRIBE, known.id)
            assert self.readers.leave(token, self.now) is Answer.DONE
            if self.model[address] not in {State.LEFT, State.COMPLAINED}:
                self.model[address] = State.LEFT
                self.left_at[address] = self.now

    @rule(address=someone, state=st.sampled_from([State.BOUNCED, State.COMPLAINED]))
    def come_back_from_the_server(self, address: str, state: State) -> None:
        """A bounce or a complaint arrives."""
        known = self.store.find(address)
        if known is None:
            return
        before = self.model[address]
        try:
            self.store.move(known.id, state, self.cause(Actor.SERVER))
        except IllegalMoveError:
            assert self.model[address] in GONE
        else:
            self.model[address] = state
            if before is not state:
                self.suppressed.setdefault(address, state)

    @rule(address=someone)
    def erase(self, address: str) -> None:
        """The editor forgets somebody."""
        if known := self.store.find(address):
            self.store.move(known.id, State.ERASED, self.cause(Actor.EDITOR))
            del self.model[address]
            self.suppressed.setdefault(address, State.ERASED)
            self.waiting = [other for other in self.waiting if other != address]

    @rule(wanted=st.lists(st.tuples(someone, st.sampled_from([State.ACTIVE, State.LEFT])), max_size=6))
    def import_list(self, wanted: list[tuple[str, State]]) -> None:
        """A list arrives: it adds, it lets go, it never brings back."""
        rows = [
            Row(line, parse_address(address), state=state) for line, (address, state) in enumerate(wanted)
        ]
        list(import_rows(self.store, rows, self.cause(Actor.IMPORT)))
        leaving = {address: state for address, state in wanted if state is State.LEFT}
        for address, state in (dict(reversed(wanted)) | leaving).items():
            before = self.model.get(address)
            if state is State.ACTIVE and before in {None, State.PENDING} and address not in self.suppressed:
                self.model[address] = State.ACTIVE
            if state is State.LEFT and before in {None, State.PENDING, State.ACTIVE}:
                self.model[address] = State.LEFT
                self.left_at[address] = self.now

    @rule()
    def break_off_a_transaction(self) -> None:
        """A program dies in the middle of its work."""
        with self.engine.connect() as connection:
            connection.execute(subscribers.update().values(state=State.ACTIVE))
            connection.invalidate()

    @rule(rotate=st.booleans())
    def restart(self, rotate: bool) -> None:
        """The program ends and starts, perhaps with a new key before the old ones."""
        self.engine.dispose()
        if rotate and len(self.keys) < 3:
            self.keys = (bytes([98 + len(self.keys)]) * 32, *self.keys)
        self.open()

    @rule()
    def tidy(self) -> None:
        """A week passes, and whoever never confirmed is forgotten."""
        self.now += timedelta(days=9)
        self.signups.tidy(self.now)
        self.model = {a: s for a, s in self.model.items() if s is not State.PENDING}

    @invariant()
    def everybody_stands_where_the_model_says(self) -> None:
        """Rows, audience, counts and the last question before sending agree with the dictionary."""
        stored = list(self.store.everybody())
        assert {reader.address: reader.state for reader in stored} == self.model
        active = {address for address, state in self.model.items() if state is State.ACTIVE}
        assert {reader.address for reader in self.store.active()} == active
        allowed = self.store.may_send([reader.id for reader in stored])
        assert {reader.address for reader in stored if reader.id in allowed} == active
        counts = self.store.counts()
        assert {state: counts[state] for state in State if state is not State.ERASED} == {
            state: sum(1 for other in self.model.values() if other is state)
            for state in State
            if state is not State.ERASED
        }


def test_the_store_is_a_dictionary(database_url: str) -> None:
    """Whatever happens in whatever order, the database says what the dictionary says.

    MACHINE_RUNS=10000 runs as many examples; a few are enough for every day.
    """
    migrate(engine := open_engine(database_url))
    engine.dispose()
    runs = int(os.environ.get("MACHINE_RUNS", "25"))
    wanted = settings(max_examples=runs, stateful_step_count=30, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(lambda: Readers(database_url), settings=wanted)
