"""`publisher subscribers export`: the list as CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click

from publisher.cli import console
from publisher.cli.subscribers.desk import config_option, opened, sections_of

STATES = click.Choice(["pending", "active", "left", "bounced", "complained"])


@click.command()
@click.option("--state", type=STATES, help="Only those; by default everybody.")
@click.option("--topic", default="", help="Only those who want this section.")
@click.option("--raw", is_flag=True, help="Leave formulas alone: for machines, never for a spreadsheet.")
@config_option
def export(state: str | None, topic: str, raw: bool, config: Path) -> None:
    """Write the list to standard output as CSV.

    A cell that a spreadsheet would run as a formula gets an apostrophe, which an import takes off again.

    \b
    Example:
      publisher subscribers export --state active > readers.csv
    """
    from publisher.subscribers.exchange import COLUMNS, as_cells
    from publisher.subscribers.models import State

    with opened(config, only_look=True) as store:
        console.emit(_line(COLUMNS))
        for reader in store.everybody(State(state) if state else None, topic, sections_of(config)):
            console.emit(_line(as_cells(reader, raw=raw)))


def _line(cells: list[str] | tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
