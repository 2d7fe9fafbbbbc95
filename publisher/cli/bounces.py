"""`publisher bounces`: read what came back."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import console
from publisher.errors import BusyError, NothingToDoError, PublisherError

if TYPE_CHECKING:
    from publisher.config import Settings
    from publisher.delivery.bounces import Report


PIPE = "-"


class _SlipError(click.UsageError):
    """An option that is none, told with the exit code at which a mail server keeps the message."""

    exit_code = BusyError.exit_code


class _Pipe(click.Command):
    """A command in a mail server's aliases: there a slip of the pen must not lose the report either."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options."""
        piped = PIPE in args
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if not piped:
                raise
            raise _SlipError(error.format_message(), error.ctx) from None


@click.command(cls=_Pipe)
@click.argument("source", default=PIPE)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), default="publication.toml")
def bounces(source: str, config: Path) -> int:
    """Read failures, complaints and wishes to leave from SOURCE, and act on them.

    SOURCE is a maildir, an mbox file, imaps://user@host/folder, or - for one message on standard input, as a mail
    server's pipe gives it. A mailbox that is gone is never written to again; one that is full is given up after
    several issues; a refusal for our own fault (5.7.x) is nobody's bounce: it stops the mailing, is told here, and
    leaves with 1, unless the letter left before you resumed. Where no database has been made yet it makes none, and
    reads nothing. As a pipe it leaves with 0, or with 75 where it could not read: the mail server tries again.

    \b
    Examples:
      publisher bounces /var/mail/bounce/
      bounce: "|publisher bounces - --config /srv/briefing/publication.toml"     in a mail server's aliases
    """
    try:
        found, stopped = _take_back(source, config)
    except PublisherError as error:
        if source != PIPE:
            raise
        console.complain(error)
        return BusyError.exit_code  # the mail server keeps the message, and tries again
    except Exception as error:
        if source != PIPE:
            raise
        console.say(
            f"Publisher itself failed, so the message stays in the queue: {type(error).__name__}: {error}"
        )
        return BusyError.exit_code
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(found.items())) or "no message"
    console.say(f"Read {found.total()}: {told}")
    for mailing in sorted(stopped):
        console.say(
            f"{mailing} is stopped. A refusal is about us, not about a reader: `publisher doctor` may know why. "
            f"When it is mended, or was one receiver's own whim: `publisher send {mailing.partition('.')[0]} "
            "--resume`; reports of letters that have left by then stop nothing."
        )
    return int(bool(stopped) and source != PIPE)


def _take_back(source: str, config: Path) -> tuple[Counter[str], set[str]]:
    """Act on every message; how many of each kind there were, and which mailings are stopped now."""
    from publisher.config import load_settings
    from publisher.delivery.bounces import Verdict
    from publisher.delivery.mailboxes import arrivals
    from publisher.pipeline.returns import OLD_NEWS, take_back
    from publisher.subscribers.opening import opened

    settings = load_settings(config, os.environ)
    _refuse_unbegun(settings)
    secret = settings.delivery.imap_password
    found: Counter[str] = Counter()
    stopped: set[str] = set()
    with (
        opened(settings.subscribers, settings.root) as store,
        closing(arrivals(source, secret.get_secret_value() if secret else "")) as waiting,
    ):
        for arrival in waiting:
            report, done = take_back(settings, store, arrival.data, datetime.now(UTC))
            arrival.done()
            found[report.verdict] += 1
            if report.verdict is Verdict.OURS and done != OLD_NEWS:
                stopped.add(report.mailing)
            _tell(report, done)
    return found, stopped


def _refuse_unbegun(settings: Settings) -> None:
    """Without a database no letter has left from here; or it is lost, and then no message may be marked as read."""
    from publisher.database import is_begun

    if not is_begun(settings.subscribers.database, settings.root):
        raise NothingToDoError(
            "There are no readers here yet, so there is nothing to do: no message was read",
            hint="if there should be some, put `database` or --config right",
        )


def _tell(report: Report, done: str) -> None:
    """One line about a letter of ours; nothing about what is not."""
    from publisher.delivery.bounces import Verdict

    if report.verdict is Verdict.OURS:
        label = console.paint("refused:", "red", bold=True)
        console.say(f"{label} {report.words or report.status}; {report.mailing}: {done}")
    elif report.recipient:
        console.say(f"subscriber {report.recipient}, {report.mailing}: {report.verdict}, {done}")
