"""Lists of readers as CSV: any dialect comes in, one that spreadsheets cannot be tricked by goes out.

A cell that begins with = + - @ or a control is a formula to a spreadsheet, and `=cmd|x@example.org`
is a valid address; such cells get an apostrophe on the way out and lose it on the way in.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from publisher.content.text import clean_line
from publisher.errors import Finding
from publisher.subscribers.addresses import Address, parse_address
from publisher.subscribers.models import State, Subscriber

COLUMNS = ("address", "name", "state", "since", "topics")
_DELIMITERS = ",;\t|"
_LONGEST_NAME = 200

_DECLARED = re.compile(r"sep=([,;\t|])")
"""What Excel writes above a list to tell its delimiter."""

_FORMULA = re.compile(r"[=+\-@\t\r]")
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")

_MEANINGS = {
    "address": {
        "address",
        "email",
        "e-mail",
        "mail",
        "email address",
        "e-mail address",
        "email_address",
        "адрес",
        "адрес электронной почты",
        "электронная почта",
        "электронный адрес",
        "почта",
        "эл. почта",
        "пошта",
    },
    "name": {"name", "full name", "имя", "фио", "аты", "аты-жөні", "ism", "ном"},
    "topics": {"topics", "topic", "tags", "sections", "темы", "разделы"},
    "state": {"state", "status", "состояние", "статус"},
    # Mailchimp, Ghost and Substack tell who left in a column of its own
    "gone": {"unsub_time", "clean_time", "unsubscribed", "unsubscribed_at", "deleted_at", "email_disabled"},
    "wanted": {"subscribed_to_emails", "subscribed"},
}
_NO = {"false", "no", "0"}
_STATES = {
    State.ACTIVE: {"", "active", "enabled", "subscribed", "confirmed", "активен"},
    State.LEFT: {
        *("left", "unsubscribed", "disabled", "blocklisted", "blacklisted", "cleaned", "bounced"),
        *("complained", "suppressed", "отписан"),
    },
}


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
    columns: Mapping[str, int] = {}
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
            columns, is_heading = _recognise(cells)
            if "address" not in columns:
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


def _recognise(cells: list[str]) -> tuple[dict[str, int], bool]:
    """Which column means what, and whether the line is a heading."""
    headings = [cell.strip().casefold() for cell in cells]
    columns = {
        meaning: headings.index(heading)
        for meaning, known in _MEANINGS.items()
        for heading in headings
        if heading in known
    }
    if columns:
        return columns, True
    place = next((place for place, cell in enumerate(cells) if "@" in cell), None)
    return ({} if place is None else {"address": place}), False


def _row(path: str, line: int, columns: Mapping[str, int], cells: list[str]) -> Row | Finding:
    values = {
        meaning: _GUARDED.sub("", cells[place].strip(), count=1) if place < len(cells) else ""
        for meaning, place in columns.items()
    }
    field = "address"
    try:
        address = parse_address(values["address"])
        field = "name"
        name = clean_line(values.get("name", ""))[:_LONGEST_NAME]
        field = "state"
        state = State.LEFT if _has_left(values) else _state(values.get("state", ""))
        field = "topics"
        topics = _topics(values.get("topics", ""))
    except ValueError as error:
        return _finding(path, line, field, str(error), "correct the line or leave it out")
    return Row(line, address, name, topics, state)


def _has_left(values: Mapping[str, str]) -> bool:
    """Whether a column that tells only of leaving says so."""
    gone, wanted = (values.get(meaning, "").casefold() for meaning in ("gone", "wanted"))
    return gone not in {"", *_NO} or wanted in _NO


def _state(word: str) -> State:
    for state, words in _STATES.items():
        if word.casefold() in words:
            return state
    raise ValueError(f"`{word[:40]}` is not a state that can be imported: active or left")


def _topics(text: str) -> tuple[str, ...]:
    topics = tuple(re.split(r"[\s,;|]+", text.strip().casefold())) if text.strip() else ()
    if wrong := [topic for topic in topics if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,80}", topic)]:
        raise ValueError(f"`{wrong[0][:40]}` is not a topic: a-z, 0-9 and hyphens")
    return topics


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
