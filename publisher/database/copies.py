"""What is kept of the data elsewhere: copies *."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from publisher.database.transactions import explaining
from publisher.errors import ConfigurationError, OutputError


def backup(engine: Engine, file: Path) -> int:
    """Copy the whole database into `file` while it is in use; give the copy's size in bytes.

    The copy is complete and 0600 before it gets its name. Raises OutputError, ConfigurationError.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if engine.dialect.name == "sqlite":
            with explaining(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(draft),))
        else:
            _dump(engine.url, draft)
        with draft.open("rb") as copy:
            os.fsync(copy.fileno())
        draft.replace(file)
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
