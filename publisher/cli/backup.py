"""`publisher backup`: the database in one file, while it is in use."""

from __future__ import annotations

import os
from pathlib import Path

import click

from publisher.cli import console
from publisher.errors import NothingToDoError


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default="publication.toml",
    show_default=True,
    help="The project file.",
)
def backup(file: Path, config: Path) -> None:
    """Copy readers and deliveries into FILE, whole and readable by you alone.

    It may run while letters are sent. FILE is itself a database (SQLite), or pg_dump's archive (PostgreSQL). Keep
    the secret key too: without it the links in old letters stop working.

    \b
    Example:
      publisher backup backups/readers-2026-02-01.db
    """
    from publisher.config import load_settings
    from publisher.database import backup as copy
    from publisher.database import is_begun, open_engine
    from publisher.pipeline.household import database_files

    settings = load_settings(config, os.environ)
    if not is_begun(settings.subscribers.database, settings.root):
        raise NothingToDoError(
            "There is no database to copy", hint="check --config, and `database` under [subscribers]"
        )
    if file.resolve() in {ours.resolve() for ours in database_files(settings)}:
        raise click.BadParameter(f"{file} is the database itself", param_hint="FILE")
    if file.exists() and not file.is_file():  # root would put the copy in the place of /dev/stdout
        raise click.BadParameter(f"{file} is no file", param_hint="FILE")
    engine = open_engine(settings.subscribers.database, settings.root)
    size = copy(engine, file)
    engine.dispose()
    console.say(f"{file}: {size:,} bytes. To go back, stop everything and put it in the database's place.")
