"""YAML that cannot bite: text stays text.

Of YAML 1.1's guesses only true, false and null are kept, so `no`, `12:30`, `1.10` and `0123`
reach the models as typed. Anchors, aliases, tags, merge keys and duplicate keys are refused:
none helps an editor, and each is an attack or a slip. The parser's events are read directly
(its C form where it is built in: 43 us for seven fields against 385 us), so that every
key and value keeps its line and column.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from publisher.content.marked import Mark, Marked, Path, dotted
from publisher.content.text import shown
from publisher.content.yaml_faults import MAX_DEPTH, explain
from publisher.errors import Finding, InputError

MAX_CHARACTERS = 64_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTANTS = {
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
}  # fmt: skip


def load(text: str, file: str, *, first_line: int = 1, example: str = "title: A bridge opens") -> Marked:
    """Read one mapping; `first_line` is the line of `file` that the text begins on.

    `example` is shown to whoever wrote no fields. A key without a value counts as not typed. Raises InputError
    with all that is wrong.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"has {len(text):,} characters of fields; the limit is {MAX_CHARACTERS:,}"
        raise InputError(
            [Finding(file, first_line, 1, "", message, "move the text below the second ---", "F103")]
        )
    builder = _Builder(text, file, first_line, example)
    try:
        data = builder.document()
    except yaml.YAMLError as error:
        raise InputError([*builder.findings, explain(error, text, file, first_line)]) from None
    if builder.findings:
        raise InputError(builder.findings)
    return Marked(file, data, builder.values, builder.keys)


class _TooDeepError(yaml.MarkedYAMLError):
    """Nesting that no editor means."""


class _Builder:
    """Turns the events of one document into plain data, noting places and faults."""

    def __init__(self, text: str, file: str, first_line: int, example: str) -> None:
        self.lines = text.split("\n")
        self.file = file
        self.first_line = first_line
        self.example = example
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=_Loader))
        self.findings: list[Finding] = []
        self.values: dict[Path, Mark] = {}
        self.keys: dict[Path, Mark] = {}

    def document(self) -> dict[str, Any]:
        """Read the one document there may be; it must be a mapping."""
        self.values[()] = Mark(self.first_line, 1)
        data: Any = {}
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fault(event, (), "begins a second document", "delete the line ---")
                    break
                data = self.value(next(self.events), ())
        if data is None:
            return {}
        if not isinstance(data, dict):
            message, hint = "must hold fields", f"write lines such as {self.example}"
            self.findings.append(Finding(self.file, self.first_line, 1, "", message, hint, "F103"))
            return {}
        return data

    def fault(self, event: Any, path: Path, message: str, hint: str) -> None:
        """Note what is wrong at an event."""
        self.findings.append(Finding(self.file, *self.mark(event), dotted(path), message, hint, "F103"))

    def mark(self, event: Any) -> Mark:
        """The event's place in the file."""
        return Mark(event.start_mark.line + self.first_line, event.start_mark.column + 1)

    def value(self, event: Any, path: Path) -> Any:
        """Read one value of any kind."""
        self.values[path] = self.mark(event)
        if len(path) > MAX_DEPTH:
            raise _TooDeepError(problem="too deep", problem_mark=event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            self.fault(event, path, "begins with *, which YAML reads as an alias", _QUOTES)
            return ""
        self.refuse_properties(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        return self.mapping(path, in_braces=bool(event.flow_style))

    def refuse_properties(self, event: Any, path: Path) -> None:
        """Anchors (&) and tags (!) have no use in front matter."""
        if event.anchor is not None:
            self.fault(event, path, "begins with &, which YAML reads as an anchor", _QUOTES)
        if event.tag is not None:
            self.fault(event, path, "begins with !, which YAML reads as a tag", _QUOTES)

    def scalar(self, event: Any, path: Path) -> str | bool | None:
        """Text as typed; true, false and nothing only when they are not in quotes."""
        text: str = event.value
        if event.style or not event.implicit[0]:
            return text
        cut = self.rest_of_line(event)
        if len(cut) > 1 and cut[0] == "#" and not cut[1].isspace():
            self.fault(event, path, f"would lose {cut!r}: # begins a comment", _QUOTES)
        return _CONSTANTS.get(text, text)

    def rest_of_line(self, event: Any) -> str:
        """What stands behind an event in its line."""
        end = event.end_mark
        return self.lines[end.line][end.column :].strip() if end.line < len(self.lines) else ""

    def sequence(self, path: Path) -> list[Any]:
        """Read a list; empty items count as not typed."""
        items: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            item = self.value(event, (*path, len(items)))
            if item is not None:
                items.append(item)
        return items

    def mapping(self, path: Path, *, in_braces: bool) -> dict[str, Any]:
        """Read fields; each key once, and only text is a key."""
        fields: dict[str, Any] = {}
        here = path
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.key(event, path)
            if in_braces and fields and not self.rest_of_line(event).startswith(":"):
                message = f"would lose {shown(key)!r}: between {{ and }} a comma ends a value"
                self.fault(event, here, message, _QUOTES)
            here = (*path, key)
            if here in self.keys:
                first = self.keys[here].line
                self.fault(event, here, f"is typed twice; the first is in line {first}", "keep one of them")
            else:
                self.keys[here] = self.mark(event)
            value = self.value(next(self.events), here)
            if value is not None:
                fields.setdefault(key, value)
        return fields

    def key(self, event: Any, path: Path) -> str:
        """Read the name of a field."""
        if not isinstance(event, yaml.ScalarEvent):
            self.value(event, (*path, "?"))
            self.fault(event, path, "has a field whose name is not a word", "write name: value")
            return "?"
        self.refuse_properties(event, path)
        text: str = event.value
        if text == "<<" and not event.style:
            self.fault(event, path, "merges fields with <<", "type the fields out")
        return text


_QUOTES = "put the whole value in quotes"
