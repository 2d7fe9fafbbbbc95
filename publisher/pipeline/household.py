"""What must be in order on this machine: who can read the secrets, and the clock *."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from publisher.config import Settings
from publisher.content.loading import issue_folders
from publisher.database import open_engine, reading
from publisher.delivery.tables import delivery
from publisher.errors import Finding, Severity
from publisher.subscribers.opening import KEY_FILE
from publisher.subscribers.tables import moves

DRIFT = timedelta(minutes=2)
"""How far a clock may be behind what it wrote itself: less is the file system's business."""


def secret_files(settings: Settings) -> list[Path]:
    """Every file that only its owner may read: readers, keys, passwords."""
    dkim = settings.delivery.dkim
    named = [settings.root / name for name in (dkim.key_file, dkim.ed25519_key_file) if name]
    return [*database_files(settings), settings.root / KEY_FILE, *named, settings.root / ".env"]


def database_files(settings: Settings) -> list[Path]:
    """The SQLite file and its companions; nothing where the readers are on a server."""
    try:
        address = make_url(settings.subscribers.database)
    except ArgumentError:
        return []
    if address.get_backend_name() != "sqlite" or not address.database:
        return []
    file = settings.root / address.database
    return [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]


def check_modes(files: Iterable[Path], root: Path) -> Iterator[Finding]:
    """Files with secrets are for their owner alone."""
    for file in files:
        try:
            mode = stat.S_IMODE(file.stat().st_mode)
        except OSError:
            continue  # what is not there cannot be read; what must be there is told by who needs it
        if mode & 0o077:
            name = str(file.relative_to(root)) if file.is_relative_to(root) else str(file)
            hint = f"chmod 600 {name}; if others were here, make new secrets"
            yield Finding(name, 0, 0, "", f"can be read by others (mode {mode:o})", hint, "M201")


def check_clock(written: Iterable[tuple[str, datetime]], now: datetime) -> Iterator[Finding]:
    """A clock that is behind what was written by it was set back, or never set."""
    late = max(written, key=lambda item: item[1], default=None)
    if late and now < late[1] - DRIFT:
        fault = f"is behind: it shows {now:%Y-%m-%d %H:%M} UTC, and {late[0]} is of {late[1]:%Y-%m-%d %H:%M}"
        hint = "let the clock follow the network (NTP); letters carry its time"
        yield Finding("clock", 0, 0, "", fault, hint, "M202", Severity.ERROR)


def last_written(settings: Settings) -> Iterator[tuple[str, datetime]]:
    """When this machine last wrote: the newest issue's files, a reader's move, a row of the ledger."""
    for folder in sorted(issue_folders(settings.root))[-1:]:
        for file in sorted(folder.iterdir()):
            name = file.relative_to(settings.root).as_posix()
            yield name, datetime.fromtimestamp(file.stat().st_mtime, UTC)
    files = database_files(settings)
    if files and not files[0].exists():
        return
    engine = open_engine(settings.subscribers.database, settings.root)
    try:
        with reading(engine) as connection:
            if not all(map(inspect(connection).has_table, (moves.name, delivery.name))):
                return  # on a server the database is there before its first run
            moved = connection.scalar(select(func.max(moves.c.at)))
            delivered = connection.scalar(select(func.max(delivery.c.changed)))
    finally:
        engine.dispose()
    if moved:
        yield "the last change of a reader", moved
    if delivered:
        yield "the last change of a delivery", datetime.fromtimestamp(delivered, UTC)
