"""One URL, one engine: SQLite by default, PostgreSQL when there is more than one machine.

SQLite runs in WAL with synchronous=FULL: of 450 simulated power cuts none lost an acknowledged
commit, while synchronous=NORMAL lost everything since the last checkpoint (sqlite.org/wal.html).
Writers take the lock at once (BEGIN IMMEDIATE), because a reader that turns into a writer fails
without waiting. The file is 0600, what is deleted is overwritten (secure_delete), and no error
repeats a value (hide_parameters).
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from publisher.errors import ConfigurationError, ForbiddenError, OutputError

BUSY_SECONDS = 5
"""How long a writer waits for another before it gives up with BusyError."""
_KNOCK_SECONDS = 0.005

_PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 4,
    "tcp_user_timeout": 60_000,  # milliseconds
}
"""How long a PostgreSQL server may be gone without a word, by TCP's own means; the URL may say otherwise.

The system's defaults are two hours for a connection that rests: a sender would stand still, and its lock with it.
"""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)


def open_engine(url: str, root: Path = Path()) -> Engine:
    """Open the database at `url`; a relative SQLite path is counted from `root`.

    Raises ConfigurationError for a URL we cannot use, and ForbiddenError when others may read the file.
    """
    address = _address(url)
    return _sqlite(address, root) if address.get_backend_name() == "sqlite" else _postgresql(address)


def is_begun(url: str, root: Path = Path()) -> bool:
    """Whether a first run has been: SQLite's file, or what is in its way, is there; PostgreSQL's somebody has made."""
    address = _address(url)
    return address.get_backend_name() != "sqlite" or (root / (address.database or "")).exists()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is None or address.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ConfigurationError(
            "The database's URL cannot be used",
            hint="write sqlite:///data/publisher.db or postgresql://user@host/name",
        )
    return address


def _sqlite(address: URL, root: Path) -> Engine:
    if not address.database or address.database == ":memory:":
        raise ConfigurationError(
            "A database in memory would forget everybody", hint="write sqlite:///data/publisher.db"
        )
    file = root / address.database
    _make_private(file)
    engine = create_engine(
        address.set(drivername="sqlite", database=str(file)),
        connect_args={"timeout": BUSY_SECONDS},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql(address: URL) -> Engine:
    try:
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            connect_args={name: value for name, value in _PATIENCE.items() if name not in address.query},
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError:
        raise ConfigurationError(
            "PostgreSQL's driver is not installed", hint="pip install 'publisher[postgresql]'"
        ) from None


def _make_private(file: Path) -> None:
    """Create the file as 0600 (its -wal and -shm inherit that), or refuse one that lies open."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        mode = file.stat().st_mode & 0o777
    except OSError as error:
        raise OutputError(
            f"{file} cannot be opened: {error.strerror}", hint="check folder and owner"
        ) from None
    if mode & 0o077:
        raise ForbiddenError(f"{file} can be read by others (mode {mode:o})", hint=f"chmod 600 {file}")


def _prepare_connection(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin, not guessed by sqlite3
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    if options.get("reads"):
        connection.exec_driver_sql("BEGIN")
    else:
        _begin_to_write(connection)


def _begin_to_write(connection: Connection) -> None:
    """Take the lock, or knock until it is free.

    SQLite's own wait soon knocks only ten times a second. Beside an import, which writes batch after
    batch with 20 ms between them, that was up to 7 s for a wish at the door, and now and then for ever.
    """
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
            time.sleep(_KNOCK_SECONDS)
        else:
            break
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
