"""Lists of readers as CSV: any dialect comes in, one that spreadsheets cannot be tricked by goes out.

A cell that begins with = + - @ or a control is a formula to a spreadsheet, and `=cmd|x@example.org`
is a valid address; such cells get an apostrophe on the way out and lose it on the way in.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from publisher.content.text import clean_line
from publisher.errors import Finding
from publisher.subscribers.addresses import Address, parse_address
from publisher.subscribers.headings import Columns, recognise, state_of
from publisher.subscribers.models import State, Subscriber

COLUMNS = ("address", "name", "state", "since", "topics")
_DELIMITERS = ",;\t|"
_LONGEST_NAME = 200

_DECLARED = re.compile(r"sep=([,;\t|])")
"""What Excel writes above a list to tell its delimiter."""

_TOPIC = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")
_FORMULA = re.compile(r"[=+\-@\t\r]")
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")


@dataclass(frozen=True)
class Row:
    """One reader of a list."""

    line: int
    address: Address
    name: str = ""
    topics: tuple[str, ...] = ()
    state: State = State.ACTIVE


def read_list(lines: Iterable[str], path: str) -> Iterator[Row | Finding]:
    """Read a list line by line: a Row for each reader, a Finding for each line that cannot be used.

    The delimiter is the one that Excel's `sep=` names, or that the first line has most of; columns are known by their heading in
    several languages, and without headings the address is the cell with an @.
    """
    stream = iter(lines)
    above, first, delimiter = _opening(stream)
    reader = csv.reader(chain([first], stream), delimiter=delimiter)
    columns: Columns = {}
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            line = above + reader.line_num
            yield _finding(path, line, "", f"cannot be read: {error}", "look for an open quote")
            continue
        if cells is None:
            return
        if not columns:
            columns, is_heading = recognise(cells)
            if not columns["address"]:
                hint = "name one column `address` in the first line"
                yield _finding(path, above + 1, "address", "no column of addresses was found", hint)
                return
            if is_heading:
                continue
        if any(cell.strip() for cell in cells):
            yield _row(path, above + reader.line_num, columns, cells)


def _opening(stream: Iterator[str]) -> tuple[int, str, str]:
    """How many lines stand above the first that counts, that line, and the delimiter."""
    declared = ""
    for above, line in enumerate(stream):
        words = line.strip("\ufeff\r\n ")
        if found := _DECLARED.fullmatch(words):
            declared = found[1]
        elif words:
            return above, line.lstrip("\ufeff"), declared or max(_DELIMITERS, key=line.count)
    return 0, "", ","


def _row(path: str, line: int, columns: Columns, cells: list[str]) -> Row | Finding:
    values = {
        meaning: [_GUARDED.sub("", cells[place].strip(), count=1) for place in places if place < len(cells)]
        for meaning, places in columns.items()
    }
    first = {meaning: said[0] for meaning, said in values.items() if said}
    field = "address"
    try:
        address = parse_address(first.get("address", ""))
        field = "name"
        name = clean_line(" ".join(first.get("name", "").split()))[:_LONGEST_NAME]
        field = "state"
        state = state_of(values)
        field = "topics"
        topics = _topics(first.get("topics", "")) or _tags(first.get("tags", ""))
    except ValueError as error:
        return _finding(path, line, field, str(error), "correct the line or leave it out")
    return Row(line, address, name, topics, state)


def _topics(text: str) -> tuple[str, ...]:
    topics = _words(text)
    if wrong := [topic for topic in topics if not _TOPIC.fullmatch(topic)]:
        raise ValueError(f"`{wrong[0][:40]}` is not a topic: a-z, 0-9 and hyphens")
    return topics


def _tags(text: str) -> tuple[str, ...]:
    """What may be topics of ours among the tags of another program, which are anything: `"economy","Пресса"`."""
    return tuple(tag for tag in _words(text.replace('"', " ")) if _TOPIC.fullmatch(tag))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[\s,;|]+", text.casefold()) if word)


def _finding(path: str, line: int, field: str, message: str, hint: str) -> Finding:
    return Finding(path, line, 0, field, message, hint, "list-row")


def as_cells(subscriber: Subscriber, *, raw: bool = False) -> list[str]:
    """One line of an export, in the order of COLUMNS; `raw` leaves formulas alone, for machines."""
    cells = [
        subscriber.address,
        subscriber.name,
        subscriber.state.value,
        subscriber.since.isoformat(timespec="seconds"),
        " ".join(sorted(subscriber.topics)),
    ]
    return cells if raw else [f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells]
