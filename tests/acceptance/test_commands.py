"""What holds for all commands: quick help with an example, documents that cannot drift."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import click
import pytest
from commands import PUBLISH_ISSUE, PUBLISHER, environment, run

from publisher.cli.publish_issue import publish_issue
from publisher.cli.toolbox import toolbox

HEAVY = {
    "pydantic",
    "lxml",
    "jinja2",
    "premailer",
    "requests",
    "babel",
    "sqlalchemy",
    "httpx",
    "starlette",
    "PIL",
}


def every_command(
    command: click.Command = toolbox, name: str = "publisher"
) -> list[tuple[str, click.Command]]:
    """All commands with their full names."""
    context = click.Context(command, info_name=name)
    found = [(name, command)]
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            below = command.get_command(context, child)
            assert below is not None
            found += every_command(below, f"{name} {child}")
    return found


@pytest.mark.parametrize(("name", "command"), [*every_command(), ("publish-issue", publish_issue)])
def test_every_command_has_help_with_an_example(name: str, command: click.Command) -> None:
    """Nobody should have to guess how a command is called."""
    text = command.help or ""
    assert len(text) > 40, name
    assert "Example" in text, name


@pytest.mark.parametrize("module", ["publisher.cli.publish_issue", "publisher.cli.toolbox"])
def test_help_imports_nothing_heavy(module: str) -> None:
    """Help answers at once because no room's libraries are loaded for it."""
    code = f"import sys, runpy; sys.argv = ['x', '--help']\ntry: runpy.run_module('{module}', run_name='__main__')\n"
    code += "except SystemExit: pass\nprint(sorted(m for m in sys.modules if '.' not in m), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert not HEAVY & set(done.stderr.strip("[]\n").replace("'", "").split(", "))


def test_the_command_page_is_what_the_commands_say(repository: Path) -> None:
    """docs/cli.md is generated; `./run docs` writes it again."""
    spec = importlib.util.spec_from_file_location("generate_cli", repository / "docs/generate_cli.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (repository / "docs/cli.md").read_text(encoding="utf-8") == module.document()


def test_a_new_publication_can_be_published_at_once(tmp_path: Path) -> None:
    """`publisher init`, then `publish-issue`: two commands from nothing to a site."""
    started = run(PUBLISHER, "init", "briefing", "--title", 'The "Steppe" Letter', cwd=tmp_path)
    assert started.returncode == 0, started.stderr
    done = run(PUBLISH_ISSUE, cwd=tmp_path / "briefing")
    assert done.returncode == 0, done.stderr
    assert "The “Steppe” Letter" in (tmp_path / "briefing/public/index.html").read_text("utf-8").replace(
        "&#34;Steppe&#34;", "“Steppe”"
    )


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--language", "russian", "--language: has a form that is not allowed"),
        ("--language", "zz", '--language: "zz" is no language that we know'),
        ("--url", "example.org", "--url: is not a web address"),
    ],
)
def test_init_writes_nothing_that_cannot_be_published(tmp_path: Path, option, value, expected) -> None:
    """A slip in an option is told at once: init does not come back to a folder that has its project file."""
    refused = run(PUBLISHER, "init", "briefing", option, value, cwd=tmp_path)
    assert (refused.returncode, list(tmp_path.iterdir())) == (2, [])
    assert expected in refused.stderr


def test_the_next_step_after_init_can_be_copied(tmp_path: Path) -> None:
    """A folder's name with a blank stands in quotes, so that the shell goes there."""
    assert (
        "Next: cd 'Новости степи' && publish-issue"
        in run(PUBLISHER, "init", "Новости степи", cwd=tmp_path).stderr
    )


@pytest.mark.parametrize("command", [("new",), ("rates", "--date"), ("import", "-", "--date")])
def test_a_date_that_is_none_is_told_how_it_is_typed(command, tmp_path: Path) -> None:
    """Not with %Y-%m-%d: who types 10.12.2025 is an editor."""
    refused = run(PUBLISHER, *command, "10.12.2025", cwd=tmp_path)
    assert refused.returncode == 2
    assert "'10.12.2025' is not a date; write it as 2025-12-10" in " ".join(refused.stderr.split())


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    """A second start in the same folder is refused and leaves every byte."""
    run(PUBLISHER, "init", "briefing", cwd=tmp_path)
    (tmp_path / "briefing/publication.toml").write_text("precious", "utf-8")
    again = run(PUBLISHER, "init", "briefing", cwd=tmp_path)
    assert (again.returncode, (tmp_path / "briefing/publication.toml").read_text("utf-8")) == (2, "precious")
