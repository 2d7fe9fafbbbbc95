"""Transactions: one that writes holds or did not happen, one that reads never waits *."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeftError

from publisher.errors import BusyError, OutputError, PublisherError, UnavailableError

_LOCKED = {"55P03", "40P01"}
"""PostgreSQL's lock_not_available and deadlock_detected, in whichever language it says so."""


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes; it is durable when the block ends, or it did not happen.

    Raises BusyError, OutputError or UnavailableError instead of the driver's own errors.
    """
    with explaining(), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent look that never waits for a writer."""
    with explaining(), engine.connect().execution_options(reads=True) as connection:
        yield connection


@contextmanager
def explaining() -> Iterator[None]:
    """Say in our words what the driver complains of inside the block."""
    try:
        yield
    except DBAPIError as error:
        raise _explained(error) from error
    except NoConnectionLeftError as error:
        raise BusyError("The database is busy with other questions", hint="try again in a moment") from error


def _explained(error: DBAPIError) -> PublisherError:
    reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason given"
    if "locked" in reason or "busy" in reason or getattr(error.orig, "sqlstate", "") in _LOCKED:
        return BusyError("The database is busy with another run", hint="try again in a moment")
    if error.connection_invalidated or "connect" in reason:
        return UnavailableError(
            f"The database does not answer: {reason}", hint="check the server and the URL"
        )
    hint = "check the disk's space and the file's owner"
    if "not a database" in reason or "malformed" in reason:
        hint = "the file is damaged: go back to a backup (docs/deployment.md, Backups)"
    return OutputError(f"The database refused: {reason}", hint=hint)


def take_turns(connection: Connection, lock: int) -> None:
    """Let this transaction run only when no other holds the same lock; SQLite's writers always take turns."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Make an INSERT that knows ON CONFLICT; both databases spell it alike."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
