"""`publisher subscribers stats`: how many, and how they grow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from publisher.cli import console
from publisher.cli.subscribers.desk import config_option, opened


@click.command()
@click.option("--days", type=click.IntRange(2, 3650), default=60, show_default=True, help="How far back.")
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON.")
@config_option
def stats(days: int, as_json: bool, config: Path) -> None:
    """Count readers by state, and plot how many were active, day by day.

    \b
    Example:
      publisher subscribers stats --days 365
    """
    from publisher.subscribers.growth import active_by_day, plot
    from publisher.subscribers.models import State

    today = datetime.now(UTC).date()
    with opened(config, only_look=True) as store:
        counts, growth = store.counts(), store.growth()
    series = active_by_day(growth, today, days)
    if as_json:
        active = {day.isoformat(): count for day, count in series}
        console.emit_json({"counts": counts, "active": active})
        return
    for state in State:
        console.emit(f"{counts[state]:>11,} {state}")
    console.emit("")
    for line in plot(series):
        console.emit(line)
