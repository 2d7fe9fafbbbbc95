"""Day by day into the past: what `publisher rates backfill` does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from publisher.cli import console
from publisher.cli.rates_files import HISTORY, stored_history
from publisher.config import Settings
from publisher.errors import Finding, Severity, UnavailableError
from publisher.rates.accepted import Accepted, read_accepted, write_accepted
from publisher.rates.collect import Collected, collect
from publisher.rates.gates import MISSING, STALE, Circumstances
from publisher.rates.history import History, locked, write_history
from publisher.rates.models import Kind
from publisher.rates.sources.protocol import Client, Source
from publisher.rates.updating import Accept

ACCEPTED = Path("rates/accepted.csv")


@dataclass(frozen=True)
class Passing:
    """What the editor lets pass, when and why."""

    flags: Sequence[Accept]
    on: date
    reason: str

    def record(self, finding: Finding, day: date) -> Accepted:
        """The acceptance as it is kept."""
        return Accepted(day, finding.field, finding.code, self.on, self.reason)


@dataclass
class Filled:
    """What became of the days."""

    history: History
    accepted: list[Accepted]
    findings: list[Finding] = field(default_factory=list)
    new: int = 0

    @property
    def known(self) -> int:
        """How many values there are in all."""
        return len(self.history.quotes)


def fill(
    settings: Settings, days: Sequence[date], sources: Iterable[Source], client: Client, passing: Passing
) -> Filled:
    """Ask day by day and write what came of it; whoever does not answer once is not asked again."""
    with locked(settings.root / HISTORY.parent), console.progress("Asking", len(days)) as bar:
        filled = Filled(stored_history(settings), list(read_accepted(settings.root / ACCEPTED)))
        before, vouched = filled.known, len(filled.accepted)
        willing = list(sources)
        for day in days:
            around = Circumstances(filled.history, settings.rates, day, str(HISTORY))
            found = collect(willing, around, client, compare=False)
            tell_silent(found)
            willing = [source for source in willing if source.title not in found.silent]
            _add(found, day, passing, filled)
            bar.update(1)
        filled.new = filled.known - before
        write_history(settings.root / HISTORY, filled.history)
        if len(filled.accepted) > vouched:
            write_accepted(settings.root / ACCEPTED, filled.accepted)
    return filled


def _add(found: Collected, day: date, passing: Passing, filled: Filled) -> None:
    """Remember the day's values, but for those that a gate stops and nobody vouches for."""
    errors = [finding for finding in found.findings if finding.severity is Severity.ERROR]
    known = [f for f in errors if any(accepted.covers(f, day) for accepted in filled.accepted)]
    new = [f for f in errors if f not in known and any(flag.covers(f) for flag in passing.flags)]
    filled.accepted += [passing.record(finding, day) for finding in new]
    stopped = [f for f in errors if f not in (*known, *new)]
    filled.findings += [f for f in stopped if f.code not in (MISSING, STALE)]
    bad = {finding.field for finding in stopped}
    filled.history = filled.history.including(q for q in found.quotes if q.pair not in bad)


def tell_silent(found: Collected) -> None:
    """Who did not answer; when nobody did, that is the end. Raises UnavailableError."""
    for title, error in found.silent.items():
        console.say(f"{title} did not answer: {error}")
    heard = [quote for quote in found.quotes if quote.kind is not Kind.PEG]
    if found.silent and not heard and all(finding.code == MISSING for finding in found.findings):
        raise UnavailableError("No source answered; nothing was written", hint="try again later")
