"""What these commands share: the project file, the open store, and finding a reader."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publisher.errors import Finding, InputError, NothingToDoError

if TYPE_CHECKING:
    from publisher.config import Settings
    from publisher.subscribers.addresses import Address
    from publisher.subscribers.models import Subscriber
    from publisher.subscribers.store import SubscriberStore

_DIGITS = 19
"""A number of so many digits is beyond what a database counts to."""


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--config`."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        default="publication.toml",
        show_default=True,
        help="The project file.",
    )(command)


def settings_of(config: Path) -> Settings:
    """Read the project file."""
    from publisher.config import load_settings

    return load_settings(config, os.environ)


def sections_of(config: Path) -> list[str]:
    """The topics that there are today."""
    return [section.id for section in settings_of(config).publication.sections]


@contextmanager
def opened(config: Path, *, only_look: bool = False) -> Iterator[SubscriberStore]:
    """The publication's readers, for as long as the block lasts."""
    from publisher.subscribers import opening

    settings = settings_of(config)
    with opening.opened(settings.subscribers, settings.root, only_look=only_look) as store:
        yield store


def checked(text: str) -> Address:
    """The address that was typed. Raises InputError when it is none."""
    from publisher.subscribers.addresses import parse_address

    try:
        return parse_address(text)
    except ValueError as error:
        raise InputError([Finding(text[:80], 0, 0, "", str(error), "type name@example.org")]) from None


def found(store: SubscriberStore, who: str) -> Subscriber:
    """The reader of an address, or of a number. Raises NothingToDoError when there is none."""
    if who.isdecimal():  # a telephone's number, or a longer one, is no reader's
        reader = store.get(int(who)) if len(who) < _DIGITS else None
    else:
        reader = store.find(checked(who).typed)
    if reader is None:
        raise NothingToDoError(f"{who} is not on the list")
    return reader


def found_or_asking(store: SubscriberStore, who: str) -> Subscriber | Address:
    """The reader, or the address of somebody whose wish still waits for its letter; raises what `found` does.

    A wish is written down before its reader is, and is personal data from then on.
    """
    try:
        return found(store, who)
    except NothingToDoError:
        if who.isdecimal() or not store.waiting_wishes(address := checked(who)):
            raise
        return address
