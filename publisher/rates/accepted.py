"""What an editor let pass while filling the history: `rates/accepted.csv`, kept in git beside it.

An issue's own acceptances stand in its rates.yml; those of a backfill have no issue to stand in.

    date,pair,code,accepted,reason
    2026-04-02,USD/UZS,R302,2026-04-03,"CBU, by phone"
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from publisher.errors import Finding, InputError
from publisher.rates.history import write_atomically

_COLUMNS = ("date", "pair", "code", "accepted", "reason")
_BROKEN = "R321"


class Accepted(NamedTuple):
    """One value's acceptance: the day of the value, what was wrong with it, and when and why it passed."""

    day: date
    pair: str
    code: str
    accepted: date
    reason: str = ""

    def covers(self, finding: Finding, day: date) -> bool:
        """Whether this is about that day's finding."""
        return (self.day, self.pair, self.code) == (day, finding.field, finding.code)


def read_accepted(path: Path) -> tuple[Accepted, ...]:
    """Read the file; none means that nothing was ever accepted. Raises InputError."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ()
    rows = csv.DictReader(io.StringIO(text), strict=True)
    try:
        return tuple(_accepted(row) for row in rows)
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        message, hint = "cannot be used", "correct the line or delete it"
        place = (f"{path.parent.name}/{path.name}", rows.line_num, 1)
        raise InputError([Finding(*place, "", message, hint, _BROKEN)]) from error


def write_accepted(path: Path, accepted: Iterable[Accepted]) -> None:
    """Make the file say this, sorted by day and pair: all of it, or nothing changes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([_COLUMNS, *sorted(set(accepted))])
    write_atomically(path, out.getvalue())


def _accepted(row: dict[str, str]) -> Accepted:
    day, on = date.fromisoformat(row["date"]), date.fromisoformat(row["accepted"])
    return Accepted(day, row["pair"], row["code"], on, row["reason"] or "")
