"""How fast letters leave, beside others who carry the same letters to the same sink in the same run.

    python benchmarks/send.py                      to our own sink and to Postfix's smtp-sink
    python benchmarks/send.py --delay 10           every reply 10 ms late
    python benchmarks/send.py --signed             with DKIM, RSA of 2048 bits
    python benchmarks/send.py --memory             1,000, 100,000 and 1,000,000 recipients, small letters

Letters are a digest's (60 KB of HTML, 15 KB of text) with personal headers and links in both parts; one
process, ten connections, the ledger on SQLite with synchronous=FULL in the folder for temporary files.
Only ratios within one run mean anything: a machine is never alone. Each sender runs in a fresh
process, in turn, several rounds; medians are shown.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from pathlib import Path

import letter
import peers
from measuring import Figures, measured, seconds_of
from sinks import own_sink, postfix_sink

from publisher.database import open_engine
from publisher.delivery.models import Mailing
from publisher.delivery.settings import ServerSettings
from publisher.delivery.smtp import SmtpTransport
from publisher.delivery.worker import Run, deliver

CONNECTIONS = 10
OURS = "publisher"
SIGNED = "publisher, signed"


class Everybody:
    """Nobody leaves."""

    def may_send(self, ids: Collection[int]) -> set[int]:
        """All of them."""
        return set(ids)


def ours(port: int, number: int, *, signed: bool = False, scale: float = 1.0) -> None:
    """The whole way: freeze, claim, compose, send, record."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/publisher.db"
        make_database(url)
        engine = open_engine(url)
        composer = letter.composer(Path(folder), signed=signed, scale=scale)
        server = ServerSettings(
            host="127.0.0.1", port=port, connections=CONNECTIONS, letters_per_connection=10**6
        )
        with measured(number):
            report = deliver(
                Run(
                    engine,
                    Mailing("2025-12-10", "hash"),
                    lambda: letter.audience(number),
                    composer,
                    Everybody(),
                    SmtpTransport([(server, "")]),
                    time.time,
                    threads=(os.cpu_count() or 1) if signed else 0,
                )
            )
    assert str(report.tally).startswith(f"{number:,} candidates = {number:,} sent"), report.tally


def make_database(url: str) -> None:
    """Make the tables in a process of its own: a publication has them long before it sends."""
    program = "import sys; from publisher.database import *; migrate(open_engine(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", program, url], check=True)


def fresh(way: str, port: int, number: int, *, signed: bool = False, scale: float = 1.0) -> Figures:
    """Run one way in a process of its own."""
    words = ["--way", way, "--port", str(port), "--letters", str(number), "--scale", str(scale)]
    command = [sys.executable, __file__, *words, *(["--signed"] if signed else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Figures(*json.loads(done.stdout))


def compare(title: str, port: int, wish: argparse.Namespace) -> dict[str, Figures]:
    """Some rounds of everybody in turn; medians, and what they are of smtp-source and of smtplib."""
    print(f"{title}: {wish.letters:,} letters, {CONNECTIONS} connections, {wish.rounds} rounds")
    number, few = wish.letters, max(200, wish.letters // 8)
    ways: dict[str, Callable[[], Figures]] = {
        "smtp-source": lambda: peers.smtp_source(port, number, CONNECTIONS),
        OURS: lambda: fresh(OURS, port, number),
    }
    if wish.signed:
        ways[SIGNED] = lambda: fresh(OURS, port, number, signed=True)
    if not wish.alone:
        ways["smtplib"] = lambda: fresh("smtplib", port, few)
        ways["aiosmtplib"] = lambda: fresh("aiosmtplib", port, few)
        ways |= peers.others(port, few, CONNECTIONS)
    rounds = [{name: way() for name, way in ways.items()} for _ in range(wish.rounds)]
    table = {name: median([figures[name] for figures in rounds]) for name in ways}
    show(table)
    return table


def median(figures: list[Figures]) -> Figures:
    """Column by column."""
    return Figures(*map(statistics.median, zip(*figures, strict=True)))


def show(table: dict[str, Figures]) -> None:
    """A line for each sender."""
    anchors = [name for name in ("smtp-source", "smtplib") if name in table]
    for name, (rate, cpu, memory) in table.items():
        ratios = "".join(f"  {rate / table[anchor].rate:5.2f} x {anchor}" for anchor in anchors)
        peak = f"  {memory:4.0f} MB" if memory else ""
        print(f"  {name:18} {rate:8,.0f} letters/s{ratios}  {cpu:6,.0f} µs CPU{peak}")


def signatures(cores: int) -> float:
    """How many a second that many cores sign, as OpenSSL measures it."""
    command = ["openssl", "speed", "-seconds", "2", "-multi", str(cores), "rsa2048"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("rsa"))
    return float(line.split()[5])


def show_limit(port: int, process: int, number: int, rate: float) -> None:
    """What all cores together could hold: a signature, the sink's part, and a sender as frugal as smtp-source."""
    cores = os.cpu_count() or 1
    signing = cores / signatures(cores)
    before = seconds_of(process)
    source = peers.smtp_source(port, number, CONNECTIONS)
    sink = (seconds_of(process) - before) / number
    limit = cores / (signing + sink + source.cpu / 1e6)
    print(
        f"  at most {limit:,.0f} signed letters/s fit into {cores} cores (signature {signing * 1e6:,.0f} µs, sink "
        f"{sink * 1e6:,.0f}, smtp-source {source.cpu:,.0f}): {limit / source.rate:.2f} x smtp-source. "
        f"publisher: {rate / limit:.2f} of that"
    )


def show_memory(port: int) -> None:
    """Peak memory for short and long lists."""
    for number in (1_000, 100_000, 1_000_000):
        rate, cpu, memory = fresh(OURS, port, number, scale=0.01)
        print(
            f"  {number:9,} recipients: {memory:4.0f} MB, {rate:,.0f} letters/s, {cpu:.0f} µs CPU", flush=True
        )


def wishes() -> argparse.Namespace:
    """What to measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=6_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--delay", type=int, default=0, help="milliseconds before each reply")
    parser.add_argument("--signed", action="store_true")
    parser.add_argument("--alone", action="store_true", help="beside smtp-source only")
    parser.add_argument("--sink", choices=["own", "postfix", "both"], default="both")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0, help="the letters' size; 1 is 82 KB")
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Measure what is wished."""
    wish = wishes()
    if wish.way == OURS:
        ours(wish.port, wish.letters, signed=wish.signed, scale=wish.scale)
    elif wish.way:
        peers.IN_PYTHON[wish.way](wish.port, wish.letters, CONNECTIONS)
    else:
        compare_at_sinks(wish)


def compare_at_sinks(wish: argparse.Namespace) -> None:
    """Our own sink, and Postfix's where no delay is wished."""
    if wish.signed:
        print(f"openssl speed rsa2048: {signatures(1):,.0f} signatures/s on one core")
    if wish.memory or wish.sink != "postfix":
        with (
            tempfile.TemporaryDirectory() as folder,
            own_sink(Path(folder), delay_ms=wish.delay) as (port, _),
        ):
            if wish.memory:
                show_memory(port)
                return
            compare(f"our own sink, replies {wish.delay} ms late", port, wish)
    if not wish.delay and wish.sink != "own":
        with postfix_sink() as (port, process):
            table = compare("Postfix's smtp-sink", port, wish)
            if wish.signed:
                show_limit(port, process, wish.letters, table[SIGNED].rate)


if __name__ == "__main__":
    main()
