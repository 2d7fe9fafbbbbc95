"""What every pair was worth on every day we know of: `rates/history.csv`, kept in git.

One line a pair a day, sorted by day and pair, so that a day's update is a diff of a few lines:

    date,base,quote,value,source,kind
    2025-12-09,USD,KGS,87.4655,NBKR,official

The digits written are the digits the source gave.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from publisher.errors import BusyError, Finding, InputError, OutputError
from publisher.rates.models import Quote
from publisher.rates.notation import plain

COLUMNS = ("date", "base", "quote", "value", "source", "kind")
_BROKEN = "R320"
_FORMS = {
    "as_of": "a day such as 2025-12-10",
    "base": "three capitals such as USD",
    "quote": "three capitals such as USD",
    "value": "a number above nothing, such as 87.45",
    "kind": "official, market, peg or editor",
}


def _key(quote: Quote) -> tuple[date, str, str]:
    return (quote.as_of or date.min, quote.base, quote.quote)


@dataclass(frozen=True)
class History:
    """Dated quotes, oldest first, one a pair and day, whichever way round the pair is written."""

    quotes: tuple[Quote, ...] = ()

    @cached_property
    def _pairs(self) -> dict[frozenset[str], list[Quote]]:
        pairs: dict[frozenset[str], list[Quote]] = {}
        for quote in self.quotes:
            pairs.setdefault(frozenset((quote.base, quote.quote)), []).append(quote)
        return pairs

    def of(self, one: str, other: str) -> list[Quote]:
        """All quotes between two currencies, oldest first, in the direction each was given."""
        return self._pairs.get(frozenset((one, other)), [])

    def before(self, one: str, other: str, day: date) -> list[Quote]:
        """The quotes of days before the given one, oldest first."""
        quotes = self.of(one, other)
        return quotes[: bisect_left(quotes, day, key=lambda quote: quote.as_of or date.min)]

    def on(self, one: str, other: str, day: date) -> Quote | None:
        """The quote of one day."""
        upto = self.before(one, other, day + timedelta(days=1))
        return upto[-1] if upto and upto[-1].as_of == day else None

    def including(self, quotes: Iterable[Quote]) -> History:
        """Remember more; a later word about the same pair and day replaces the earlier one."""
        known = {(quote.as_of, frozenset((quote.base, quote.quote))): quote for quote in self.quotes}
        for quote in quotes:
            if quote.as_of:
                known[quote.as_of, frozenset((quote.base, quote.quote))] = quote
        return History(tuple(sorted(known.values(), key=_key)))


def to_csv(history: History) -> str:
    """The file's text: the same history gives the same bytes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for q in history.quotes:
        writer.writerow([q.as_of, q.base, q.quote, plain(q.stated), q.source, q.kind.value])
    return out.getvalue()


def from_csv(text: str, path: str = "rates/history.csv") -> History:
    """Read the file's text. Raises InputError with every line that cannot be used."""
    findings, quotes = [], []
    rows = csv.DictReader(io.StringIO(text), strict=True)
    for row, line in _rows(rows, path):
        try:
            quotes.append(_quote(row))
        except (ValidationError, ValueError) as error:
            message = f"cannot be used: {_reason(error)}"
            hint = "correct the line or delete it"
            findings.append(Finding(path, line, 1, "", message, hint, _BROKEN))
    if findings:
        raise InputError(findings)
    return History().including(quotes)


def _rows(rows: csv.DictReader[str], path: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Every row with its line. An open quotation mark would swallow all that follows it."""
    line = 0
    try:
        if rows.fieldnames and set(COLUMNS[:4]) - set(rows.fieldnames):
            hint = "its first line must be " + ",".join(COLUMNS)
            raise InputError([Finding(path, 1, 1, "", "has no usable header", hint, _BROKEN)])
        line = rows.line_num
        for row in rows:
            line = rows.line_num
            yield row, line
    except csv.Error:
        message, hint = "opens a quotation mark that is never closed", "delete it, or add the closing one"
        raise InputError([Finding(path, line + 1, 1, "", message, hint, _BROKEN)]) from None


def _quote(row: dict[Any, Any]) -> Quote:
    fields = {"as_of": row["date"], "base": row["base"], "quote": row["quote"], "value": row["value"]}
    optional = {name: row[name] for name in ("source", "kind") if row.get(name)}
    if any(row.get(None, ())):
        raise ValueError("it has more cells than the first line; a number with a comma stands in quotes")
    quote = Quote.model_validate(fields | optional)
    if quote.as_of is None:
        raise ValueError("it has no date")
    return quote


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        if name in _FORMS and first["type"] != "value_error":
            return f"{'date' if name == 'as_of' else name} must be {_FORMS[name]}"
        return f"{name}: {first['msg'].removeprefix('Value error, ')}".removeprefix(": ")
    return str(error)


def read_history(path: Path) -> History:
    """Read `rates/history.csv`; a publication without one has no history yet."""
    shown = f"{path.parent.name}/{path.name}"
    try:
        return from_csv(path.read_text("utf-8-sig"), shown)
    except FileNotFoundError:
        return History()
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 (byte {error.start})"
        raise InputError([Finding(shown, 0, 0, "", message, "save it as UTF-8", _BROKEN)]) from error


def write_history(path: Path, history: History) -> None:
    """Make the file say this history: all of it, or nothing changes."""
    write_atomically(path, to_csv(history))


def write_atomically(path: Path, text: str) -> None:
    """Write beside the file, sync, and trade names, so that a reader never meets half a file.

    Raises OutputError when the disk refuses; what stood there then still stands.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o644)  # noqa: PTH101  # a public file; mkstemp makes private ones
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        hint = "make room or choose another folder; nothing was changed"
        raise OutputError(f"{path} could not be written: {error.strerror}", hint=hint) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep others from updating the folder's files meanwhile; the lock ends with the process.

    Raises BusyError when another update is running, OutputError when there can be no folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise OutputError(f"{folder} cannot be opened: {error.strerror}", hint="make it a folder") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BusyError("Another update of the rates is running", hint="wait until it is done") from error
    finally:
        os.close(handle)
