"""Break every system call of a small run, one after the other: and see who is lost, doubled or in doubt.

    python benchmarks/faults.py                         each write, sync, send and receive, broken in each way
    python benchmarks/faults.py --folder /mnt/ext4      the ledger there, for example on another file system
    python benchmarks/faults.py --share 0.1 --seed 7    a tenth of the points, at random
    python benchmarks/faults.py --database postgresql://user@host/empty_database

A first run is counted (strace): so many pwrite64, fdatasync, sendto and so on, thread by thread. Then, for each
of them, a sender is started on an empty ledger and hit at exactly that call: SIGKILL, or EIO or ENOSPC, once or,
on the disk, from there on; on the network also a reset. It must end with a sentence for its user. A second sender
goes on. At last the ledger is compared with what `sink.c` remembers. With PostgreSQL the sends and receives
that are hit are those between sender and database as well; its disk is the server's. A send to the database
that fails ends its session too, as whatever makes a send fail would.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

from kill import check, fork_sender, send
from sinks import own_sink
from sqlalchemy.engine import make_url

from publisher.database import migrate, open_engine, writing
from publisher.delivery.models import DeliveryStatus
from publisher.delivery.tables import METADATA
from publisher.errors import PublisherError

NETWORK_CALLS = ("sendto", "sendmsg", "writev", "recvfrom", "recvmsg")
KILLED, BROKEN, FULL = "signal=SIGKILL:when={}", "error=EIO:when={}", "error=ENOSPC:when={}"
DISK = (KILLED, BROKEN, f"{BROKEN}+", FULL, f"{FULL}+")  # + is: and every time after that
NETWORK = (KILLED, BROKEN, FULL, "error=ECONNRESET:when={}")
CALLS = {
    **dict.fromkeys(("write", "pwrite64", "pwritev", "fsync", "fdatasync", "ftruncate"), DISK),
    **dict.fromkeys(NETWORK_CALLS, NETWORK),
}
SOFTWARE = 70
PATIENCE = 60.0
"""Seconds for one run, which takes a tenth of one."""
_SEVER = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_ATTACHED = re.compile(rb"attached")
_CALL = re.compile(r"^(\d* *)(\w+)\(", re.MULTILINE)
_ANYBODY_MAY_TRACE = 0x59616D61, ctypes.c_ulong(-1)  # prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY)


@dataclass(frozen=True)
class Bench:
    """Where a point is tried, and with what."""

    url: str
    template: Path
    port: int
    log: Path
    readers: int

    @property
    def arguments(self) -> tuple[str, int, int, int]:
        """What `kill.send` takes: one connection."""
        return self.url, self.port, 1, self.readers

    @property
    def ledger(self) -> Path | None:
        """The ledger's file, if it is one."""
        url = make_url(self.url)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None

    @property
    def calls(self) -> dict[str, tuple[str, ...]]:
        """What can befall each call: where the ledger is a server's, the sender has no disk."""
        return CALLS if self.ledger else {name: CALLS[name] for name in NETWORK_CALLS}

    def prepare(self) -> None:
        """Make the tables."""
        engine = open_engine(f"sqlite:///{self.template}" if self.ledger else self.url)
        migrate(engine)
        engine.dispose()

    def sever(self) -> None:
        """End all sessions with the database but this one."""
        engine = open_engine(self.url)
        with writing(engine) as connection:
            connection.exec_driver_sql(_SEVER)
        engine.dispose()

    def clear(self) -> None:
        """An empty ledger, and a sink that remembers nothing."""
        os.truncate(self.log, 0)
        if self.ledger is None:
            engine = open_engine(self.url)
            with writing(engine) as connection:
                for table in reversed(METADATA.sorted_tables):
                    connection.execute(table.delete())
            engine.dispose()
            return
        for name in self.ledger.parent.glob(f"{self.ledger.name}*"):
            name.unlink()
        shutil.copy(self.template, self.ledger)


@dataclass
class Tally:
    """What all points did together."""

    points: int = 0
    held: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)


class Loop(asyncio.SelectorEventLoop):
    """Is woken by its threads through write and read: sends and receives are then the network's alone."""

    def _write_to_self(self) -> None:
        with suppress(OSError):
            os.write(self._csock.fileno(), b"\0")

    def _read_from_self(self) -> None:
        with suppress(OSError):
            os.read(self._ssock.fileno(), 4096)


class Loops(asyncio.DefaultEventLoopPolicy):
    """Gives the sender such a loop."""

    _loop_factory = Loop


def traced(bench: Bench, calls: Sequence[str], *options: str) -> tuple[bool, int]:
    """Run one sender under strace, from its first own step on; whether it came to a good end, and soon.

    With SQLite the network belongs to the first thread; the others' sends only wake it, and never fail outside
    of strace. Also how often it was hit: each thread counts its calls by itself, and a fault may meet two of them.
    """
    hits = 0
    waiting, go = os.pipe()
    child = os.fork()
    if child == 0:
        ctypes.CDLL(None).prctl(*_ANYBODY_MAY_TRACE)
        os.close(go)
        os.read(waiting, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        if bench.ledger is None:
            asyncio.set_event_loop_policy(Loops())
        try:
            send(*bench.arguments)
        except PublisherError:
            os._exit(0)
        except BaseException:  # noqa: BLE001  # whatever it is, nobody has explained it to the user
            os._exit(SOFTWARE)
        os._exit(0)
    follow = [] if bench.ledger and set(calls) <= set(NETWORK_CALLS) else ["-f"]
    command = ["strace", *follow, "-p", str(child), "-e", f"trace={','.join(calls)}", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as tracer:
        assert tracer.stderr is not None
        while not _ATTACHED.search(line := tracer.stderr.readline()):
            if not line:
                sys.exit("strace cannot attach: is it installed, and allowed to?")
        os.close(waiting)
        os.close(go)  # the child goes on
        overdue = Timer(PATIENCE, os.kill, (child, signal.SIGKILL))
        overdue.start()
        for line in tracer.stderr:
            hits += b"INJECTED" in line
            if b"MSG_NOSIGNAL" in line and b"INJECTED" in line:  # the flag of PostgreSQL's client
                bench.sever()
        soon = overdue.is_alive()
        overdue.cancel()
        overdue.join()  # a fork beside a thread may inherit a lock that nobody will release
    _, status = os.waitpid(child, 0)
    return soon and os.waitstatus_to_exitcode(status) != SOFTWARE, hits


def counted(bench: Bench, folder: Path) -> dict[str, int]:
    """How often each call is made, by the thread that makes it most."""
    counts: Counter[str] = Counter()
    for calls in filter(None, (NETWORK_CALLS, sorted(set(bench.calls) - set(NETWORK_CALLS)))):
        bench.clear()
        output = folder / "calls"
        traced(bench, calls, "-o", str(output))
        for (_, call), number in Counter(_CALL.findall(output.read_text(errors="replace"))).items():
            counts[call] = max(counts[call], number)
    return counts


def points(bench: Bench, calls: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Every call of every kind, with everything that may befall it."""
    for call, count in calls.items():
        for number in range(1, count + 1):
            for fault in bench.calls[call]:
                yield call, fault.format(number)


def attempt(bench: Bench, call: str, fault: str, tally: Tally) -> None:
    """One run that is hit, one that goes on, and the comparison."""
    bench.clear()
    told, hits = traced(bench, [call], "-e", f"inject={call}:{fault}")
    _, status = os.waitpid(fork_sender(bench.arguments), 0)
    faults, states = check(bench.arguments[0], bench.log, bench.readers)
    held = states.get(DeliveryStatus.HELD, 0)
    tally.points += 1
    tally.held += held
    tally.faults.update(faults)
    done = held + states.get(DeliveryStatus.SENT, 0) == bench.readers
    allowed = 1 if bench.ledger else max(hits, 1)
    if any(faults.values()) or held > allowed or status or not done or not told:
        tally.bad.append(f"{call}:{fault}: {faults}, {states}, {'' if told else 'no good end, '}{status}")


def main() -> int:
    """Count, break, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readers", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None, help="where the ledger lies")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database's URL; default SQLite")
    parser.add_argument("--share", type=float, default=1.0, help="of the points, at random")
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    dice, tally, started = random.Random(wish.seed), Tally(), time.monotonic()
    with (
        tempfile.TemporaryDirectory() as scratch,
        tempfile.TemporaryDirectory(dir=wish.folder) as folder,
        own_sink(Path(scratch)) as (port, log),
    ):
        url = wish.database or f"sqlite:///{folder}/publisher.db"
        bench = Bench(url, Path(scratch) / "empty.db", port, log, wish.readers)
        bench.prepare()
        calls = counted(bench, Path(scratch))
        for call, fault in points(bench, calls):
            if dice.random() < wish.share:
                attempt(bench, call, fault, tally)
    print("calls of one run: " + ", ".join(f"{count} {call}" for call, count in calls.items()))
    print(f"{tally.points:,} points in {time.monotonic() - started:.0f} s: ", end="")
    print(
        ", ".join(f"{number} {name}" for name, number in tally.faults.items()), f"{tally.held} held", sep=", "
    )
    print(*tally.bad, sep="\n", end="\n" if tally.bad else "")
    return int(bool(tally.bad))


if __name__ == "__main__":
    sys.exit(main())
