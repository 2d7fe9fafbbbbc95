"""Findings for whoever reads them: a person, a program, a code host."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from publisher.checking.rules import EXPLANATIONS
from publisher.errors import Finding, Severity

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_NO_CODE = "input"


def as_text(findings: Sequence[Finding]) -> str:
    """A line a finding, as terminals and editors make clickable, and a line of sums."""
    lines = [f"{finding} [{finding.code or finding.severity.value}]" for finding in findings]
    return "\n".join([*lines, counted(findings)])


def counted(findings: Iterable[Finding]) -> str:
    """`1 error, 2 warnings`, or `nothing to say`."""
    severities = [finding.severity for finding in findings]
    parts = [
        f"{count} {severity.value}{'s' if count > 1 else ''}"
        for severity in Severity
        if (count := severities.count(severity))
    ]
    return ", ".join(parts) or "nothing to say"


def as_json(findings: Sequence[Finding]) -> str:
    """A list of objects with the fields of a finding."""
    return json.dumps([_fields(finding) for finding in findings], indent=2, ensure_ascii=False)


def _fields(finding: Finding) -> dict[str, Any]:
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "field": finding.field,
        "severity": finding.severity.value,
        "code": finding.code,
        "message": finding.message,
        "hint": finding.hint,
    }


def as_github(findings: Sequence[Finding]) -> str:
    """Workflow commands: GitHub shows them beside the lines of a pull request."""
    return "\n".join(_workflow_command(finding) for finding in findings)


def _workflow_command(finding: Finding) -> str:
    """`::error file=…,line=…::message`, with the escapes that the runner undoes."""
    place = {"file": finding.path, "line": finding.line, "col": finding.column, "title": finding.code}
    properties = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in place.items() if value)
    return f"::{_COMMANDS[finding.severity]} {properties}::{_escaped(_sentence(finding))}"


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _sentence(finding: Finding) -> str:
    """The fault and the remedy, without the place."""
    said = ": ".join(part for part in (finding.field, finding.message) if part)
    return f"{said} -> {finding.hint}" if finding.hint else said


def as_sarif(findings: Sequence[Finding]) -> str:
    """SARIF 2.1.0 (OASIS), which code hosts and editors read."""
    codes = sorted({finding.code or _NO_CODE for finding in findings})
    rules = [
        {"id": code, "shortDescription": {"text": EXPLANATIONS.get(code, "What was typed cannot be used.")}}
        for code in codes
    ]
    run = {
        "tool": {"driver": {"name": "publisher", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes) for finding in findings],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _result(finding: Finding, codes: Sequence[str]) -> dict[str, Any]:
    code = finding.code or _NO_CODE
    region = {"startLine": finding.line, "startColumn": finding.column}
    place: dict[str, Any] = {"artifactLocation": {"uri": finding.path}}
    if finding.line:
        place["region"] = {key: value for key, value in region.items() if value}
    return {
        "ruleId": code,
        "ruleIndex": codes.index(code),
        "level": _LEVELS[finding.severity],
        "message": {"text": _sentence(finding)},
        "locations": [{"physicalLocation": place}],
    }


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
"""The writers by the name of their format."""
