"""Who is sending: a lock that the operating system, or PostgreSQL, drops when its holder dies.

SQLite: flock on a file beside the database; one sender at a time. PostgreSQL: a session advisory
lock per sender, held by the very connection on which intents are committed, so that a commit
which succeeds proves that the lock was held. No timers: a clock that jumps hurts nobody.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from publisher.errors import BusyError, OutputError

_SPACE = 0x73656E64  # 'send': the first half of every advisory lock of ours


@contextmanager
def sole_sender(database: Path, who: str) -> Iterator[None]:
    """Hold the lock beside an SQLite database. Raises BusyError naming the sender that has it.

    A link in its place is refused with an OutputError: we would write over what it leads to.
    """
    file = database.with_name(database.name + ".sending")
    try:
        handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise OutputError(
            f"{file} cannot be opened: {error.strerror}", hint="check folder and owner"
        ) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 200, 0).decode("utf-8", "replace").strip() or "another sender"
        os.close(handle)
        raise BusyError(
            f"Already sending: {holder}", hint="wait for it, or stop it with Ctrl-C there"
        ) from None
    try:
        _write(handle, who, file)
        yield
    finally:
        os.close(handle)  # the file stays: to delete it would open a gap for two holders


def _write(handle: int, who: str, file: Path) -> None:
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, who.encode(), 0)
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}", hint="free the disk") from None


def hold(connection: Connection, sender: int) -> None:
    """Take this sender's advisory lock for as long as the connection lives (PostgreSQL)."""
    connection.execute(text("SELECT pg_advisory_lock(:space, :sender)"), {"space": _SPACE, "sender": sender})


def take_turns(connection: Connection) -> None:
    """Let only one sender at a time freeze an audience, until its transaction ends (PostgreSQL)."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:space, 0)"), {"space": _SPACE})


def is_dead(connection: Connection, sender: int) -> bool:
    """Whether a sender's session is gone; if so, its rows are ours to mend until we commit."""
    statement = text("SELECT pg_try_advisory_xact_lock(:space, :sender)")
    return bool(connection.execute(statement, {"space": _SPACE, "sender": sender}).scalar())
