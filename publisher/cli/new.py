"""`publisher new`: an empty issue with everything in place but the words."""

from __future__ import annotations

import os
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from publisher.cli import console
from publisher.cli.days import DAY

if TYPE_CHECKING:
    from publisher.content.models import Publication, Section
    from publisher.importing.earlier import Earlier


@click.command()
@click.argument("day", metavar="[DATE]", type=DAY, required=False)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default="publication.toml",
    show_default=True,
    help="The project file; its folder holds issues/.",
)
def new(day: datetime | None, config: Path) -> None:
    """Make the folder of the next issue, or of DATE: the next number, and an article for each section.

    By default it is the day after the last issue by the publication's cadence, or today if that is later.
    The sections are those of the last issue, in its order. Each article has its id; a CHECK mark stands where
    words are missing, so that nothing is published by mistake. An issue that is there is never touched.

    \b
    Examples:
      publisher new
      publisher new 2025-12-31
    """
    from publisher.config import load_settings
    from publisher.importing.earlier import read_earlier
    from publisher.importing.stubs import stub_files
    from publisher.importing.writing import write_issue

    settings = load_settings(config, os.environ)
    publication = settings.publication
    zone = ZoneInfo(publication.timezone)
    earlier = read_earlier(settings.root)
    date = day.date() if day else earlier.next_day(publication.cadence, datetime.now(zone).date())
    files = stub_files(
        _sections(publication, earlier),
        number=earlier.last_number + 1,
        published=datetime.combine(date, time.fromisoformat(publication.publish_time), zone),
        taken=earlier.ids,
    )
    folder = write_issue(settings.root, date, files)
    console.say(f"Issue {earlier.last_number + 1} of {date}, {len(files) - 1} articles to write:")
    for name in files:
        console.say(f"  {name}")
    console.say(
        f"Next: publisher rates update {date}, publisher preview, and in the end publish-issue {date}"
    )
    console.emit(str(folder))


def _sections(publication: Publication, earlier: Earlier) -> list[Section]:
    """The last issue's, as far as they still exist; else all."""
    known = {section.id: section for section in publication.sections}
    again = [known[name] for name in earlier.last_sections if name in known]
    return again or list(publication.sections)
