"""The `publisher` command: a group that imports a command's file only when it is called.

`publisher --help` must not pay for the libraries of every room (premailer alone costs 0.2 s),
so the table below carries each command's one-line help itself.
"""

from __future__ import annotations

import importlib

import click

from publisher import __version__
from publisher.cli import console

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module:attribute, one-line help)
    "init": ("publisher.cli.init:init", "Start a publication: project file, example issue, .gitignore."),
    "rates": ("publisher.cli.rates:rates", "Show the rates table, bring it up to date, fill its memory."),
    "new": ("publisher.cli.new:new", "Make the folder of the next issue."),
    "import": (
        "publisher.cli.import_page:import_page",
        "Turn a pasted page into an issue's folder to review.",
    ),
    "check": ("publisher.cli.check:check", "Read an issue as a copy desk would."),
    "preview": ("publisher.cli.preview:preview", "Look at an issue while it is being written."),
    "schema": ("publisher.cli.schema:schema", "Print what may be typed, for editors that complete."),
    "subscribers": ("publisher.cli.subscribers:subscribers", "Readers: add, import, export, forget."),
    "backup": ("publisher.cli.backup:backup", "Copy readers and deliveries into a file."),
    "bounces": ("publisher.cli.bounces:bounces", "Read failures and complaints that came back."),
    "serve": ("publisher.cli.serve:serve", "Serve the site, and the pages by which readers come and go."),
    "doctor": ("publisher.cli.doctor:doctor", "Whether letters would leave, arrive and be believed."),
    "send": ("publisher.cli.send:send", "Send an issue to every reader, once; and who got it."),
}


class LazyGroup(click.Group):
    """A click group whose commands live in files of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """All commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """Import the command's file now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """List the commands from the table, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup)
@click.version_option(__version__, prog_name="publisher")
def toolbox() -> None:
    """Tools for a publication: start one, add an issue, look at it, serve it, send it.

    \b
    Example:
      publisher init briefing && cd briefing && publish-issue
    """


def main() -> None:
    """Run `publisher`."""
    console.run(toolbox)
