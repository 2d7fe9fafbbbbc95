"""`publisher subscribers erase`: the right to be forgotten (GDPR, Art. 17)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from publisher.cli import console
from publisher.cli.subscribers.desk import config_option, found, opened


@click.command()
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
def erase(who: str, yes: bool, config: Path) -> None:
    """Forget WHO, an address or a number: nothing of the person remains in tables, free pages or logs.

    A number without an address stays, so that books still balance, and a keyed hash, so that no list brings the
    person back. Copies made with `publisher backup` before are yours to delete.

    \b
    Example:
      publisher subscribers erase aigul@example.org
    """
    from publisher.database import scrub, writing
    from publisher.delivery.books import forget
    from publisher.subscribers.models import Actor, Cause, State

    with opened(config) as store:
        reader = found(store, who)
        if not yes and console.interactive():
            click.confirm(f"Forget {reader.address} for ever?", abort=True, err=True)
        with writing(store.engine) as connection:
            forget(connection, reader.id)
        store.move(reader.id, State.ERASED, Cause(datetime.now(UTC), Actor.EDITOR))
        scrub(store.engine, ["subscribers", "moves", "wishes", "deliveries"])
    console.say(f"Reader {reader.id} is forgotten. Older backups may still hold the address: delete them.")
