"""Who a reader is to us: states, the legal moves between them, and who may make each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from publisher.errors import PublisherError


class State(StrEnum):
    """Where a subscriber stands. Only the active ones are written to."""

    PENDING = "pending"  # asked, and has not confirmed yet
    ACTIVE = "active"
    LEFT = "left"
    BOUNCED = "bounced"  # the mailbox is gone
    COMPLAINED = "complained"  # pressed 'this is spam'
    ERASED = "erased"  # forgotten: a number without an address


class Actor(StrEnum):
    """Who makes a move."""

    READER = "reader"  # by a link in a letter to that very address
    EDITOR = "editor"  # on the command line
    IMPORT = "import"  # from a list
    SERVER = "server"  # a bounce or a complaint


_ANYBODY = frozenset(Actor)
_READER = frozenset({Actor.READER})
_EDITOR = frozenset({Actor.EDITOR})
_IMPORT = frozenset({Actor.IMPORT})
_PERSON = _READER | _EDITOR
_SERVER = frozenset({Actor.SERVER, Actor.EDITOR})

MOVES: dict[tuple[State | None, State], frozenset[Actor]] = {
    (None, State.PENDING): _PERSON,
    (None, State.ACTIVE): _EDITOR | _IMPORT,
    (None, State.LEFT): _IMPORT,  # a list may bring the wish to leave along
    (State.PENDING, State.ACTIVE): _PERSON | _IMPORT,
    (State.PENDING, State.LEFT): _PERSON | _IMPORT,
    (State.PENDING, State.BOUNCED): _SERVER,
    (State.PENDING, State.COMPLAINED): _SERVER,
    (State.PENDING, State.ERASED): _ANYBODY,
    (State.ACTIVE, State.LEFT): _PERSON | _IMPORT,
    (State.ACTIVE, State.BOUNCED): _SERVER,
    (State.ACTIVE, State.COMPLAINED): _SERVER,
    (State.ACTIVE, State.ERASED): _PERSON,
    # Who left comes back by a wish of their own; a list never brings them back.
    (State.LEFT, State.ACTIVE): _PERSON,
    (State.LEFT, State.COMPLAINED): _SERVER,
    (State.LEFT, State.ERASED): _PERSON,
    # A dead mailbox or a complaint ends only by the editor's hand.
    (State.BOUNCED, State.ACTIVE): _EDITOR,
    (State.BOUNCED, State.LEFT): _PERSON,
    (State.BOUNCED, State.COMPLAINED): _SERVER,
    (State.BOUNCED, State.ERASED): _PERSON,
    (State.COMPLAINED, State.ACTIVE): _EDITOR,
    (State.COMPLAINED, State.ERASED): _PERSON,
}
"""Every legal move and who may make it; from None means that the address is new."""


def may_move(before: State | None, after: State, actor: Actor) -> bool:
    """Whether `actor` may take a subscriber from one state to another."""
    return actor in MOVES.get((before, after), frozenset())


class IllegalMoveError(PublisherError):
    """A move that the table does not allow; nothing was changed."""

    exit_code = 2

    def __init__(self, before: State | None, after: State, actor: Actor) -> None:
        """Say the move in words, and what is possible instead."""
        start = f"is {before}" if before else "is new"
        super().__init__(
            f"Who {start} cannot be made {after} by the {actor}",
            hint=_WAYS_BACK.get(before or after, "see docs/subscribers.md"),
        )


_WAYS_BACK = {
    State.LEFT: "they can subscribe again on the form, or `publisher subscribers add --again`",
    State.BOUNCED: "when the mailbox works again: `publisher subscribers add --again`",
    State.COMPLAINED: "only when they ask for it: `publisher subscribers add --again`",
}


@dataclass(frozen=True)
class Cause:
    """Why a subscriber moves: recorded with every move."""

    at: datetime
    actor: Actor
    source: str = ""  # the file, form or command it came by: `form`, `list.csv`, `5.1.1`
    consent: str = ""  # the version of the text that the reader agreed to


@dataclass(frozen=True)
class Move:
    """One line of a subscriber's record."""

    before: State | None
    after: State
    cause: Cause


@dataclass(frozen=True)
class Subscriber:
    """One reader. `address` is as they typed it; `topics` empty means everything."""

    id: int
    address: str
    state: State
    name: str
    topics: frozenset[str]
    since: datetime  # when the state was reached


@dataclass(frozen=True)
class Reader:
    """What a letter to one active subscriber needs to know."""

    id: int
    address: str
    name: str
