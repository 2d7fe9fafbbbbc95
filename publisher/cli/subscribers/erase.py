"""`publisher subscribers erase`: the right to be forgotten (GDPR, Art. 17)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from publisher.cli import console
from publisher.cli.subscribers.desk import config_option, found_or_asking, opened, settings_of


@click.command()
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
def erase(who: str, yes: bool, config: Path) -> None:
    """Forget WHO, an address or a number: nothing of the person remains in tables, free pages or logs.

    That goes also for who has only just asked on the form. Letters to the person in our folders are deleted too, and
    files that hold the address (lists, backups) are named. A number without an address stays, so that books still
    balance, and a keyed hash, so that no list brings the person back.

    \b
    Example:
      publisher subscribers erase aigul@example.org
    """
    from publisher.pipeline.forgetting import forget_person
    from publisher.subscribers.addresses import Address
    from publisher.subscribers.models import Actor, Cause, State

    settings, now = settings_of(config), datetime.now(UTC)
    with opened(config) as store:
        person = found_or_asking(store, who)
        if not yes and console.interactive():
            shown = person.typed if isinstance(person, Address) else person.address
            click.confirm(f"Forget {shown} for ever?", abort=True, err=True)
        if isinstance(person, Address):
            # entered as the letter would do it: then a number stays, by which to finish and to count
            person = store.add(person, State.PENDING, Cause(now, Actor.READER, "form"))
        forgotten = forget_person(settings, store, person, now)
    console.say(f"Reader {person.id} is forgotten; {len(forgotten.letters)} letters in folders were deleted.")
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
            f"Deleted, but not yet wiped; afterwards run: publisher subscribers erase {person.id} --yes"
        )
        raise forgotten.unfinished
