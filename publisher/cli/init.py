"""`publisher init`: a new publication that can be published at once."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from publisher.cli import console
from publisher.errors import Finding, InputError

USUAL_TIME = timedelta(hours=7)
"""When on its day an issue comes out, where `publish_time` says nothing else."""

ISSUE_FILES = ("issue.md", "rates.yml", "01-how-to-write.md", "02-where-it-goes.md")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--title", help="The publication's name; by default the folder's.")
@click.option("--url", default="https://example.org/", show_default=True, help="Where the site will live.")
@click.option("--language", default="en", show_default=True, help="en, ru, kk, ky, uz, uz-Cyrl, tg, tk, fa …")
@click.option("--timezone", default="UTC", show_default=True, help="For example Asia/Bishkek.")
@click.option("--templates", is_flag=True, help="Copy the templates too, to change how things look.")
def init(folder: Path, title: str | None, url: str, language: str, timezone: str, templates: bool) -> None:
    """Start a publication in FOLDER: a project file, an example issue, a .gitignore.

    Nothing that is there already is overwritten.

    \b
    Example:
      publisher init briefing --title "Steppe Letter" --timezone Asia/Bishkek
    """
    from publisher.rendering.templates import shipped_folder

    today = _today(timezone)
    name = title or folder.resolve().name.replace("-", " ").title() or "Briefing"
    values = {
        "title": name,
        "url": url,
        "language": language,
        "timezone": timezone,
        "founded": today,
        "date": today,
    }
    files = _files(shipped_folder() / "start", today, values)
    _check(files["publication.toml"], folder)
    for path in _write_new(folder, files):
        console.emit(str(path))
    if templates:
        _copy_templates(shipped_folder(), folder / "templates")
    console.say(f"{name} is ready in {folder}/ with an example issue of {today}.")
    console.say(f"Next: {'' if folder == Path() else f'cd {shlex.quote(str(folder))} && '}publish-issue")


def example_day(now: datetime) -> date:
    """The last day whose issue is out by now: an example of the future would begin with a warning."""
    return (now - USUAL_TIME).date()


def _today(timezone: str) -> date:
    try:
        return example_day(datetime.now(ZoneInfo(timezone)))
    except (KeyError, ValueError, OSError):
        message, hint = f"there is no time zone {timezone!r}", "type one such as Asia/Bishkek"
        raise InputError([Finding("--timezone", 0, 0, "", message, hint, "F106")]) from None


def _check(project: str, folder: Path) -> None:
    """Refuse what publish-issue would: a second init in the folder could not put it right."""
    from publisher.config import Settings
    from publisher.content import marked_toml
    from publisher.content.validation import validate

    try:
        validate(Settings, marked_toml.load(project, "publication.toml").replacing(root=folder))
    except InputError as error:
        options = ((fault.field.rpartition(".")[2], fault) for fault in error.findings)
        raise InputError(
            replace(fault, path=f"--{'title' if name == 'name' else name}", line=0, column=0, field="")
            for name, fault in options
        ) from None


def _files(start: Path, today: date, values: dict[str, object]) -> dict[str, str]:
    """What a new publication consists of, filled in."""
    names = {"publication.toml": "publication.toml", ".gitignore": "gitignore"}
    names |= {f"issues/{today}/{name}": f"issue/{name}" for name in ISSUE_FILES}
    return {
        target: _filled((start / source).read_text(encoding="utf-8"), values)
        for target, source in names.items()
    }


def _filled(text: str, values: dict[str, object]) -> str:
    for name, value in values.items():
        escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')  # as TOML's basic strings ask
        text = text.replace("{{ " + name + " }}", escaped)
    return text


def _write_new(folder: Path, files: dict[str, str]) -> list[Path]:
    """Write what is not there yet; refuse to add an example issue to a publication that has its own."""
    if (folder / "publication.toml").exists():
        message, hint = "is there already", "choose another folder, or run publish-issue here"
        raise InputError([Finding(str(folder / "publication.toml"), 0, 0, "", message, hint, "F112")])
    written = []
    for name, text in files.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written


def _copy_templates(shipped: Path, target: Path) -> None:
    for room in ("email", "web", "app"):
        if (shipped / room).is_dir() and not (target / room).exists():
            shutil.copytree(shipped / room, target / room)
    console.say(
        f"The templates are in {target}/; delete those you do not change, so that they stay up to date."
    )
