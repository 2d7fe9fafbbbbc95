"""A CSV or JSON file of the newsroom's own, in whichever of these shapes it comes.

date,base,quote,value            one line a pair a day (source and kind if they are known)
date,KGS,KZT                     one line a day, values for one dollar
[{"date", "base", "quote", "value" or "rate"}, …]
{"2025-12-09": {"KGS": 87.46545557, …}, …}     values for one dollar, or below each base's name

Where a list has values for the dollar itself, they cannot be for one dollar: they are for one unit
of the table's base.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from publisher.rates.models import Kind, Quote
from publisher.rates.notation import plain
from publisher.rates.quote import Place
from publisher.rates.sources.protocol import Client, NotARateError, Pair, SourceError
from publisher.rates.sources.reading import Printed, Sheet, documented, in_foreign, read_json

_HEADS = "date,base,quote,value or date,KGS,KZT"
_EXAMPLE = '2025-12-09,USD,KGS,87.45 below date,base,quote,value (a decimal comma in quotes: "87,45")'


@dataclass(frozen=True)
class Line:
    """One value of the file."""

    day: date
    base: str
    quote: str
    value: str
    source: str = ""
    kind: Kind = Kind.MARKET
    row: int = 0  # its line of a CSV file, counted from 1
    column: int = 0


@dataclass(frozen=True)
class RatesListFile:
    """The file at `path`."""

    path: Path
    shown: str  # its path in the publication's folder, for findings
    latest_only: bool = False

    @property
    def title(self) -> str:
        """`desk.csv`: readers see who said so, and a file has no better name than its own."""
        return self.path.name

    def fetch(self, pairs: Sequence[Pair], day: date, client: Client) -> tuple[Quote, ...]:  # noqa: ARG002  # no network
        """Take each pair's last value up to the day."""
        try:
            data = self.path.read_bytes()
        except OSError as error:
            hint = "name an existing file in [rates] file"
            raise SourceError(f"{self.path} cannot be read: {error.strerror}", hint=hint) from error
        with documented(self.shown):
            by_base = {base: list(_lines(data, base, self.shown)) for base in {pair.base for pair in pairs}}
        quotes: list[Quote] = []
        faults: list[tuple[Pair, str]] = []
        for pair in pairs:
            lines = [line for line in by_base[pair.base] if _is(line, pair) and line.day <= day]
            for line in sorted(lines, key=lambda line: line.day)[-1:]:
                place = Place(self.shown, line.row, line.column)
                sheet = Sheet(line.source or self.title, line.day, kind=line.kind, place=place)
                try:
                    quotes += in_foreign({line.quote: Printed(line.value)}, line.base, [pair], sheet)
                except NotARateError as error:
                    faults += error.faults
        if faults:
            raise NotARateError(self.shown, faults, quotes)
        return tuple(quotes)


def _is(line: Line, pair: Pair) -> bool:
    return {line.base, line.quote} == set(pair) and bool(line.value.strip())


def _lines(data: bytes, base: str, shown: str) -> Iterator[Line]:
    if data.lstrip()[:1] in (b"[", b"{"):
        return _from_json(read_json(data), base)
    try:
        return _from_csv(data.decode("utf-8-sig"), base, shown)
    except UnicodeDecodeError as error:
        raise SourceError(f"{shown} is not UTF-8", hint="save it as UTF-8") from error


def _from_csv(text: str, base: str, shown: str) -> Iterator[Line]:
    raw, rows = text.splitlines(), csv.DictReader(io.StringIO(text), strict=True)
    for row in _rows(rows, shown):
        if not any(row.values()):
            continue  # what a spreadsheet leaves behind of a line that was deleted
        try:
            lines = _of_row(row, base)
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            hint = f"write it as {_EXAMPLE}, or delete it"
            raise SourceError(f"{shown}:{rows.line_num} is no line of rates", hint=hint) from error
        for line in lines:
            column = raw[rows.line_num - 1].find(line.value) + 1
            yield replace(line, row=rows.line_num, column=column)


def _rows(rows: csv.DictReader[str], shown: str) -> Iterator[dict[Any, Any]]:
    """Every row below the head. Raises SourceError."""
    line = 0
    try:
        if "date" not in (rows.fieldnames or ["date"]):
            hint = f"begin it with {_HEADS}, with commas between the columns"
            raise SourceError(f"{shown}:1 has no column called date", hint=hint)
        line = rows.line_num
        for row in rows:
            line = rows.line_num
            yield row
    except csv.Error as error:
        hint = "delete it, or add the closing one"
        raise SourceError(
            f"{shown}:{line + 1} opens a quotation mark that is never closed", hint=hint
        ) from error


def _of_row(row: Mapping[Any, Any], base: str) -> list[Line]:
    """The values of a row. Raises ValueError for a decimal comma without quotes, which makes one cell more."""
    if any(row.get(None, ())):
        raise ValueError
    if "quote" in row:
        return [_line(row)]
    return list(_unnamed(row["date"], {name: row[name] for name in row if name not in ("date", None)}, base))


def _from_json(document: Any, base: str) -> Iterator[Line]:
    if isinstance(document, list):
        yield from (_line(row) for row in document)
    elif "date" in document:
        yield from _day(document["date"], {name: document[name] for name in document if name != "date"}, base)
    else:
        for day, values in document.items():
            yield from _day(day, values, base)


def _day(day: str, values: Mapping[str, Any], base: str) -> Iterator[Line]:
    """One day's values, for the wanted base or below the name of each base."""
    named = {name: inner for name, inner in values.items() if isinstance(inner, dict)}
    for name, inner in named.items():
        yield from _wide(day, inner, name.upper())
    yield from _unnamed(day, {name: values[name] for name in values if name not in named}, base)


def _unnamed(day: str, values: Mapping[str, Any], base: str) -> Iterator[Line]:
    """Values whose base is not told: the dollar, unless it is among them."""
    if "USD" not in map(str.upper, values):
        yield from _wide(day, values, "USD")
    elif base != "USD":
        yield from _wide(day, values, base)


def _wide(day: str, values: Mapping[str, Any], base: str) -> Iterator[Line]:
    when = date.fromisoformat(day)
    for currency, value in values.items():
        if currency.upper() != base:  # one unit of it is one
            yield Line(when, base, currency.upper(), _text(value))


def _line(row: Mapping[str, Any]) -> Line:
    value = row["value"] if "value" in row else row["rate"]
    kind = Kind(row.get("kind") or "market")
    day, base, quote = date.fromisoformat(row["date"]), row["base"].upper(), row["quote"].upper()
    return Line(day, base, quote, _text(value), row.get("source") or "", kind)


def _text(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value or "")
