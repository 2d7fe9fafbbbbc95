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

if TYPE_CHECKING:
    from publisher.delivery.bounces import Report


@click.command()
@click.argument("source", default="-")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), default="publication.toml")
def bounces(source: str, config: Path) -> int:
    """Read failures, complaints and wishes to leave from SOURCE, and act on them.

    SOURCE is a maildir, an mbox file, imaps://user@host/folder, or - for one message on standard input, as a mail
    server's pipe gives it. A mailbox that is gone is never written to again; one that is full is given up after
    several issues; a refusal for our own fault (5.7.x) is nobody's bounce: it is told here, and leaves with 1.

    \b
    Examples:
      publisher bounces /var/mail/bounce/
      bounce: "|publisher bounces - --config /srv/briefing/publication.toml"     in a mail server's aliases
    """
    from publisher.config import load_settings
    from publisher.delivery.bounces import Verdict
    from publisher.delivery.mailboxes import arrivals
    from publisher.pipeline.returns import take_back
    from publisher.subscribers.opening import open_store

    settings = load_settings(config, os.environ)
    secret = settings.delivery.imap_password
    store = open_store(settings.subscribers, settings.root)
    found: Counter[Verdict] = Counter()
    with closing(arrivals(source, secret.get_secret_value() if secret else "")) as waiting:
        for arrival in waiting:
            report, done = take_back(settings, store, arrival.data, datetime.now(UTC))
            arrival.done()
            found[report.verdict] += 1
            _tell(report, done)
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(found.items())) or "no message"
    console.say(f"Read {found.total()}: {told}")
    if found[Verdict.OURS]:
        console.say("Refusals are about us, not about readers -> publisher doctor says what to mend")
    return int(bool(found[Verdict.OURS]))


def _tell(report: Report, done: str) -> None:
    """One line about a letter of ours; nothing about what is not."""
    from publisher.delivery.bounces import Verdict

    if report.verdict is Verdict.OURS:
        console.say(console.paint("refused:", "red", bold=True) + f" {report.words or report.status}")
    elif report.recipient:
        console.say(f"subscriber {report.recipient}, {report.mailing}: {report.verdict}, {done}")
