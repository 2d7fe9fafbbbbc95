"""Servers that tests start for themselves, on sockets of their own, and end again."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine

_numbers = count(1)


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Run a PostgreSQL server in a temporary folder; give its URL with %s for the database's name."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user = _unprivileged(folder)

    def run(*command: str) -> None:
        subprocess.run(command, user=user, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)

    data, log = str(folder / "data"), str(folder / "log")
    run(str(programs / "initdb"), "-D", data, "-U", "publisher", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c fsync=off -c listen_addresses='' -c unix_socket_directories='{folder}'"
    run(str(programs / "pg_ctl"), "-D", data, "-l", log, "-o", options, "-w", "start")
    try:
        yield f"postgresql://publisher@/%s?host={folder}"
    finally:
        run(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root: hand the folder to somebody else then."""
    if os.geteuid() != 0:
        return None
    user = pwd.getpwnam("postgres").pw_uid
    os.chown(folder, user, -1)
    return user


def new_postgresql_database(server: str) -> str:
    """Make an empty database on the server and give its URL."""
    name = f"publisher_{os.getpid()}_{next(_numbers)}"
    url = (server % "postgres").replace("postgresql:", "postgresql+psycopg:", 1)
    maker = create_engine(url, isolation_level="AUTOCOMMIT")
    with maker.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    maker.dispose()
    return server % name
