"""No trace of what was deleted: neither in free pages nor in logs of old pages *."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from publisher.database.engines import BUSY_SECONDS
from publisher.database.transactions import explaining
from publisher.errors import BusyError, ForbiddenError

_PAUSE_SECONDS = 0.25


def scrub(engine: Engine, tables: Sequence[str]) -> list[str]:
    """Leave no trace of what was deleted from the tables; give the places that are beyond our reach.

    SQLite overwrites what is deleted (secure_delete), yet of 400 erased readers one still stood in the
    gap of a page that had been split before; so the file is written anew, and its log cut. PostgreSQL
    writes the tables anew; then its write-ahead log is turned over, where our role may do that.
    Raises BusyError where others see the deleted rows for BUSY_SECONDS on, ForbiddenError, OutputError,
    UnavailableError.
    """
    with explaining(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name != "sqlite":
            _write_anew(connection, tables)
            return _turn_log(connection)
        connection.exec_driver_sql("VACUUM")
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    if busy:
        raise BusyError("The deleted rows still stand in the log: somebody is reading", hint="run it again")
    return []


def _write_anew(connection: Connection, tables: Sequence[str]) -> None:
    """VACUUM FULL, again while somebody still sees the deleted rows, be it autovacuum at its samples."""
    deadline = time.monotonic() + BUSY_SECONDS
    # behind a pg_dump it would wait for the end of that, and the whole door behind it
    connection.exec_driver_sql(f"SET lock_timeout = '{BUSY_SECONDS}s'")
    try:
        while rows_kept := _vacuumed(connection, tables):
            if time.monotonic() > deadline:
                break
            time.sleep(_PAUSE_SECONDS)
    finally:
        connection.exec_driver_sql("RESET lock_timeout")
    if rows_kept:
        raise BusyError(
            "The deleted rows still stand in the tables: somebody is reading", hint="run it again"
        )


def _vacuumed(connection: Connection, tables: Sequence[str]) -> int:
    """Write the tables anew, and hear what was done: the number of deleted rows that somebody still sees.

    PostgreSQL says it in a notice only: `DETAIL: 1 dead row versions cannot be removed yet.`, one for each
    table. Raises ForbiddenError where one is missing: tables of others are skipped.
    """
    kept: list[int] = []

    def hear(notice: Any) -> None:
        if number := re.search(r"\d+", notice.message_detail or ""):
            kept.append(int(number[0]))

    driver: Any = connection.connection.driver_connection
    driver.add_notice_handler(hear)
    try:
        connection.exec_driver_sql(f"VACUUM (FULL, VERBOSE) {', '.join(tables)}")
    finally:
        driver.remove_notice_handler(hear)
    if len(kept) < len(tables):
        raise ForbiddenError(
            "PostgreSQL lets this role delete rows, but not wipe them", hint="run it as the tables' owner"
        )
    return sum(kept)


def _turn_log(connection: Connection) -> list[str]:
    """Close the segment of the log that holds the rows, and let a checkpoint drop it."""
    beyond = []
    try:
        connection.exec_driver_sql("SELECT pg_switch_wal()")
        connection.exec_driver_sql("CHECKPOINT")
    except DBAPIError:
        beyond.append(
            "PostgreSQL's write-ahead log, until it is overwritten (this role may not turn it over)"
        )
    else:
        if connection.exec_driver_sql("SHOW wal_recycle").scalar() == "on":
            beyond.append("PostgreSQL's write-ahead log, until it is overwritten (wal_recycle is on)")
    if connection.exec_driver_sql("SHOW archive_mode").scalar() != "off":
        beyond.append("the archive of PostgreSQL's write-ahead log")
    return beyond
