"""Where `publisher rates` finds what is known: issues' rates.yml and rates/history.csv.

An edge: it reads files. Articles are left alone: a slip in one of them is no reason for old rates.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

from publisher.config import Settings
from publisher.content.loading import dated_folders
from publisher.content.rates_file import parse_rates
from publisher.content.reading import read_text
from publisher.rates.history import History, read_history
from publisher.rates.models import RatesFile

HISTORY = Path("rates/history.csv")


def stored_history(settings: Settings) -> History:
    """What rates/history.csv says."""
    return read_history(settings.root / HISTORY)


def known_history(settings: Settings) -> History:
    """What all issues said; the history file has the last word."""
    files = (rates_of(settings.root, day) for day in issue_days(settings.root))
    said = (quote for file in files for quote in file.quotes)
    return History().including(said).including(stored_history(settings).quotes)


def rates_of(root: Path, day: date) -> RatesFile:
    """An issue's rates.yml; one that is not there is empty. Raises InputError with file:line:column."""
    return read_rates(root, day)[0]


def read_rates(root: Path, day: date) -> tuple[RatesFile, str]:
    """The same, and the file's text, in which questions may stand."""
    folder = root / "issues" / day.isoformat()
    if not (folder / "rates.yml").exists():
        return RatesFile(), ""
    shown = f"issues/{day}/rates.yml"
    text = read_text(folder / "rates.yml", shown, within=folder)
    return parse_rates(text, shown), text


def issue_days(root: Path) -> list[date]:
    """The dates that issues are named after, newest first."""
    days = []
    for folder in dated_folders(root):
        with suppress(ValueError):
            days.append(date.fromisoformat(folder.name))
    return days


def newest_issue(root: Path) -> date | None:
    """The date of the newest issue, if there is any."""
    return next(iter(issue_days(root)), None)
