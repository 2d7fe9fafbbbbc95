"""Every finding about words and rates has a code, and every code a reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.checking.rules import EXPLANATIONS

PUBLISHER = Path(__file__).resolve().parents[2] / "publisher"
ROOMS = ("content", "importing", "rates", "rendering", "config.py", "pipeline/issues.py")
FILES = [file for room in ROOMS for file in sorted((PUBLISHER / room).rglob("*.py")) or [PUBLISHER / room]]
_CODE = re.compile(r"[A-Z]\d{3}")


def findings_in(tree: ast.AST) -> Iterator[ast.Call]:
    """Every place that makes a finding."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ("Finding", "finding"):
                yield node


def has_code(call: ast.Call) -> bool:
    """Whether it names one: `"F101"`, a constant such as `MISSING`, or what it was given as `code`."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    literals = [str(value.value) for value in values if isinstance(value, ast.Constant)]
    names = [value.id for value in values if isinstance(value, ast.Name)]
    return any(_CODE.fullmatch(text) for text in literals) or any(n.isupper() or n == "code" for n in names)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PUBLISHER).as_posix())
def test_every_finding_has_a_code(file):
    """Whoever looks for help has a word to look for, in any language."""
    tree = ast.parse(file.read_text("utf-8"))
    assert [ast.unparse(call) for call in findings_in(tree) if not has_code(call)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PUBLISHER).as_posix())
def test_every_code_has_a_reason(file):
    """`publisher check --explain` knows each code that stands in the program."""
    tree = ast.parse(file.read_text("utf-8"))
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    codes = {text for text in texts if _CODE.fullmatch(text)}
    assert codes - set(EXPLANATIONS) == set()
