"""`publisher check`: the copy desk reads an issue."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from publisher.cli import console
from publisher.errors import InputError, Severity


@click.command()
@click.argument("issue", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="text for people; the others for programs and code hosts.",
)
@click.option("--explain", metavar="CODE", help="Say what a code stands for, and stop.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), default="publication.toml")
def check(issue: str | None, form: str, explain: str | None, config: Path) -> int:
    """Read ISSUE (by default the newest) as a copy desk would, and change nothing.

    Errors stop a publish; warnings and notes do not. Leaves with 1 when there is an error or a warning.

    \b
    Examples:
      publisher check 2025-12-10
      publisher check --explain E213
    """
    from publisher.checking.report import FORMATS, counted
    from publisher.checking.rules import EXPLANATIONS
    from publisher.config import load_settings
    from publisher.pipeline.publish import check_issue

    if explain:
        return _explain(explain.upper(), EXPLANATIONS)
    try:
        findings = check_issue(load_settings(config, os.environ), issue, datetime.now(UTC))
    except InputError as error:
        findings = error.findings
    if form == "text":
        console.show_findings(findings)
        console.say(counted(findings))
    else:
        console.emit(FORMATS[form](findings))
    return int(any(finding.severity is not Severity.NOTE for finding in findings))


def _explain(code: str, explanations: Mapping[str, str]) -> int:
    """One sentence for a code."""
    if code not in explanations:
        raise click.BadParameter(f"there is no code {code}; there are {', '.join(sorted(explanations))}")
    console.emit(f"{code}: {explanations[code]}")
    return 0
