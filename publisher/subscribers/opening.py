"""From settings to a store: the database with its tables, and the keys *."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from publisher.database import migrate, open_engine
from publisher.errors import ForbiddenError, OutputError
from publisher.subscribers.settings import SubscriberSettings
from publisher.subscribers.store import SubscriberStore
from publisher.subscribers.tokens import Keyring

KEY_FILE = Path("data/secret.key")


def open_store(settings: SubscriberSettings, root: Path) -> SubscriberStore:
    """Open the readers of the publication in `root`; a first run makes database and key.

    Raises ConfigurationError, ForbiddenError, OutputError, UnavailableError, BusyError.
    """
    keyring = open_keyring(settings, root)
    engine = open_engine(settings.database, root)
    migrate(engine)
    return SubscriberStore(engine, keyring)


def open_keyring(settings: SubscriberSettings, root: Path) -> Keyring:
    """The keys of the environment; else the one in data/secret.key, which is made when it is missing."""
    first = settings.secret_key.get_secret_value() if settings.secret_key else _key_in(root / KEY_FILE)
    older = (key.get_secret_value() for key in settings.old_secret_keys)
    return Keyring(tuple(key.encode() for key in (first, *older)))


def _key_in(file: Path) -> str:
    try:
        if not file.exists():
            _make_key(file)
        if file.stat().st_mode & 0o077:
            raise ForbiddenError(f"{file} can be read by others", hint=f"chmod 600 {file}")
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise OutputError(f"{file} cannot be used: {error.strerror}", hint="check folder and owner") from None


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
