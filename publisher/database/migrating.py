"""The tables brought to this version's shape *."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from publisher.database.transactions import take_turns, writing
from publisher.errors import ConfigurationError

_LOCK = 0x7075626C  # 'publ': the advisory lock that two starting machines share
_VERSIONS = Path(__file__).parent.parent / "migrations"


def migrate(engine: Engine) -> None:
    """Bring the tables to this version's shape, in one transaction; safe when two start at once.

    Alembic, which takes 11 MB and a tenth of a second, is loaded only where there is something to do.
    Raises ConfigurationError when the database was made by a newer Publisher.
    """
    if _is_current(engine):
        return
    from alembic import command  # noqa: PLC0415  # see above
    from alembic.config import Config  # noqa: PLC0415  # see above
    from alembic.util.exc import CommandError  # noqa: PLC0415  # see above

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


def _is_current(engine: Engine) -> bool:
    """Whether the newest of our versions is the database's: files are numbered in their order."""
    newest = max(file.name for file in (_VERSIONS / "versions").glob("[0-9]*.py")).partition("_")[0]
    try:
        with engine.connect().execution_options(reads=True) as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest
    except DBAPIError:  # a new database has no such table
        return False
