"""Between a row of a table and what it means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from publisher.subscribers.models import Actor, Cause, Move, State, Subscriber


def as_subscriber(row: Row[Any]) -> Subscriber:
    """Read a row of `subscribers`."""
    topics = frozenset(row.topics.split())
    return Subscriber(row.id, row.address, State(row.state), row.name, topics, row.since)


def as_move(row: Row[Any]) -> Move:
    """Read a row of `moves`."""
    before = State(row.before) if row.before else None
    return Move(before, State(row.after), Cause(row.at, Actor(row.actor), row.source, row.consent))


def join_topics(topics: Iterable[str]) -> str:
    """` economy nature `: a space on either side, so that one topic is found with LIKE.

    Topics are slugs, which hold neither spaces nor LIKE's wildcards.
    """
    joined = " ".join(sorted(set(topics)))
    return f" {joined} " if joined else ""
