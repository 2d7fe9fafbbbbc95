"""`publisher subscribers takeout`: all that is held of one person (GDPR, Art. 15 and 20)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from publisher.cli import console
from publisher.cli.subscribers.desk import config_option, found_or_asking, opened


@click.command()
@click.argument("who")
@config_option
def takeout(who: str, config: Path) -> None:
    """Write all that is held of WHO, an address or a number, as JSON.

    Who has only just asked on the form is no reader yet, but a wish is held.

    \b
    Example:
      publisher subscribers takeout aigul@example.org > aigul.json
    """
    from publisher.database import reading
    from publisher.delivery.books import history
    from publisher.subscribers.addresses import Address, parse_address

    with opened(config, only_look=True) as store:
        person = found_or_asking(store, who)
        reader = None if isinstance(person, Address) else person
        typed = reader.address if reader else who
        address = parse_address(typed) if typed else None
        with reading(store.engine) as connection:
            sent = history(connection, address.mailbox) if address else []
        held = {
            "reader": asdict(reader) | {"topics": sorted(reader.topics)} if reader else None,
            "record": [asdict(move) for move in store.record(reader.id)] if reader else [],
            "wishes": store.waiting_wishes(address) if address else [],
            "deliveries": [asdict(delivery) for delivery in sent],
        }
    console.emit_json(held)
