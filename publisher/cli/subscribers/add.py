"""`publisher subscribers add`: somebody who asked in person."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from publisher.cli import console
from publisher.cli.subscribers.desk import checked, config_option, opened, sections_of
from publisher.errors import ForbiddenError


@click.command()
@click.argument("address")
@click.option("--name", default="", help="How the reader is called.")
@click.option(
    "--topic", "topics", multiple=True, help="A section's id; repeat for several. None: everything."
)
@click.option("--consent", default="in person", show_default=True, help="What the reader agreed to.")
@click.option("--again", is_flag=True, help="Also when they left, bounced or complained: they asked you to.")
@config_option
def add(address: str, name: str, topics: tuple[str, ...], consent: str, again: bool, config: Path) -> None:
    """Put ADDRESS on the list at once, without a confirmation letter.

    Only for somebody who asked you: the form is for everybody else. Of a reader who is known already, the name and
    the topics that you give are kept.

    \b
    Example:
      publisher subscribers add aigul@example.org --name "Aigul Sadykova"
    """
    from publisher.content.text import clean_line
    from publisher.subscribers.models import Actor, Cause, State

    checked_address, name = checked(address), clean_line(name)
    sections = sections_of(config)
    if wrong := [topic for topic in topics if topic not in sections]:
        raise click.BadParameter(
            f"{wrong[0]} is no section; there are {', '.join(sections)}", param_hint="--topic"
        )
    with opened(config) as store:
        before = store.find(checked_address.typed)
        gone = before.state if before else store.suppressed(checked_address)
        if gone not in {None, State.ACTIVE, State.PENDING} and not again:
            raise ForbiddenError(f"{address} {gone} before", hint="--again, if they asked you to")
        cause = Cause(datetime.now(UTC), Actor.EDITOR, "command line", consent)
        reader = store.add(checked_address, State.ACTIVE, cause, name=name, topics=topics)
        if before and name:
            store.rename(reader.id, name)
        if before and topics:
            store.prefer(reader.id, topics)
    known = before is not None and before.state is State.ACTIVE
    console.say(
        f"{reader.address} was on the list already." if known else f"{reader.address} is on the list."
    )
