"""Write docs/cli.md from the help texts, so that the two cannot drift apart."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from publisher.cli.publish_issue import publish_issue
from publisher.cli.toolbox import toolbox

HERE = Path(__file__).parent


def sections(command: click.Command, name: str, depth: int = 2) -> list[str]:
    """The help of a command, then of each command below it."""
    context = click.Context(command, info_name=name, terminal_width=88, max_content_width=88)
    found = [f"{'#' * depth} `{name}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n"]
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            below = command.get_command(context, child)
            if below and not below.hidden:
                found += sections(below, f"{name} {child}", min(depth + 1, 4))
    return found


def document() -> str:
    """The whole page."""
    introduction = (HERE / "cli-introduction.md").read_text(encoding="utf-8")
    return "\n".join(
        [introduction, *sections(publish_issue, "publish-issue"), *sections(toolbox, "publisher")]
    )


if __name__ == "__main__":
    (HERE / "cli.md").write_text(document(), encoding="utf-8")
    sys.stderr.write("docs/cli.md is written\n")
