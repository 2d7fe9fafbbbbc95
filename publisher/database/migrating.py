"""The tables brought to this version's shape *."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Engine

from publisher.database.transactions import take_turns, writing
from publisher.errors import ConfigurationError

_LOCK = 0x7075626C  # 'publ': the advisory lock that two starting machines share
_VERSIONS = Path(__file__).parent.parent / "migrations"


def migrate(engine: Engine) -> None:
    """Bring the tables to this version's shape, in one transaction; safe when two start at once.

    Raises ConfigurationError when the database was made by a newer Publisher.
    """
    config = Config()
    config.set_main_option("script_location", str(_VERSIONS).replace("%", "%%"))
    with writing(engine) as connection:
        take_turns(connection, _LOCK)
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ConfigurationError(
                f"The database cannot be brought to this version: {error}",
                hint="it may have been made by a newer Publisher; install that one",
            ) from None
