"""`publisher subscribers leave`: for somebody who wrote instead of pressing the button."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from publisher.cli import console
from publisher.cli.subscribers.desk import config_option, found, opened


@click.command()
@click.argument("who")
@config_option
def leave(who: str, config: Path) -> None:
    """Send nothing further to WHO, an address or a number.

    \b
    Example:
      publisher subscribers leave aigul@example.org
    """
    from publisher.subscribers.models import Actor, Cause, State

    with opened(config) as store:
        reader = found(store, who)
        if reader.state in {State.LEFT, State.COMPLAINED, State.ERASED}:
            console.say(f"{who} is {reader.state} already; nothing is sent there.")
            return
        store.move(reader.id, State.LEFT, Cause(datetime.now(UTC), Actor.EDITOR, "command line"))
    console.say(f"{who} has left; no list brings them back.")
