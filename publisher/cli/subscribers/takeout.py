"""`publisher subscribers takeout`: all that is held of one person (GDPR, Art. 15 and 20)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from publisher.cli import console
from publisher.cli.subscribers.desk import config_option, found, opened


@click.command()
@click.argument("who")
@config_option
def takeout(who: str, config: Path) -> None:
    """Write all that is held of WHO, an address or a number, as JSON.

    \b
    Example:
      publisher subscribers takeout aigul@example.org > aigul.json
    """
    from publisher.database import reading
    from publisher.delivery.books import history
    from publisher.subscribers.addresses import mailbox

    with opened(config, only_look=True) as store:
        reader = found(store, who)
        with reading(store.engine) as connection:
            sent = history(connection, mailbox(reader.address)) if reader.address else []
        held = {
            "reader": asdict(reader) | {"topics": sorted(reader.topics)},
            "record": [asdict(move) for move in store.record(reader.id)],
            "wishes": store.waiting_wishes(reader),
            "deliveries": [asdict(delivery) for delivery in sent],
        }
    console.emit_json(held)
