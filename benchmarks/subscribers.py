"""A list of a million: how long, how much memory, and whether the door tells anything by its timing.

    python benchmarks/subscribers.py [READERS]

Prints one line a measurement. The import is measured through the command, in a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx

from publisher.config import load_settings
from publisher.subscribers.addresses import parse_address
from publisher.subscribers.letters import Letter
from publisher.subscribers.models import Actor, Cause, State
from publisher.subscribers.opening import open_store
from publisher.webapp.app import create_app
from publisher.webapp.door import Door

PROJECT = """
[publication]
title = "Steppe Letter"
url = "https://letter.example/"
founded = 2025-01-01
[[publication.sections]]
id = "economy"
title = "Economy"
[publication.publisher]
name = "Steppe Letter"
email = "desk@letter.example"
[subscribers]
tries_per_client = 1000
tries_per_hour = 100000
"""


def timed(label: str, work: Callable[[], object]) -> None:
    """Run once and print the time."""
    begun = time.perf_counter()
    result = work()
    print(f"{label:<44} {time.perf_counter() - begun:9.3f} s  {result}")


def import_list(folder: Path, readers: int) -> str:
    """Import through the command; give its greatest memory."""
    with (folder / "list.csv").open("w", encoding="utf-8") as file:
        file.write("email,name,status\n")
        file.writelines(f"Reader.{n}@mail{n % 997}.example,Reader {n},enabled\n" for n in range(readers))
    command = [sys.executable, "-m", "publisher", "subscribers", "import", "list.csv"]
    subprocess.run(command, cwd=folder, check=True, stderr=subprocess.DEVNULL)
    return f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB at most"


class Nowhere:
    """A mailer that sends nothing."""

    async def send(self, letter: Letter) -> None:
        """Drop it."""


def timing(door: Door, tries: int) -> None:
    """Ask for addresses in every state, in turns, and compare the medians."""
    states = [None, State.PENDING, State.ACTIVE, State.LEFT, State.BOUNCED, State.COMPLAINED, State.ERASED]
    addresses = {state or "unknown": f"{state or 'unknown'}@timing.example" for state in states}
    for state in filter(None, states):
        cause = Cause(datetime.now(UTC), Actor.EDITOR, "benchmark")
        entered = State.PENDING if state is State.PENDING else State.ACTIVE
        reader = door.store.add(parse_address(addresses[state]), entered, cause)
        if state is not entered:
            door.store.move(reader.id, state, cause)
    app = create_app(door, Nowhere())

    async def ask() -> dict[str, list[float]]:
        took: dict[str, list[float]] = {state: [] for state in addresses}
        for number in range(tries):
            transport = httpx.ASGITransport(app, client=(f"198.51.{number // 250}.{number % 250}", 1))
            async with httpx.AsyncClient(transport=transport, base_url="https://letter.example") as client:
                for state, address in addresses.items():
                    begun = time.perf_counter()
                    answer = await client.post("/subscribe", data={"email": address})
                    took[state].append(time.perf_counter() - begun)
                    assert answer.status_code == 200
        return took

    medians = {state: statistics.median(times) * 1000 for state, times in asyncio.run(ask()).items()}
    for state, median in medians.items():
        print(f"  /subscribe for {state:<28} {median:9.3f} ms, median of {tries}")
    print(
        f"  greatest difference between two medians    {max(medians.values()) - min(medians.values()):9.3f} ms"
    )


def main(readers: int) -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "publication.toml").write_text(PROJECT, "utf-8")
        timed(f"import {readers:,}", lambda: import_list(folder, readers))
        settings = load_settings(folder / "publication.toml", os.environ)
        store = open_store(settings.subscribers, folder)
        timed("counts of all states", lambda: store.counts()[State.ACTIVE])
        timed("find one", lambda: store.find(f"READER.{readers // 2}@mail1.example") is not None)
        timed("may_send 200", lambda: len(store.may_send(range(1, 201))))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        timed("active(), all, streamed", lambda: sum(1 for _ in store.active()))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        print(f"{'memory that the stream added':<44} {grown:9} MB")
        timing(Door(settings, store, lambda: datetime.now(UTC)), 250)
        store.engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
