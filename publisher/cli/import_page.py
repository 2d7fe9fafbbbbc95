"""`publisher import`: a page that somebody pasted becomes an issue's folder to review."""

from __future__ import annotations

import os
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from zoneinfo import ZoneInfo

import click

from publisher.cli import console
from publisher.cli.asking import ask_all, short
from publisher.cli.days import DAY

if TYPE_CHECKING:
    from publisher.config import Settings
    from publisher.importing.decoding import Decoded
    from publisher.importing.draft import Answers, Draft
    from publisher.importing.earlier import Earlier

MARKS_SHOWN = 9


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--date", "day", type=DAY, metavar="DATE", help="The issue's date; by default the page's.")
@click.option("--ask", is_flag=True, help="Ask what is doubtful now, one question after the other.")
@click.option("--encoding", default="", help="For example cp1251 or koi8-r; by default it is found out.")
@click.option("--json", "as_json", is_flag=True, help="The decisions as JSON on standard output.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default="publication.toml",
    show_default=True,
    help="The project file; its folder holds issues/.",
)
def import_page(
    file: BinaryIO, day: datetime | None, ask: bool, encoding: str, as_json: bool, config: Path
) -> None:
    """Turn FILE, the text of a page, into an issue's folder; `-` reads what is pasted.

    Rates, date, articles, sub-headings, lists and quotations are found. Where that is unsure a CHECK mark
    stands in the files, and publish-issue refuses the issue until each is decided and deleted. An issue
    that is there already is never touched.

    \b
    Examples:
      publisher import page.txt
      publisher import page.txt --ask           answer the questions at once
      xclip -o | publisher import - --date 2025-12-10
    """
    from publisher.config import load_settings
    from publisher.importing.decoding import LARGEST_PAGE, decode
    from publisher.importing.earlier import read_earlier
    from publisher.importing.summary import as_data
    from publisher.importing.writing import refuse_existing, write_issue

    if ask and not console.interactive():
        raise click.UsageError(
            "--ask needs a terminal; without it the questions stand in the files as CHECK marks."
        )
    settings = load_settings(config, os.environ)
    page = decode(file.read(LARGEST_PAGE + 1), file.name.strip("<>"), encoding)
    earlier = read_earlier(settings.root)
    answers = {"date": day.date().isoformat()} if day else {}
    draft = _draft(page, settings, earlier, answers)
    if ask:
        draft = ask_all(page.text, draft, answers, lambda known: _draft(page, settings, earlier, known))
    refuse_existing(settings.root, draft.day)
    files = _files(draft, settings, earlier)
    folder = write_issue(settings.root, draft.day, files)
    _report(draft, page, files, f"issues/{folder.name}")
    if as_json:
        console.emit_json({"folder": str(folder), "encoding": page.encoding} | as_data(draft))
    else:
        console.emit(str(folder))


def _draft(page: Decoded, settings: Settings, earlier: Earlier, answers: Answers) -> Draft:
    from publisher.importing.text import House, read_page

    publication = settings.publication
    today = datetime.now(ZoneInfo(publication.timezone)).date()
    house = House(publication.sections, earlier.next_day(publication.cadence, today), earlier.texts)
    return read_page(page.text, house, answers)


def _files(draft: Draft, settings: Settings, earlier: Earlier) -> dict[str, str]:
    from publisher.importing.markdown import write_files

    publication = settings.publication
    published = datetime.combine(
        draft.day, time.fromisoformat(publication.publish_time), ZoneInfo(publication.timezone)
    )
    return write_files(draft, number=earlier.last_number + 1, published=published, taken=earlier.ids)


def _report(draft: Draft, page: Decoded, files: dict[str, str], name: str) -> None:
    """At most fifteen lines: what was found, what was assumed, where the questions are."""
    from publisher.content.remarks import open_questions
    from publisher.importing.summary import in_one_sentence, remarks

    console.say(console.paint(in_one_sentence(draft), bold=True))
    if page.guessed:
        console.say(f"  read as {page.encoding}, a guess; if letters look wrong, say --encoding")
    for remark in remarks(draft):
        console.say(f"  {remark}")
    marks = [mark for file, text in files.items() for mark in sorted(open_questions(text, f"{name}/{file}"))]
    if not marks:
        console.say(f"Nothing to check. Next: publish-issue {draft.day}")
        return
    console.say(f"{len(marks)} decision{'s' if len(marks) > 1 else ''} to check:")
    for mark in marks[:MARKS_SHOWN]:
        console.say(f"  {mark.place}  {short(mark.message.removeprefix('is not decided: '), 90)}")
    if len(marks) > MARKS_SHOWN:
        console.say(f"  and {len(marks) - MARKS_SHOWN} more; publish-issue {draft.day} -n lists all")
    console.say(f"Decide them in {name}/, delete the marks, then: publish-issue {draft.day}")
