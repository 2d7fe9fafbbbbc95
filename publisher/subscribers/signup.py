"""Double opt-in: a wish is written down at once and answered by a letter later *.

The answer to a wish is the same for everybody, and so is the work: one row is written. Whether the
address is new, active, gone or suppressed is looked up only when the letter's turn has come, so the
door tells nobody who reads what.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Row, select

from publisher.database import reading, take_turns, writing
from publisher.subscribers.addresses import Address, parse_address
from publisher.subscribers.alarms import Alarm, has_ended, sound, take_ended
from publisher.subscribers.limits import Limit, client_buckets, forget_hits, hit, take_back
from publisher.subscribers.models import Actor, Cause, State, Subscriber
from publisher.subscribers.recording import enter, locked, wait_from
from publisher.subscribers.settings import SubscriberSettings
from publisher.subscribers.store import SubscriberStore
from publisher.subscribers.suppression import suppressed
from publisher.subscribers.tables import subscribers, wishes

MOST_TRIES = 8
ALREADY = Limit(1, timedelta(days=7))
_SLACK = timedelta(seconds=30)
"""For the database, before a letter leaves and after; short for somebody who waits beside a killed door."""
_MOST_DROPPED = 100
_LOCK = 0x7075626D  # the advisory lock under which machines count


class Refusal(StrEnum):
    """Why a wish was not written down; it never depends on the address."""

    TRIES = "tries"  # this client asked too often
    BUSY = "busy"  # everybody together did
    ALARM = "alarm"  # the same, and the first of an hour: those who keep the door must hear of it


@dataclass(frozen=True)
class Wish:
    """Somebody at `client` asks that letters go to an address."""

    address: Address
    client: str  # an IP address
    at: datetime


class LetterKind(StrEnum):
    """What the letter says."""

    CONFIRM = "confirm"
    ALREADY = "already"


@dataclass(frozen=True)
class Errand:
    """One letter to be written. `taken` is the hit that is given back if it cannot leave."""

    wish: int
    kind: LetterKind
    reader: Subscriber
    taken: int
    tries: int


def letter_for(known: State | None, reason: State | None) -> LetterKind | None:
    """Which letter answers a wish; none goes to a dead mailbox or to one who complained."""
    if {known, reason} & {State.BOUNCED, State.COMPLAINED}:
        return None
    return LetterKind.ALREADY if known is State.ACTIVE else LetterKind.CONFIRM


@dataclass(frozen=True)
class SignUps:
    """The queue between the form and the letters."""

    store: SubscriberStore
    settings: SubscriberSettings

    def ask(self, asked: Iterable[Wish]) -> list[Refusal | None]:
        """Write wishes down in one commit, or say why not; durable when this returns None for them."""
        with writing(self.store.engine) as connection:
            take_turns(connection, _LOCK)
            return [self._write_down(connection, wish) for wish in asked]

    def _write_down(self, connection: Connection, wish: Wish) -> Refusal | None:
        hour, now = timedelta(hours=1), wish.at
        everybody = self.store.keyring.fingerprint("everybody", "")
        clients = client_buckets(self.store.keyring, wish.client, now)
        if not Limit(self.settings.tries_per_client, hour).allows(connection, clients, now):
            return Refusal.TRIES
        if not Limit(self.settings.tries_per_hour, hour).allows(connection, [everybody], now):
            return Refusal.ALARM if sound(connection, now) else Refusal.BUSY
        hit(connection, clients[0], now)
        hit(connection, everybody, now)
        row = {"key": wish.address.key, "address": wish.address.typed, "consent": self.settings.consent}
        connection.execute(wishes.insert().values(asked=now, due=now, tries=0, **row))
        return None

    def take(self, now: datetime, longest: timedelta = timedelta(minutes=1)) -> Errand | int:
        """The next letter to write; else how many wishes were dropped because none answers them, 0 at the end.

        The wish stays until `done`. If nobody reports it is due again, but not while somebody may still be
        sending, which takes the `longest` time: another machine would send the letter too. A hundred are dropped
        at most: ten thousand in one transaction would shut everybody else out for seconds.
        """
        due = select(wishes).where(wishes.c.due <= now).order_by(wishes.c.due, wishes.c.id).limit(1)
        with writing(self.store.engine) as connection:
            for dropped in range(_MOST_DROPPED):
                row = connection.execute(due.with_for_update(skip_locked=True)).one_or_none()
                if row is None:
                    return dropped
                if errand := self._errand(connection, row, now, now + longest + _SLACK):
                    return errand
                connection.execute(wishes.delete().where(wishes.c.id == row.id))
        return _MOST_DROPPED

    def _errand(
        self, connection: Connection, row: Row[tuple[object, ...]], now: datetime, again: datetime
    ) -> Errand | None:
        address = parse_address(row.address)
        known = locked(connection, subscribers.c.key == address.key)
        reason = suppressed(connection, self.store.keyring, [address]).get(address)
        kind = letter_for(known.state if known else None, reason)
        taken = self._count(connection, address, kind, now) if kind else None
        if kind is None or taken is None or row.tries >= MOST_TRIES:
            return None
        cause = Cause(row.asked, Actor.READER, "form", row.consent)
        reader = known or enter(connection, address, State.PENDING, cause)
        if reader is None:  # entered this very moment by somebody else: the next turn knows
            return None
        wait_from(connection, reader.id, now)
        later = wishes.update().where(wishes.c.id == row.id)
        connection.execute(later.values(due=again, tries=row.tries + 1))
        return Errand(row.id, kind, reader, taken, row.tries + 1)

    def _count(self, connection: Connection, address: Address, kind: LetterKind, now: datetime) -> int | None:
        """Count a letter to the address, or give None when it has had enough of them."""
        limit = Limit(self.settings.letters_per_address, timedelta(days=1))
        limit = ALREADY if kind is LetterKind.ALREADY else limit
        buckets = self.store.keyring.fingerprints(f"letter {kind}", address.counted)
        return hit(connection, buckets[0], now) if limit.allows(connection, buckets, now) else None

    def done(self, errand: Errand) -> None:
        """The letter is on its way: the wish is fulfilled and forgotten."""
        with writing(self.store.engine) as connection:
            connection.execute(wishes.delete().where(wishes.c.id == errand.wish))

    def failed(self, errand: Errand, now: datetime) -> None:
        """The letter did not leave: try again, each time later; it does not count."""
        with writing(self.store.engine) as connection:
            take_back(connection, errand.taken)
            later = wishes.update().where(wishes.c.id == errand.wish)
            connection.execute(later.values(due=now + timedelta(minutes=2**errand.tries)))

    def ended_alarms(self, now: datetime) -> list[Alarm]:
        """The hours above the cap that are over; each is told once, by whichever machine asks first."""
        with reading(self.store.engine) as connection:
            if not has_ended(connection, now):
                return []
        with writing(self.store.engine) as connection:
            return take_ended(connection, now)

    def tidy(self, now: datetime) -> int:
        """Forget old hits, and whoever never confirmed; gives how many those were."""
        with writing(self.store.engine) as connection:
            forget_hits(connection, now)
        before = now - self.settings.confirm_lifetime - timedelta(days=1)
        late = [reader.id for reader in self.store.everybody(State.PENDING) if reader.since < before]
        for number in late:
            self.store.forget_unconfirmed(number, Cause(now, Actor.SERVER, "never confirmed"))
        return len(late)
