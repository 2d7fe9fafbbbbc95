"""`publisher rates`: look at the table, bring it up to date, fill its memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from publisher import __version__
from publisher.cli import console
from publisher.cli.days import DAY

if TYPE_CHECKING:
    from publisher.config import Settings
    from publisher.errors import Finding
    from publisher.rates.history import History
    from publisher.rates.models import RatesFile, RatesTable
    from publisher.rates.sources.http import HttpClient
    from publisher.rates.sources.protocol import Source
    from publisher.rates.updating import Accept

MOST_DAYS = 1100  # three years of backfill at a time are enough for any bank's patience


@click.group(invoke_without_command=True)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default="publication.toml",
    show_default=True,
    help="The project file; its folder holds issues/ and rates/.",
)
@click.option(
    "--date", "day", type=DAY, metavar="DATE", help="The issue whose table is shown; by default the newest."
)
@click.option("--json", "as_json", is_flag=True, help="The table as JSON on standard output.")
@click.pass_context
def rates(ctx: click.Context, config: Path, day: datetime | None, as_json: bool) -> None:
    """Show an issue's rates table; bring it up to date; fill its memory.

    \b
    Examples:
      publisher rates                     the newest issue's table
      publisher rates update              fetch today's values for it
      publisher rates backfill 2025-11-01 2025-12-10
    """
    from publisher.config import load_settings

    ctx.obj = load_settings(config, os.environ)
    if ctx.invoked_subcommand is None:
        _show(ctx.obj, day.date() if day else None, as_json=as_json)


_accept = click.option(
    "--accept", multiple=True, metavar="CODE[:PAIR]", help="Let a stopped value pass, on the record."
)
_reason = click.option("--reason", default="", help="Why it is right; recorded beside it.")


@rates.command()
@click.argument("day", type=DAY, required=False, metavar="[DATE]")
@_accept
@_reason
@click.pass_obj
def update(settings: Settings, day: datetime | None, accept: tuple[str, ...], reason: str) -> int:
    """Fetch the rates of DATE, put them through the gates, write them.

    By default DATE is the newest issue's. Writes issues/DATE/rates.yml and rates/history.csv, or, when a gate
    stops a value, nothing at all: then it shows the numbers and exits with 1. `--accept CODE` lets a value pass
    and records that in rates.yml.

    \b
    Examples:
      publisher rates update
      publisher rates update 2026-04-02 --accept R302:USD/UZS --reason "CBU confirmed by phone"
    """
    from publisher.cli.rates_backfill import tell_silent
    from publisher.cli.rates_files import HISTORY, known_history, newest_issue, read_rates, stored_history
    from publisher.cli.rates_table import draw
    from publisher.rates.collect import collect
    from publisher.rates.gates import Circumstances, unaccepted
    from publisher.rates.history import locked, write_atomically, write_history
    from publisher.rates.questions import still_open
    from publisher.rates.updating import accepting, to_yaml, updated

    flags = _flags(accept)
    when = day.date() if day else (newest_issue(settings.root) or _today(settings))
    with locked(settings.root / HISTORY.parent), _client(settings) as client:
        history, (file, text) = known_history(settings), read_rates(settings.root, when)
        path = f"issues/{when}/rates.yml"
        around = Circumstances(history, settings.rates, when, path)
        found = collect(_sources(settings), around, client)
        tell_silent(found)
        vouched = accepting(file, found.findings, flags, at=_today(settings), reason=reason)
        if _stopped(tuple(unaccepted(found.findings, vouched))):
            return 1
        new = updated(vouched, found.quotes)
        write_history(settings.root / HISTORY, stored_history(settings).including(found.quotes))
        questions = still_open(text, file.quotes, new.quotes)
        write_atomically(settings.root / path, to_yaml(new, questions))
    console.emit(path)
    console.emit(str(HISTORY))
    draw(_table(new, history, settings, when), settings.publication.language)
    return 0


@rates.command()
@click.argument("start", type=DAY, metavar="FROM")
@click.argument("end", type=DAY, metavar="TO")
@_accept
@_reason
@click.pass_obj
def backfill(settings: Settings, start: datetime, end: datetime, accept: tuple[str, ...], reason: str) -> int:
    """Fill rates/history.csv with the days FROM to TO, so that changes and charts have a past.

    A value that a gate stops is left out and told; `--accept CODE` lets it in and records that in
    rates/accepted.csv. Sources that know only their latest day are not asked.

    \b
    Examples:
      publisher rates backfill 2025-11-01 2025-12-10
      publisher rates backfill 2026-03-30 2026-04-10 --accept R302:USD/UZS --reason "CBU, by phone"
    """
    from publisher.cli.rates_backfill import Passing, fill
    from publisher.cli.rates_files import HISTORY

    days = [start.date() + timedelta(days=n) for n in range((end - start).days + 1)]
    if not 0 < len(days) <= MOST_DAYS:
        raise click.UsageError(f"FROM to TO must be 1 to {MOST_DAYS} days")
    sources = [source for source in _sources(settings) if not source.latest_only]
    with _client(settings) as client:
        filled = fill(settings, days, sources, client, Passing(_flags(accept), _today(settings), reason))
    console.show_findings(filled.findings)
    console.emit(str(HISTORY))
    told = f"{len(days)} days asked for, {filled.new} values new, {filled.known} in all."
    console.say(f"{told} {len(filled.findings)} left out." if filled.findings else told)
    return 1 if filled.findings else 0


def _show(settings: Settings, day: date | None, *, as_json: bool) -> None:
    from publisher.cli.rates_files import known_history, newest_issue, rates_of
    from publisher.cli.rates_table import draw
    from publisher.errors import NothingToDoError
    from publisher.rates.export import export_rates
    from publisher.rates.gates import Circumstances
    from publisher.rates.review import review

    when = day or newest_issue(settings.root)
    file = rates_of(settings.root, when) if when else None
    if when is None or file is None or not file.quotes:
        hint = "fetch them with: publisher rates update"
        raise NothingToDoError(
            f"The issue of {when} has no rates" if when else "There is no issue", hint=hint
        )
    history = known_history(settings)
    table = _table(file, history, settings, when)
    if as_json:
        console.emit(export_rates(table, history)["rates.json"].decode().rstrip())
    else:
        draw(table, settings.publication.language)
    for given in file.accepted:
        why = f": {given.reason}" if given.reason else ""
        console.say(f"Accepted on {given.at}: {given.code} {given.pair}{why}")
    around = Circumstances(history, settings.rates, when, f"issues/{when}/rates.yml")
    console.show_findings(review(file, around))


def _flags(accept: tuple[str, ...]) -> list[Accept]:
    from publisher.rates.updating import Accept

    try:
        return [Accept.parse(text) for text in accept]
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _stopped(findings: tuple[Finding, ...]) -> bool:
    """Tell all findings; whether one of them stops the update."""
    from publisher.errors import Severity

    console.show_findings(findings)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        console.say(f"{len(errors)} value{'s' if len(errors) > 1 else ''} stopped; nothing was written.")
    return bool(errors)


@contextmanager
def _client(settings: Settings) -> Iterator[HttpClient]:
    from publisher.rates.sources.http import HttpClient

    agent = f"Publisher/{__version__} (+{settings.publication.url})"
    with HttpClient(user_agent=agent, timeout=settings.rates.timeout) as client:
        yield client


def _sources(settings: Settings) -> tuple[Source, ...]:
    from publisher.rates.sources.registry import chosen_sources

    return chosen_sources(settings.rates, settings.root)


def _table(file: RatesFile, history: History, settings: Settings, day: date) -> RatesTable:
    from publisher.rates.table import build_table

    return build_table(file, history, settings.rates, day)


def _today(settings: Settings) -> date:
    return datetime.now(ZoneInfo(settings.publication.timezone)).date()
