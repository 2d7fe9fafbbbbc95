"""What YAML's syntax errors mean to somebody who only wanted to type a title."""

from __future__ import annotations

import re
from typing import Any

from publisher.content.text import invisible, shown
from publisher.errors import Finding

MAX_DEPTH = 12

_QUOTE = "put the value in quotes"
_PLAIN = {
    # a part of libyaml's problem: what is wrong; what to type
    "mapping values": "belongs to no field: the line above is not finished; look at it and at the indentation",
    "unexpected end of stream": "opens a quotation mark that is never closed; add the closing one",
    "document indicator": "opens a quotation mark that is never closed; add the closing one",
    "expected ',' or": "opens a bracket that is never closed; add the closing one, or put the value in quotes",
    "could not find expected ':'": "has no colon with a blank after it; write name: value",
    "<document start>": "comes after the end of the fields; delete the dots, or the line with %, above it",
    "deep": f"has fields inside fields, more than {MAX_DEPTH} deep; write it flat",
    "escape": "has a backslash that YAML does not know; use single quotes, or type the backslash twice",
}
_FIELD = re.compile(r"^(?P<before>\s*(?:- )?[\w-]+):\s+(?P<value>\S.*)$")

_ODD_BLANK = re.compile(r"\s*(?:- )?(?P<name>[\w-]+):(?P<blank>[^\S ]|\u200b|\ufeff)")


def explain(error: Exception, text: str, file: str, first_line: int) -> Finding:
    """Turn the parser's error into a finding at the place where a person must type."""
    problem = str(getattr(error, "problem", None) or error)
    mark = _place(error, problem)
    if mark is None:
        return Finding(file, first_line, 1, "", problem, "write lines such as title: A bridge opens", "F103")
    lines = text.split("\n")
    line = lines[mark.line].rstrip() if mark.line < len(lines) else ""
    for number in (mark.line - 1, mark.line):
        if odd := _ODD_BLANK.match(lines[number]) if 0 <= number < len(lines) else None:
            message = f"has the character {invisible(odd['blank'])} where a plain blank belongs"
            place = (file, number + first_line, odd.start("blank") + 1)
            return Finding(*place, odd["name"], message, "type the blank again", "F103")
    message, hint = _translate(problem, line, mark.column)
    found = _FIELD.match(line)
    field = shown(found["before"].strip(" \t-")) if found else ""
    column = found.start("value") if found and hint.startswith(_QUOTE) else mark.column
    return Finding(file, mark.line + first_line, column + 1, field, message, hint, "F103")


def _place(error: Exception, problem: str) -> Any:
    """An open quote or bracket is shown where it begins, not where the file ends."""
    context = str(getattr(error, "context", None) or "")
    if "simple key" in context:
        return getattr(error, "context_mark", None)
    opened = "quoted scalar" in context or "flow" in context
    if opened and ("unexpected end" in problem or "document indicator" in problem or "or '" in problem):
        return getattr(error, "context_mark", None)
    return getattr(error, "problem_mark", None)


def _translate(problem: str, line: str, column: int) -> tuple[str, str]:
    """What is wrong in plain words, and what to type instead."""
    found = _FIELD.match(line)
    if "\t" in line[: column + 1]:
        return "begins with a tab", "indent with spaces"
    if "mapping values are not allowed" in problem and found and ":" in found["value"]:
        return "has a second colon", _in_quotes(found)
    for part, plain in _PLAIN.items():
        if part in problem:
            message, _, hint = plain.partition("; ")
            return message, hint
    if found and (column >= line.index(":") or found["value"][0] in "'\"[{*&!|>%@`"):
        return "cannot be read as it stands", _in_quotes(found)
    return f"cannot be read ({problem})", "write lines such as title: A bridge opens"


def _in_quotes(found: re.Match[str]) -> str:
    """What to type: the field itself where it can be shown in a line."""
    value = found["value"]
    if value != shown(value):
        return _QUOTE
    return f"{_QUOTE}: {_quoted(found, value)}"


def _quoted(found: re.Match[str], value: str) -> str:
    """The field as it should be typed."""
    for mark in "'\"":
        if value.startswith(mark) and value.endswith(mark) and len(value) > 1:
            value = value[1:-1].replace(mark * 2, mark)
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{found["before"].strip()}: "{quoted}"'
