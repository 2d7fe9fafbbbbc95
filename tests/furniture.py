"""Finds every piece of furniture text: what templates `say` and what code asks a Language to say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
_ROOMS = ("rendering", "subscribers", "webapp")
"""Where readers are spoken to; what editors see on a terminal is English."""


@cache
def messages() -> dict[str, str]:
    """Each English message, a plural one by its singular, and the file that says it."""
    found: dict[str, str] = {}
    for path in sorted(ROOT.glob("templates/**/*")):
        if path.suffix in {".html", ".xml", ".txt"}:
            found |= dict.fromkeys(_in_template(path), path.name)
    for room in _ROOMS:
        for path in sorted((ROOT / "publisher" / room).rglob("*.py")):
            found |= dict.fromkeys(_in_code(path), path.name)
    return found


def _in_template(path: Path) -> Iterator[str]:
    for call in Environment(autoescape=True).parse(path.read_text()).find_all(nodes.Call):
        spoken = call.node.name if isinstance(call.node, nodes.Name) else getattr(call.node, "attr", "")
        if spoken in {"say", "count"} and call.args:
            constants = [call.args[0], *call.args[0].find_all(nodes.Const)]
            yield from (part.value for part in constants if isinstance(part, nodes.Const))


def _in_code(path: Path) -> Iterator[str]:
    """`say(…)`, `self.say(…)`, `language.text(…)`, `map(language.text, (…))`: all constants inside."""
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and call.args:
            spoken = ast.unparse(call.func)
            if spoken == "map" and ast.unparse(call.args[0]) == "language.text":
                yield from _constants(call.args[1])
            elif spoken in {"say", "self.say"} or spoken.endswith(("language.text", "language.count")):
                yield from _constants(call.args[0])


def _constants(expression: ast.expr) -> Iterator[str]:
    for part in ast.walk(expression):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
