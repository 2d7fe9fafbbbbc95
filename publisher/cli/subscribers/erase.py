"""`publisher subscribers erase`: the right to be forgotten (GDPR, Art. 17)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from publisher.cli import console
from publisher.cli.subscribers.desk import config_option, found, opened, settings_of


@click.command()
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
def erase(who: str, yes: bool, config: Path) -> None:
    """Forget WHO, an address or a number: nothing of the person remains in tables, free pages or logs.

    Letters to the person in our folders are deleted too, and files that hold the address (lists, backups) are
    named. A number without an address stays, so that books still balance, and a keyed hash, so that no list brings
    the person back.

    \b
    Example:
      publisher subscribers erase aigul@example.org
    """
    from publisher.pipeline.forgetting import forget_person

    settings = settings_of(config)
    with opened(config) as store:
        reader = found(store, who)
        if not yes and console.interactive():
            click.confirm(f"Forget {reader.address} for ever?", abort=True, err=True)
        forgotten = forget_person(settings, store, reader, datetime.now(UTC))
    console.say(f"Reader {reader.id} is forgotten; {len(forgotten.letters)} letters in folders were deleted.")
    if forgotten.traces:
        console.say(
            "The address still stands in these files, or they cannot be read; delete or correct them:"
        )
        for file in forgotten.traces:
            console.say(f"  {file.relative_to(settings.root)}")
    for place in forgotten.beyond:
        console.say(f"Only the server's administrator can wipe {place}: see docs/subscribers.md, Erasing.")
    if forgotten.unfinished:
        console.say(
            f"Deleted, but not yet wiped; afterwards run: publisher subscribers erase {reader.id} --yes"
        )
        raise forgotten.unfinished
