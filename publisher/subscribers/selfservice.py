"""What a reader does by a link in a letter: confirm, leave, choose *."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from publisher.subscribers.models import Actor, Cause, IllegalMoveError, State, Subscriber
from publisher.subscribers.settings import SubscriberSettings
from publisher.subscribers.store import SubscriberStore
from publisher.subscribers.tokens import Claim, Purpose


class Answer(StrEnum):
    """What came of a link."""

    DONE = "done"  # or it had been done before: the same to the reader
    SPENT = "spent"  # genuine, and of no use any more
    UNKNOWN = "unknown"  # not one of ours


@dataclass(frozen=True)
class SelfService:
    """The readers' own hands on the store."""

    store: SubscriberStore
    settings: SubscriberSettings

    def can_confirm(self, token: str, now: datetime) -> Answer:
        """Whether the link would work at this moment; changes nothing."""
        claim = self.store.keyring.read(Purpose.CONFIRM, token)
        if claim is None:
            return Answer.UNKNOWN
        return Answer.DONE if self._confirmable(claim, now) else Answer.SPENT

    def confirm(self, token: str, now: datetime) -> Answer:
        """Make the reader active; the same link says the same until it expires."""
        claim = self.store.keyring.read(Purpose.CONFIRM, token)
        if claim is None:
            return Answer.UNKNOWN
        known = self._confirmable(claim, now)
        if known is None:
            return Answer.SPENT
        cause = Cause(now, Actor.READER, "confirmation", self.settings.consent)
        try:
            self.store.move(known.id, State.ACTIVE, cause)
        except IllegalMoveError:
            return Answer.SPENT
        return Answer.DONE

    def _confirmable(self, claim: Claim, now: datetime) -> Subscriber | None:
        """A link serves until it expires, and not for coming back by a letter from before one left."""
        if claim.issued is None or not claim.is_fresh(now, self.settings.confirm_lifetime):
            return None
        known = self.store.get(claim.subscriber)
        if known is None or known.state not in {State.PENDING, State.ACTIVE, State.LEFT}:
            return None
        left_since = known.state is State.LEFT and claim.issued < known.since.replace(microsecond=0)
        return None if left_since else known

    def leaver(self, token: str) -> Subscriber | None:
        """Whose link to leave this is, or None; changes nothing."""
        return self._holder(Purpose.UNSUBSCRIBE, token)

    def leave(self, token: str, now: datetime) -> Answer:
        """End the letters (RFC 8058: at once, and the same when done again)."""
        reader = self._holder(Purpose.UNSUBSCRIBE, token)
        if reader is None:
            return Answer.UNKNOWN
        try:
            self.store.move(reader.id, State.LEFT, Cause(now, Actor.READER, "link"))
        except IllegalMoveError:
            return Answer.DONE  # complained or erased: no letter goes there either
        return Answer.DONE

    def chooser(self, token: str) -> Subscriber | None:
        """Whose link to the preferences this is, or None; changes nothing."""
        return self._holder(Purpose.PREFERENCES, token)

    def choose(self, token: str, topics: Iterable[str]) -> Answer:
        """Keep the topics that a reader wants; none means everything."""
        reader = self._holder(Purpose.PREFERENCES, token)
        if reader is None:
            return Answer.UNKNOWN
        if reader.state is not State.ACTIVE:
            return Answer.SPENT
        self.store.prefer(reader.id, topics)
        return Answer.DONE

    def _holder(self, purpose: Purpose, token: str) -> Subscriber | None:
        claim = self.store.keyring.read(purpose, token)
        return self.store.get(claim.subscriber) if claim else None
