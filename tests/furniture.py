"""Finds every piece of furniture text: what templates `say` and what code asks a Language to say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
_SPEAKING = frozenset({"say", "text", "count"})


def messages() -> dict[str, str]:
    """Each English message and the file that says it."""
    found: dict[str, str] = {}
    for path in sorted(ROOT.glob("templates/**/*")):
        if path.suffix in {".html", ".xml", ".txt"}:
            found |= dict.fromkeys(_in_template(path), path.name)
    for path in sorted(ROOT.glob("publisher/**/*.py")):
        found |= dict.fromkeys(_in_code(path), path.name)
    return found


def _in_template(path: Path) -> Iterator[str]:
    for call in Environment(autoescape=True).parse(path.read_text()).find_all(nodes.Call):
        spoken = call.node.name if isinstance(call.node, nodes.Name) else getattr(call.node, "attr", "")
        if spoken in _SPEAKING:
            for argument in call.args:
                yield from _constants(argument)


def _constants(argument: nodes.Expr) -> Iterator[str]:
    if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
        yield argument.value
    for constant in argument.find_all(nodes.Const):
        if isinstance(constant.value, str) and isinstance(argument, nodes.CondExpr):
            yield constant.value


def _in_code(path: Path) -> Iterator[str]:
    for call in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in _SPEAKING
        ):
            speaker = ast.unparse(call.func.value)
            if speaker.endswith(("language", "say")):
                for part in (inner for argument in call.args for inner in ast.walk(argument)):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value
