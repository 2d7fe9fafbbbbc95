"""`publisher subscribers import`: a list from elsewhere."""

from __future__ import annotations

import codecs
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publisher.cli import console
from publisher.cli.subscribers.desk import config_option, opened
from publisher.errors import Finding, Severity

if TYPE_CHECKING:
    from publisher.subscribers.bulk import Outcome
    from publisher.subscribers.exchange import Row

_SAMPLE = 256_000


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--consent", default="list", show_default=True, help="What these readers agreed to, and where.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@config_option
def import_list(file: Path, consent: str, dry_run: bool, config: Path) -> int:
    """Take in FILE, a CSV list with a column of addresses; name, state and topics are recognised too.

    Who left, bounced, complained or was erased is not brought back. Every line that cannot be used is told with
    its number (exit code 1). Broken off, it can simply be started again.

    \b
    Example:
      publisher subscribers import readers.csv --consent "paper form, 2025" --dry-run
    """
    from publisher.subscribers.bulk import import_rows
    from publisher.subscribers.exchange import read_list
    from publisher.subscribers.models import Actor, Cause

    counts: Counter[str] = Counter()
    cause = Cause(datetime.now(UTC), Actor.IMPORT, file.name, consent)
    with (
        opened(config, only_look=dry_run) as store,
        _lines(file) as (lines, position),
        _bar(file) as bar,
    ):
        rows = _good(read_list(lines, file.name), counts)
        for row, outcome in import_rows(store, rows, cause, dry_run=dry_run):
            counts[outcome] += 1
            _tell_refusal(row, outcome, file)
            bar.update(position() - bar.pos)
    _report(counts, dry_run=dry_run)
    return 1 if counts["bad"] else 0


def _good(items: Iterator[Row | Finding], counts: Counter[str]) -> Iterator[Row]:
    """Pass rows on; tell findings at once, so that a long list needs no memory for them."""
    for item in items:
        if isinstance(item, Finding):
            counts["bad"] += 1
            console.show_findings([item])
        else:
            yield item


def _tell_refusal(row: Row, outcome: Outcome, file: Path) -> None:
    if outcome == "refused":
        hint = "they come back by the form, or by `publisher subscribers add --again`"
        message = "left, bounced, complained or was erased before; not brought back"
        note = Finding(file.name, row.line, 0, "address", message, hint, "list-gone", Severity.NOTE)
        console.show_findings([note])


def _report(counts: Counter[str], *, dry_run: bool) -> None:
    words = {
        "added": "added",
        "left": "left, as the list says",
        "known": "known already",
        "refused": "not brought back",
        "bad": "unusable lines",
    }
    if dry_run:
        console.say("Nothing was changed. It would be:")
    for outcome, word in words.items():
        console.say(f"  {counts[outcome]:>9,} {word}")


@contextmanager
def _lines(file: Path) -> Iterator[tuple[io.TextIOWrapper, Any]]:
    """The file's lines in its encoding, and how many bytes have been read."""
    with file.open("rb") as opened_file:
        raw = opened_file if opened_file.seekable() else io.BytesIO(opened_file.read())  # a pipe
        encoding = _encoding(raw.read(_SAMPLE))
        raw.seek(0)
        errors = "replace" if encoding == "utf-16" else "surrogateescape"  # which knows no half characters
        text = io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline="")
        yield text, raw.tell


def _encoding(sample: bytes) -> str:
    """UTF-8 or UTF-16 by their marks; what is no UTF-8 is Windows' Cyrillic, as spreadsheets here save it."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8-sig"


@contextmanager
def _bar(file: Path) -> Iterator[Any]:
    with console.progress("Importing", file.stat().st_size) as bar:
        yield bar
