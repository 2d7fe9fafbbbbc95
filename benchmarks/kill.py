"""Kill the sender a thousand times, and count who was lost, doubled or left in doubt.

    python benchmarks/kill.py                              10,000 recipients, 1,000 kills, 1 connection
    python benchmarks/kill.py --connections 8 --database postgresql://user@host/empty_database

Each run is a process of its own (forked, so that a thousand of them take minutes) that sends over SMTP to
`sink.c`, which remembers each recipient before it answers the final dot. Half of the kills come at a
random time, half after a random number of letters. What a kill leaves in doubt is held, never resent.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sinks import own_sink
from sqlalchemy import func, select

from publisher.database import migrate, open_engine, reading
from publisher.delivery.models import DeliveryStatus, Letter, Mailing, Recipient
from publisher.delivery.settings import ServerSettings
from publisher.delivery.smtp import SmtpTransport
from publisher.delivery.tables import delivery
from publisher.delivery.worker import Run, Wishes, deliver
from publisher.errors import NothingToDoError

S = DeliveryStatus
BODY = b"A bridge opens in Osh.\r\n" * 200


class Composer:
    """Letters of five kilobytes."""

    def compose(self, recipient: Recipient) -> Letter:
        """Write one."""
        head = f"To: <{recipient.address}>\r\nSubject: A bridge\r\n\r\n".encode()
        size = len(head) + len(BODY)
        return Letter(
            f"b+{recipient.id}@bounce.example", (head, BODY), size, f"{recipient.id}@letter.example"
        )


class Everybody:
    """Nobody leaves."""

    def may_send(self, ids: object) -> set[int]:
        """All of them."""
        return set(ids)  # type: ignore[call-overload]  # sqlite3 rows have no types


@dataclass
class Counts:
    """What a thousand kills did."""

    kills: int = 0
    most_in_doubt: int = 0


def send(url: str, port: int, connections: int, recipients: int) -> None:
    """Send, or go on sending; returns when all is done."""
    server = ServerSettings(host="127.0.0.1", port=port, connections=connections)
    audience = (Recipient(n, f"reader{n}@readers.example") for n in range(1, recipients + 1))
    engine = open_engine(url)
    with suppress(NothingToDoError):
        deliver(
            Run(
                engine,
                Mailing("2025-12-10", "hash of the digest"),
                lambda: audience,
                Composer(),
                Everybody(),
                SmtpTransport([(server, "")]),
                time.time,
                wishes=Wishes(resume=True),
                threads=1,
            )
        )
    engine.dispose()


def fork_sender(arguments: tuple[str, int, int, int]) -> int:
    """Start a sender in a process of its own."""
    child = os.fork()
    if child == 0:
        send(*arguments)
        os._exit(0)
    return child


def wait_then_kill(child: int, log: Path, dice: random.Random) -> bool:
    """SIGKILL at a random moment; False if the sender had finished by then."""
    until_time = time.monotonic() + dice.uniform(0, 0.06)
    until_size = log.stat().st_size + dice.randrange(400) if dice.random() < 0.5 else None
    patience = time.monotonic() + 5
    while time.monotonic() < patience:
        ended, _ = os.waitpid(child, os.WNOHANG)
        if ended:
            return False
        if (until_size is None and time.monotonic() >= until_time) or (
            until_size is not None and log.stat().st_size >= until_size
        ):
            break
        time.sleep(0.0002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def count(url: str) -> dict[DeliveryStatus, int]:
    """Rows by state."""
    engine = open_engine(url)
    with reading(engine) as connection:
        rows = connection.execute(select(delivery.c.status, func.count()).group_by(delivery.c.status))
        counts = {S(status): number for status, number in rows}
    engine.dispose()
    return counts


def most_in_doubt(url: str) -> int:
    """How many letters of one sender may or may not have arrived; the dead wait for the next to bury them."""
    engine = open_engine(url)
    with reading(engine) as connection:
        sending = select(func.count()).where(delivery.c.status == S.SENDING).group_by(delivery.c.owner)
        numbers = connection.scalars(sending).all()
    engine.dispose()
    return max(numbers, default=0)


def check(url: str, log: Path, recipients: int) -> tuple[dict[str, int], dict[DeliveryStatus, int]]:
    """Compare the ledger with the sink's memory."""
    copies = Counter(line.split("@")[0].removeprefix("reader") for line in log.read_text().splitlines())
    taken = {int(number) for number in copies}
    engine = open_engine(url)
    with reading(engine) as connection:
        rows = dict(connection.execute(select(delivery.c.recipient, delivery.c.status)).all())
    engine.dispose()
    everybody = range(1, recipients + 1)
    faults = {
        "lost": sum(n not in taken and rows.get(n) != S.HELD for n in everybody),
        "sent without receipt": sum(rows.get(n) == S.SENT and n not in taken for n in everybody),
        "duplicates": sum(copies.values()) - len(copies),
    }
    return faults, count(url)


def main() -> int:
    """Kill, restart, kill, … and at the end let it finish."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database's URL; default SQLite")
    parser.add_argument("--senders", type=int, default=1, help="several at once share the work (PostgreSQL)")
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    dice, counts, started = random.Random(wish.seed), Counts(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder, own_sink(Path(folder)) as (port, log):
        url = wish.database or f"sqlite:///{folder}/publisher.db"
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        arguments = (url, port, wish.connections, wish.recipients)
        children: list[int] = []
        while counts.kills < wish.kills:
            children += [fork_sender(arguments) for _ in range(wish.senders - len(children))]
            child = children.pop(dice.randrange(len(children)))
            if not wait_then_kill(child, log, dice):
                break  # all is sent: more kills would hit nothing
            counts.kills += 1
            counts.most_in_doubt = max(counts.most_in_doubt, most_in_doubt(url))
        for child in children:
            os.waitpid(child, 0)
        send(*arguments)
        faults, states = check(url, log, wish.recipients)
    kind = "PostgreSQL" if wish.database else "SQLite"
    print(
        f"{kind}, {wish.recipients:,} recipients, {wish.connections} connections, {wish.senders} sender(s): "
        f"{counts.kills:,} kills in {time.monotonic() - started:.0f} s"
    )
    print("  " + ", ".join(f"{number} {name}" for name, number in faults.items()))
    print("  " + ", ".join(f"{number:,} {state}" for state, number in sorted(states.items())))
    print(f"  at most {counts.most_in_doubt} of one sender in doubt at once")
    bounded = counts.most_in_doubt <= wish.connections
    bounded &= states.get(S.HELD, 0) <= counts.kills * wish.connections
    return int(any(faults.values()) or not bounded or sum(states.values()) != wish.recipients)


if __name__ == "__main__":
    sys.exit(main())
