"""The only place that prints: data to standard output, speech to standard error.

Colour is used only on a terminal, and never with NO_COLOR or TERM=dumb (click itself does not
look at NO_COLOR). Every error leaves as one sentence and an exit code, never as a traceback.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from publisher.errors import Finding, InputError, PublisherError, Severity

INTERRUPTED = 130
SOFTWARE = 70
INPUT_OUTPUT = 74

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def colourful(stream: Any = None) -> bool:
    """Whether a person with a colour terminal is looking."""
    stream = stream or sys.stderr
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def columns(stream: Any) -> int:
    """How many characters fit on a line: as many as you like where nobody looks."""
    return shutil.get_terminal_size().columns if stream.isatty() else 1000


def interactive() -> bool:
    """Whether somebody can answer a question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def paint(text: str, colour: str | None = None, *, bold: bool = False, dim: bool = False) -> str:
    """Colour for speech; plain text where colour is not wanted."""
    return click.style(text, fg=colour, bold=bold or None, dim=dim or None) if colourful() else text


def say(text: str = "") -> None:
    """Speak to the person at the terminal."""
    click.echo(text, err=True, color=colourful())


def emit(text: str) -> None:
    """Give data to whoever reads standard output."""
    click.echo(text)


def emit_json(value: Any) -> None:
    """Give data as JSON with sorted keys, so that two runs can be compared."""
    click.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=str))


def show_findings(findings: Iterable[Finding]) -> None:
    """One line a finding: severity, place, fault, remedy, code."""
    for finding in findings:
        label = paint(f"{finding.severity.value}:", _COLOURS[finding.severity], bold=True)
        code = paint(f" [{finding.code}]", dim=True) if finding.code else ""
        say(f"{label} {finding}{code}")


def redraw(line: str) -> None:
    """Write a line of progress over the last one; an empty one wipes it away."""
    width = shutil.get_terminal_size().columns - 1
    click.echo(f"\r\x1b[K{line[:width]}", err=True, nl=False, color=True)


@contextmanager
def progress(label: str, length: int | None = None) -> Iterator[Any]:
    """A progress bar on standard error when a person is looking, else nothing."""
    with click.progressbar(
        length=length or 0, label=label, file=sys.stderr, hidden=not sys.stderr.isatty(), show_pos=True
    ) as bar:
        yield bar


def complain(error: PublisherError) -> int:
    """Say what is wrong and what to do; return the exit code."""
    if isinstance(error, InputError) and error.findings:
        show_findings(error.findings)
        count = len(error.findings)
        say(f"{count} problem{'s' if count != 1 else ''}; nothing was changed.")
    else:
        say(paint("error:", "red", bold=True) + f" {error}")
    return error.exit_code


def run(command: click.Command) -> NoReturn:
    """Run a command as the process's whole life, and leave with a documented exit code."""
    try:
        result = command.main(standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        say("Interrupted; nothing was left half-done.")
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except PublisherError as error:
        code = complain(error)
    except BrokenPipeError:  # the reader of our output has left; that is its right
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        say(paint("error:", "red", bold=True) + f" {where}{error.strerror or error}")
        code = INPUT_OUTPUT
    except Exception as error:  # the last resort: a sentence instead of a traceback
        if os.environ.get("PUBLISHER_DEBUG"):
            raise
        say(paint("error:", "red", bold=True) + f" Publisher itself failed: {type(error).__name__}: {error}")
        say("This is a fault in Publisher -> run it again with PUBLISHER_DEBUG=1 and report what it prints")
        code = SOFTWARE
    sys.exit(code)
