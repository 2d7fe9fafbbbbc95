"""The engine and its tables, on SQLite and on PostgreSQL."""

import stat
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Event

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from servers import new_postgresql_database
from sqlalchemy import Engine, column, insert, inspect, select, table, text

import publisher
from publisher.database import migrate, open_engine, reading, writing
from publisher.delivery import ledger
from publisher.delivery.models import Claim, Recipient
from publisher.delivery.tables import mailing
from publisher.errors import BusyError, ConfigurationError, ForbiddenError, OutputError, UnavailableError
from publisher.subscribers.tables import METADATA, wishes


def test_migrations_make_the_tables_that_the_code_declares(engine: Engine) -> None:
    """A fresh database has exactly the tables of the room, on both systems."""
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [d for d in compare_metadata(context, METADATA) if d[0] != "remove_table"]
    assert [d for d in differences if getattr(d[1], "name", "") in METADATA.tables] == []
    assert {d[1].name for d in differences if d[0] == "add_table"} == set()


def test_two_that_start_at_once_migrate_once(database_url: str) -> None:
    """Eight starting programs leave one set of tables and no error."""

    def start(_number: int) -> None:
        engine = open_engine(database_url)
        migrate(engine)
        engine.dispose()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(start, range(8))) == [None] * 8


def test_a_ledger_of_the_last_version_keeps_its_rows(engine: Engine) -> None:
    """Who has had a letter is still known after the names beside the addresses are dropped, and so is the index."""
    old = {
        "recipient": 7,
        "address": "a@b.example",
        "name": "A",
        "token": "t",
        "status": "queued",
        "comment": "",
    }
    old |= {"id": 1, "mailing": 1, "attempts": 0, "resends": 0, "due": 0, "changed": 0}
    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(publisher.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")
        connection.execute(
            mailing.insert(),
            {"id": 1, "name": "2025-12-10", "content": "", "candidates": 1, "subject": "", "frozen": 0},
        )
        connection.execute(insert(table("deliveries", *map(column, old))), old)
    migrate(engine)
    with writing(engine) as connection:
        claims = ledger.claim(connection, 1, owner=1, now=1, limit=2)
        indexes = {index["name"] for index in inspect(connection).get_indexes("deliveries")}
    assert claims == [Claim(1, Recipient(7, "a@b.example"))]
    assert "ix_deliveries_due" in indexes


def test_a_newer_database_is_refused_in_words(engine: Engine) -> None:
    """An older Publisher does not touch tables it does not know."""
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="newer Publisher"):
        migrate(engine)


def test_a_time_comes_back_in_utc(engine: Engine) -> None:
    """A moment in any zone is the same moment afterwards, on both systems."""
    noon = datetime(2025, 12, 10, 12, 0, tzinfo=timezone(timedelta(hours=6)))
    row = {"key": "", "address": "", "consent": "", "asked": noon, "due": noon, "tries": 0}
    with writing(engine) as connection:
        connection.execute(wishes.insert(), row)
    with reading(engine) as connection:
        assert connection.scalar(select(wishes.c.asked)) == datetime(2025, 12, 10, 6, 0, tzinfo=UTC)


def test_what_fails_halfway_did_not_happen(engine: Engine) -> None:
    """A transaction that is broken off leaves nothing behind."""
    now = datetime(2025, 12, 10, tzinfo=UTC)
    row = {"key": "", "address": "", "consent": "", "asked": now, "due": now, "tries": 0}
    broken = row | {"address": None}

    def write() -> None:
        with writing(engine) as connection:
            connection.execute(wishes.insert(), row)
            connection.execute(wishes.insert(), broken)

    with pytest.raises(OutputError, match=r"(?i)not.null"):
        write()
    with reading(engine) as connection:
        assert connection.execute(select(wishes)).all() == []


def test_sqlite_is_private_durable_and_forgets(tmp_path: Path) -> None:
    """The file and its log are 0600; WAL, FULL, foreign keys and secure_delete are on."""
    engine = open_engine("sqlite:///data/publisher.db", tmp_path)
    migrate(engine)
    with reading(engine) as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "data").iterdir()}
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert set(modes.values()) == {0o600}
    assert "publisher.db-wal" in modes


def test_a_database_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """Addresses do not lie open to a neighbour on the machine."""
    file = tmp_path / "open.db"
    file.touch(mode=0o644)
    with pytest.raises(ForbiddenError, match="chmod 600"):
        open_engine(f"sqlite:///{file}")


def test_a_second_writer_waits_and_then_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writers never meet: the second gives up with 'busy', not with a driver's error."""
    monkeypatch.setattr("publisher.database.engines.BUSY_SECONDS", 0.1)
    engine = open_engine("sqlite:///publisher.db", tmp_path)
    migrate(engine)
    with writing(engine), pytest.raises(BusyError), writing(engine):
        pass


def test_a_short_wish_finds_its_turn_beside_a_long_import(tmp_path: Path) -> None:
    """Another program writes batch after batch with 20 ms between: nobody waits until it ends."""
    engine = open_engine("sqlite:///publisher.db", tmp_path)
    migrate(engine)
    ended = Event()

    def write_batches() -> None:
        while not ended.is_set():
            with writing(engine):
                time.sleep(0.2)
            time.sleep(0.02)

    with ThreadPoolExecutor(1) as importer:
        importer.submit(write_batches)
        for _ in range(10):
            with writing(engine):
                pass  # raises BusyError after five seconds
        ended.set()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("sqlite://", ConfigurationError),
        ("not a url", ConfigurationError),
        ("mysql://x/y", ConfigurationError),
        ("sqlite:////proc/no/such/place.db", OutputError),
    ],
)
def test_a_url_that_cannot_be_used_is_explained(url: str, error: type[Exception]) -> None:
    """A wrong setting is an error in words, with what to write instead."""
    with pytest.raises(error, match="->"):
        open_engine(url)


def test_a_server_that_is_away_is_unavailable() -> None:
    """No PostgreSQL at the address: exit code 69, not a traceback."""
    with pytest.raises(UnavailableError):
        migrate(open_engine("postgresql://nobody@127.0.0.1:1/nothing"))


@pytest.mark.postgresql
def test_a_server_that_falls_silent_is_given_up_within_a_minute_or_as_the_url_says(postgresql: str) -> None:
    """TCP's own defaults are hours, through which a sender would stand still."""
    url = f"{new_postgresql_database(postgresql)}&keepalives_idle=5"
    engine = open_engine(url)
    with engine.connect() as connection:
        known = connection.connection.dbapi_connection.info.get_parameters()
    engine.dispose()
    assert (known["connect_timeout"], known["tcp_user_timeout"]) == ("10", "60000")
    assert (known["keepalives_idle"], known["keepalives_interval"], known["keepalives_count"]) == (
        "5",
        "10",
        "4",
    )
