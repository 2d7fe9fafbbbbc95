"""From settings to a store: the database with its tables, and the keys *."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, select

from publisher.database import is_begun, migrate, open_engine, reading
from publisher.errors import ConfigurationError, ForbiddenError, OutputError, PublisherError
from publisher.subscribers.settings import SubscriberSettings
from publisher.subscribers.store import SubscriberStore
from publisher.subscribers.tables import subscribers
from publisher.subscribers.tokens import SHORTEST_KEY, Keyring

KEY_FILE = Path("data/secret.key")
_NOBODY = "sqlite:///nobody.db"


def open_store(settings: SubscriberSettings, root: Path) -> SubscriberStore:
    """Open the readers of the publication in `root`; a first run makes database and key.

    Raises ConfigurationError, ForbiddenError, OutputError, UnavailableError, BusyError.
    """
    engine = open_engine(settings.database, root)
    try:
        migrate(engine)
        return SubscriberStore(engine, _open_keyring(settings, root, engine))
    except PublisherError:
        engine.dispose()
        raise


@contextmanager
def opened(settings: SubscriberSettings, root: Path, *, only_look: bool = False) -> Iterator[SubscriberStore]:
    """Open the readers for as long as the block lasts.

    Who will `only_look`, as a dry run does, begins nothing: where no database is yet, it sees an empty one
    that does not stay. Raises what `open_store` does.
    """
    with ExitStack() as ending:
        if only_look and not is_begun(settings.database, root):
            settings = settings.model_copy(update={"database": _NOBODY})
            root = Path(ending.enter_context(TemporaryDirectory()))
        store = open_store(settings, root)
        ending.callback(store.engine.dispose)
        yield store


def _open_keyring(settings: SubscriberSettings, root: Path, engine: Engine) -> Keyring:
    """The keys of the environment; else the one in data/secret.key, which is made before the first reader comes.

    Later a new key would be a second one: letters would carry links that the door does not know.
    """
    file = root / KEY_FILE
    if not settings.secret_key and not file.exists() and _has_readers(engine):
        raise ConfigurationError(
            f"There are readers, but neither PUBLISHER_SECRET_KEY nor {KEY_FILE} holds the key to their links",
            hint=f"give it; if it is lost for good, `openssl rand -hex 32 > {KEY_FILE}` makes old links useless",
        )
    first = settings.secret_key.get_secret_value() if settings.secret_key else _key_in(file)
    older = (key.get_secret_value() for key in settings.old_secret_keys)
    return Keyring(tuple(key.encode() for key in (first, *older)))


def _has_readers(engine: Engine) -> bool:
    with reading(engine) as connection:
        return connection.execute(select(subscribers.c.id).limit(1)).first() is not None


def _key_in(file: Path) -> str:
    try:
        if not file.exists():
            _make_key(file)
        if file.stat().st_mode & 0o077:
            raise ForbiddenError(f"{file} can be read by others", hint=f"chmod 600 {file}")
        return _whole(file.read_bytes().strip(), file)
    except OSError as error:
        raise OutputError(f"{file} cannot be used: {error.strerror}", hint="check folder and owner") from None


def _whole(key: bytes, file: Path) -> str:
    """The key, if it is one: an empty or damaged file must not look like a reason to make another."""
    if not key.isascii() or len(key) < SHORTEST_KEY:
        raise ConfigurationError(
            f"{file} holds no key: it has to be {SHORTEST_KEY} letters and digits, or more",
            hint=f"put the one of your backup in its place; if it is lost for good, `openssl rand -hex 32 > {KEY_FILE}` "
            "makes old links useless",
        )
    return key.decode()


def _make_key(file: Path) -> None:
    """Write the whole key first and give it its name then: two that start at once share one key."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as text:
        text.write(secrets.token_hex(32) + "\n")
        text.flush()
        os.fsync(text.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
