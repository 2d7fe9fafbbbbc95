"""`publisher subscribers list` and `show`: who is there, and how they came."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import click

from publisher.cli import console
from publisher.cli.subscribers.desk import config_option, found, opened, sections_of
from publisher.cli.subscribers.export import STATES
from publisher.errors import NothingToDoError


@click.command("list")
@click.option("--state", type=STATES, help="Only those; by default everybody.")
@click.option("--topic", default="", help="Only those who want this section.")
@click.option("--match", default="", help="Only addresses or names that contain this.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="How many at most.")
@config_option
def list_readers(state: str | None, topic: str, match: str, limit: int, config: Path) -> None:
    """List readers: number, state, since when, address, name.

    \b
    Example:
      publisher subscribers list --state left --match @example.org
    """
    from publisher.subscribers.models import State

    with opened(config, only_look=True) as store:
        readers = store.everybody(State(state) if state else None, topic, sections_of(config))
        wanted = (r for r in readers if match.casefold() in f"{r.address} {r.name}".casefold())
        shown = list(islice(wanted, limit + 1))
    if not shown:
        raise NothingToDoError("Nobody on the list fits")
    for r in shown[:limit]:
        console.emit(f"{r.id}\t{r.state}\t{r.since:%Y-%m-%d}\t{r.address}\t{r.name}".rstrip())
    if len(shown) > limit:
        console.say(f"There are more than {limit}; --limit shows them.")


@click.command()
@click.argument("who")
@config_option
def show(who: str, config: Path) -> None:
    """Show one reader, by address or number, with every move.

    \b
    Example:
      publisher subscribers show aigul@example.org
    """
    with opened(config, only_look=True) as store:
        reader = found(store, who)
        record = store.record(reader.id)
    topics = ", ".join(sorted(reader.topics)) or "everything"
    facts = {
        "number": reader.id,
        "address": reader.address,
        "name": reader.name,
        "state": reader.state,
        "topics": topics,
    }
    for label, value in facts.items():
        console.emit(f"{label:<8} {value}".rstrip())
    for move in record:
        cause = move.cause
        consent = f", consent {cause.consent}" if cause.consent else ""
        start = f"{move.before} -> " if move.before else ""
        by = f"by the {cause.actor}, {cause.source}" if cause.source else f"by the {cause.actor}"
        console.emit(f"{cause.at:%Y-%m-%d %H:%M} UTC  {start}{move.after} {by}{consent}")
