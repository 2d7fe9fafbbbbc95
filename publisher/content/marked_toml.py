"""TOML with marks: tomllib reads the values, and a scan of the same text finds their places."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from publisher.content.marked import Mark, Marked, Path
from publisher.content.text import invisible, shown
from publisher.errors import Finding, InputError

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TOKEN = re.compile(
    r'(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<comment>#[^\n]*)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<end>\n)",
    re.DOTALL,
)
_FORM = 'write lines such as title = "Steppe Letter"'
_PLAIN = {
    # tomllib's message: what is wrong; what to type
    "Cannot overwrite": "is set twice; keep one of the two",
    "Cannot declare": "begins a table a second time; keep one heading, or write [[ ]] around each where there are several",
    "Invalid value": 'is not a value; write text in quotes: title = "Steppe Letter"',
    "Illegal character": "opens a quotation mark that is never closed; add the closing quotation mark",
    "Unterminated string": "opens a quotation mark that is never closed; add the closing quotation mark",
    "Invalid hex": "has a backslash that TOML does not know; type the backslash twice",
    "Unescaped": "has a backslash that TOML does not know; type the backslash twice",
    "not a Unicode scalar": "has an escape that is no character; type the character itself",
    "Expected newline": "has something after the value; write one setting a line",
    "Invalid date": "is not a date; write it as 2025-12-10",
    "at the end of a table": "opens a bracket that is never closed; add the closing bracket",
    "Unclosed array": "opens a bracket that is never closed; add the closing bracket",
    "initial character for a key": "is not the name of a setting; close the brackets above, or delete it",
    "after a key": f"has no = after the name; {_FORM}",
}
_HEADER = re.compile(r"\s*(?P<brackets>\[\[?)(?P<name>[^\]\n]+)\]")
_KEY = re.compile(
    r"""(?P<key>(?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*)\s*=\s*"""
)
_PART = re.compile(r"""[\w-]+|"[^"\n]*"|'[^'\n]*'""")


def load(text: str, file: str) -> Marked:
    """Read a TOML file; raises InputError with the place of what cannot be read."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([_syntax_finding(str(error), text, file)]) from None
    except (RecursionError, ValueError):
        raise InputError(
            [Finding(file, 0, 0, "", "cannot be read", "look for far too deep lists", "F103")]
        ) from None
    values, keys = _places(text)
    return Marked(file, data, values, keys, '{} = "{}"')


def _syntax_finding(message: str, text: str, file: str) -> Finding:
    """Tomllib ends its message with the place; at the end of the file it gives none."""
    found = _AT.search(message)
    line, column = (int(found[1]), int(found[2])) if found and found[1] else (text.count("\n") + 1, 1)
    lines = text.split("\n")
    near = lines[min(line, len(lines)) - 1]
    if odd := invisible(near[column - 1 : column]):
        fault = f"has the character {odd} where a plain blank belongs"
        return Finding(file, line, column, "", fault, "type the blank again", "F103")
    said = "Cannot declare" if _HEADER.match(near) and "Cannot overwrite" in message else _AT.sub("", message)
    plain = next(
        (plain for part, plain in _PLAIN.items() if part in said), f"cannot be read: {said}; {_FORM}"
    )
    fault, _, hint = plain.partition("; ")
    if "backslash" in fault:
        column = near.rfind("\\", 0, column) + 1 or column
    found = _KEY.match(near)
    return Finding(file, line, column, shown(found["key"]) if found else "", fault, hint, "F103")


def _places(text: str) -> tuple[dict[Path, Mark], dict[Path, Mark]]:
    """Find where every table and key of a well-formed file stands."""
    values: dict[Path, Mark] = {(): Mark(1, 1)}
    keys: dict[Path, Mark] = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    for start, number in _statements(text):
        if header := _HEADER.match(text, start):
            table = _parts(header["name"])
            mark = Mark(number, header.start("brackets") - text.rfind("\n", 0, header.start("brackets")))
            table = _inside_lists(table, counts)
            if header["brackets"] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            values[table] = keys[table] = mark
        elif found := _KEY.search(text, start):
            path = (*table, *_parts(found["key"]))
            begin = text.rfind("\n", 0, found.start()) + 1
            keys[path] = Mark(number, found.start() - begin + 1)
            values[path] = Mark(number, found.end() - begin + 1)
    return values, keys


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """The position and line of each statement; strings and brackets may run over many lines."""
    position, number, depth = 0, 1, 0
    lines = 1
    for token in _TOKEN.finditer(text + "\n"):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        lines += token.group().count("\n")
        if token.lastgroup == "end" and depth == 0:
            statement = text[position : token.start()].strip()
            if statement and not statement.startswith("#"):
                yield position, number
            position, number = token.end(), lines


def _parts(name: str) -> Path:
    """`publication."sections"` -> its parts."""
    return tuple(part.strip("\"'") for part in _PART.findall(name))


def _inside_lists(table: Path, counts: dict[Path, int]) -> Path:
    """`[a.b]` below `[[a]]` speaks of the last `a`."""
    path: Path = ()
    for depth, part in enumerate(table):
        path = (*path, part)
        if path in counts and depth < len(table) - 1:
            path = (*path, counts[path])
    return path
