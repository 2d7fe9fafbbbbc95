"""`publisher subscribers`: the list of readers, one command a file."""

from __future__ import annotations

import click

from publisher.cli.subscribers.add import add
from publisher.cli.subscribers.erase import erase
from publisher.cli.subscribers.export import export
from publisher.cli.subscribers.import_list import import_list
from publisher.cli.subscribers.leave import leave
from publisher.cli.subscribers.look import list_readers, show
from publisher.cli.subscribers.stats import stats
from publisher.cli.subscribers.takeout import takeout


@click.group()
def subscribers() -> None:
    """Readers: add, import, export, look up, let go, forget.

    \b
    Example:
      publisher subscribers import readers.csv --dry-run
    """


for _command in (add, import_list, export, list_readers, show, leave, erase, takeout, stats):
    subscribers.add_command(_command)
