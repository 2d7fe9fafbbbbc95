"""What `publisher send` shows: the bar while it runs, the books when it ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publisher.cli import console
from publisher.errors import NothingToDoError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from publisher.delivery.desk import Progress
    from publisher.delivery.models import Delivery, Tally
    from publisher.delivery.worker import Report, Watch
    from publisher.subscribers.store import SubscriberStore

BAR = 24
SHOWN = 50


@contextmanager
def progress_bar() -> Iterator[Watch | None]:
    """A line that is drawn anew a few times a second, if a person is looking."""
    if not sys.stderr.isatty():
        yield None
        return
    started = time.monotonic()

    def watch(before: Tally, progress: Progress) -> None:
        line = progress_line(before, progress, time.monotonic() - started)
        console.redraw(line)

    try:
        yield watch
    finally:
        console.redraw("")


def progress_line(before: Tally, progress: Progress, seconds: float) -> str:
    """`████░░ 1,200/5,000  310/s  0:12 left  3 deferred  1 failed  250 2.0.0 queued`."""
    from publisher.delivery.models import DeliveryStatus as S

    total, done = before.candidates, before[S.SENT] + progress.counts[S.SENT]
    rate = progress.counts[S.SENT] / seconds if seconds else 0
    left = before.open - sum(progress.counts.values())
    full = round(BAR * done / total) if total else BAR
    parts = [
        "█" * full + "░" * (BAR - full) + f" {done:,}/{total:,}",
        f"{rate:,.0f}/s",
        f"{int(left / rate) // 60}:{int(left / rate) % 60:02} left" if rate and left > 0 else "",
        f"next try at {_clock(progress.next_due)}" if progress.next_due else "",
        *(f"{progress.counts[s]:,} {s}" for s in (S.DEFERRED, S.FAILED, S.HELD) if progress.counts[s]),
        (progress.last_trouble or progress.last_reply)[:60],
    ]
    return "  ".join(part for part in parts if part)


def _clock(moment: float) -> str:
    """On the editor's own clock."""
    return f"{datetime.fromtimestamp(moment, UTC).astimezone():%H:%M}"


def show_report(report: Report, *, as_json: bool) -> int:
    """Say how it stands and what to do next; the exit code."""
    from publisher.delivery.models import DeliveryStatus as S

    tally = report.tally
    if as_json:
        counts = {str(status): tally[status] for status in S}
        console.emit_json({"mailing": report.mailing.name, "candidates": tally.candidates} | counts)
    console.say(console.paint(str(tally), bold=True))
    if not tally.balanced:
        console.say(
            console.paint("The books do not balance: do not send again before this is understood.", "red")
        )
    for warning in report.warnings:
        console.say(console.paint("warning ", "yellow", bold=True) + warning)
    _list(report.held, "in doubt; --uncertain=resend sends them once more")
    again = f"publisher send {report.mailing.name.partition('.')[0]} --resume"
    if report.failure is not None:
        console.complain(report.failure)
    if report.interrupted:
        console.say(f"Stopped; what was on the wire is finished. Go on with: {again}")
    elif report.next_due is not None or tally.open:
        console.say(f"Not everybody has it yet. Go on with: {again}")
    elif tally[S.FAILED] or tally[S.DEFERRED]:
        retry = again.replace("--resume", "--retry-failed")
        console.say(f"Nobody else is tried by itself; why, says --status. Once more with: {retry}")
    return _exit_code(report)


def _exit_code(report: Report) -> int:
    from publisher.delivery.models import DeliveryStatus as S

    if report.failure is not None:
        return report.failure.exit_code
    if report.interrupted:
        return console.INTERRUPTED
    trouble = report.tally[S.FAILED] + report.tally[S.DEFERRED] + report.tally[S.HELD] + report.tally.open
    return int(bool(trouble) or not report.tally.balanced)


def show_status(engine: Engine, issue: str, *, as_json: bool) -> int:
    """How far an issue and its corrections are, and everybody who does not have them, with the reason."""
    from publisher.database import reading
    from publisher.delivery import books
    from publisher.delivery.models import DeliveryStatus as S
    from publisher.delivery.stops import ordered_stop

    missing = [S.SENDING, S.HELD, S.FAILED, S.DEFERRED, S.SKIPPED]
    with reading(engine) as connection:
        mailings = [books.find(connection, name) for name in books.editions(connection, issue)]
        told = [
            (
                m.name,
                books.tally(connection, m.id),
                ordered_stop(connection, m.name),
                list(books.deliveries(connection, m.id, missing)),
            )
            for m in mailings
            if m
        ]
    if not told:
        raise NothingToDoError(f"{issue} has not been sent to anybody")
    if as_json:
        first, *corrections = (
            {"mailing": name, "tally": str(tally), "stopped": why, "deliveries": list(map(asdict, rows))}
            for name, tally, why, rows in told
        )
        console.emit_json({**first, "corrections": corrections})
        return 0
    for name, tally, why, rows in told:
        console.say(console.paint(f"{name}: {tally}", bold=True))
        if why:
            console.say(console.paint("stopped ", "red", bold=True) + f"{why}; --resume lifts that")
        _emit(rows)
    return 0


def show_history(store: SubscriberStore, address: str, *, as_json: bool) -> int:
    """What became of every letter to one reader, however the address is spelt."""
    from publisher.database import reading
    from publisher.delivery import books

    reader = None
    with suppress(ValueError):  # no address of ours: perhaps one that was frozen long ago
        reader = store.find(address)
    with reading(store.engine) as connection:
        rows = books.history(connection, address.strip(), reader.id if reader else 0)
    if not rows:
        raise NothingToDoError(f"No letter was ever due to {address or 'an empty address'}")
    if as_json:
        console.emit_json([asdict(row) for row in rows])
    else:
        _emit(rows)
    return 0


def _emit(rows: Iterable[Delivery]) -> None:
    for row in rows:
        when = datetime.fromtimestamp(row.changed, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        tries = f"{row.attempts} tries" if row.attempts != 1 else "1 try"
        console.emit(f"{row.mailing}  {row.status:<8}  {when}  {row.address}  {tries}  {row.comment}")


def _list(rows: tuple[Delivery, ...], why: str) -> None:
    if not rows:
        return
    console.say(f"{len(rows):,} {why}:")
    for row in rows[:SHOWN]:
        console.say(f"  {row.address}  {row.comment}")
    if len(rows) > SHOWN:
        console.say(f"  … and {len(rows) - SHOWN:,} more: add --status")
