"""One URL, one engine: SQLite by default, PostgreSQL when there is more than one machine.

SQLite runs in WAL with synchronous=FULL: of 450 simulated power cuts none lost an acknowledged
commit, while synchronous=NORMAL lost everything since the last checkpoint (sqlite.org/wal.html).
Writers take the lock at once (BEGIN IMMEDIATE), because a reader that turns into a writer fails
without waiting. The file is 0600, what is deleted is overwritten (secure_delete), and no error repeats a value (hide_parameters).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.types import TypeDecorator

from publisher.errors import (
    BusyError,
    ConfigurationError,
    ForbiddenError,
    OutputError,
    PublisherError,
    UnavailableError,
)

BUSY_SECONDS = 5
"""How long a writer waits for another before it gives up with BusyError."""

BigId = BigInteger().with_variant(Integer, "sqlite")
"""A row's number: SQLite counts by itself only in a column declared INTEGER."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)
_MIGRATION_LOCK = 0x7075626C  # 'publ': the advisory lock that two starting machines share
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A point in time: aware when it goes in, UTC when it comes out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Store UTC; a time without a zone is a mistake of the caller."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give SQLite's naive UTC its zone back."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def metadata() -> MetaData:
    """Make the catalogue of one room's tables; constraints are named alike on both databases."""
    return MetaData(naming_convention=_NAMES)


def open_engine(url: str, root: Path = Path()) -> Engine:
    """Open the database at `url`; a relative SQLite path is counted from `root`.

    Raises ConfigurationError for a URL we cannot use, and ForbiddenError when others may read the file.
    """
    address = _address(url)
    return _sqlite(address, root) if address.get_backend_name() == "sqlite" else _postgresql(address)


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
            address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True
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
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN" if options.get("reads") else "BEGIN IMMEDIATE")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes; it is durable when the block ends, or it did not happen.

    Raises BusyError, OutputError or UnavailableError instead of the driver's own errors.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise _explained(error) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent look that never waits for a writer."""
    try:
        with engine.connect().execution_options(reads=True) as connection:
            yield connection
    except DBAPIError as error:
        raise _explained(error) from error


def scrub(engine: Engine, tables: Iterable[str]) -> None:
    """Leave no trace of what was deleted from the tables: no free page, no log of old pages.

    SQLite has overwritten the pages (secure_delete), so its log is folded in and cut. PostgreSQL
    writes the tables anew; its own write-ahead log forgets as its segments are recycled.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if busy:
                raise BusyError(
                    "The deleted rows still stand in the log: somebody is reading", hint="run it again"
                )
        else:
            connection.exec_driver_sql(f"VACUUM (FULL) {', '.join(tables)}")


def backup(engine: Engine, file: Path) -> int:
    """Copy the whole database into `file` while it is in use; give the copy's size in bytes.

    The copy is complete and 0600 before it gets its name. Raises OutputError, ConfigurationError.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if engine.dialect.name == "sqlite":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(draft),))
        else:
            _dump(engine.url, draft)
        with draft.open("rb") as copy:
            os.fsync(copy.fileno())
        draft.replace(file)
    except DBAPIError as error:
        raise _explained(error) from error
    except OSError as error:
        raise OutputError(
            f"{file} cannot be written: {error.strerror}", hint="choose another place"
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


def _dump(url: URL, draft: Path) -> None:
    """Let PostgreSQL's own program write its archive; the password does not stand on the command line."""
    program = shutil.which("pg_dump")
    if program is None:
        raise ConfigurationError("pg_dump is not installed", hint="apt install postgresql-client")
    address = url.set(drivername="postgresql", password=None).render_as_string()
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    command = [program, "--format=custom", f"--file={draft}", address]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # no shell, our own words
    if run.returncode:
        raise OutputError(f"pg_dump failed: {run.stderr.strip()[:300]}", hint="check the server and the URL")


def take_turns(connection: Connection, lock: int) -> None:
    """Let this transaction run only when no other holds the same lock; SQLite's writers always take turns."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Make an INSERT that knows ON CONFLICT; both databases spell it alike."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def _explained(error: DBAPIError) -> PublisherError:
    reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason given"
    if "locked" in reason or "busy" in reason:
        return BusyError("The database is busy with another run", hint="try again in a moment")
    if error.connection_invalidated or "connect" in reason:
        return UnavailableError(
            f"The database does not answer: {reason}", hint="check the server and the URL"
        )
    return OutputError(f"The database refused: {reason}", hint="check the disk's space and the file's owner")


def migrate(engine: Engine) -> None:
    """Bring the tables to this version's shape, in one transaction; safe when two start at once.

    Raises ConfigurationError when the database was made by a newer Publisher.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with writing(engine) as connection:
        take_turns(connection, _MIGRATION_LOCK)
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ConfigurationError(
                f"The database cannot be brought to this version: {error}",
                hint="it may have been made by a newer Publisher; install that one",
            ) from None
