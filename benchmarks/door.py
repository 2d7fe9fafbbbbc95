"""Ten thousand hostile sign-ups over real connections, and whether the door stays open and small.

    python benchmarks/door.py [WISHES] [DATABASE-URL]

Starts `publisher serve` and comes from ten thousand machines (it takes our X-Forwarded-For), fifty
at once, first for one address and then for as many addresses; each time with a list being imported
beside it, as the other program that writes. Prints the answers, their times, the letters and the memory.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

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
database = "{url}"
tries_per_hour = {cap}
[web]
site = false
port = 8765
trusted_proxies = ["127.0.0.1"]
"""
DOOR = "http://127.0.0.1:8765"
HOST = {"Host": "letter.example"}
AT_ONCE = 50
SECRET = "n" * 32
PUBLISHER = [sys.executable, "-m", "publisher"]
ENVIRONMENT = os.environ | {"PUBLISHER_SECRET_KEY": SECRET}


async def flood(wishes: int, address: Callable[[int], str]) -> tuple[Counter[int], list[float]]:
    """Post the wishes, fifty at once; give how often each answer came, and the seconds each took."""
    codes: Counter[int] = Counter()
    took: list[float] = []
    numbers = iter(range(wishes))

    async def stranger(client: httpx.AsyncClient) -> None:
        for number in numbers:
            machine = {**HOST, "X-Forwarded-For": f"198.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
            begun = time.perf_counter()
            answer = await client.post("/subscribe", data={"email": address(number)}, headers=machine)
            took.append(time.perf_counter() - begun)
            codes[answer.status_code] += 1

    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=DOOR, timeout=60, limits=limits) as client:
        await asyncio.gather(*(stranger(client) for _ in range(AT_ONCE)))
    return codes, took


@dataclass
class Open:
    """A door of a folder of its own, and the list that is imported beside it."""

    folder: Path
    process: subprocess.Popen[bytes]
    importing: subprocess.Popen[bytes] | None = None

    @property
    def memory(self) -> str:
        """The greatest memory so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return status.partition("VmHWM:")[2].split("\n")[0].strip()

    def letters(self) -> int:
        """How many have been written."""
        return sum(1 for _ in (self.folder / "data" / "letters").glob("*.eml"))

    def log(self) -> str:
        """What the door said."""
        return (self.folder / "log").read_text("utf-8")

    def import_a_list(self) -> None:
        """Start the other program that writes."""
        lines = (f"reader{number}@list.example" for number in range(1_000_000))
        (self.folder / "list.csv").write_text("\n".join(["email", *lines]), "utf-8")
        self.importing = subprocess.Popen(
            [*PUBLISHER, "subscribers", "import", "list.csv"],
            cwd=self.folder,
            env=ENVIRONMENT,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def open_door(url: str, cap: int) -> Iterator[Open]:
    """Serve until the block ends."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "publication.toml").write_text(PROJECT.format(url=url, cap=cap), "utf-8")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*PUBLISHER, "serve"], cwd=folder, env=ENVIRONMENT, stdout=log, stderr=log
            )
        door = Open(folder, process)
        try:
            _wait_until_well(door)
            yield door
        finally:
            if door.importing:
                door.importing.kill()
                door.importing.wait()
            process.terminate()
            process.wait(30)


def _wait_until_well(door: Open) -> None:
    while door.process.poll() is None:
        try:
            if httpx.get(f"{DOOR}/health", headers=HOST).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit(door.log())


def attack(label: str, wishes: int, url: str, cap: int, address: Callable[[int], str]) -> None:
    """One flood against a door of its own, with an import beside it."""
    with open_door(url, cap) as door:
        door.import_a_list()
        begun = time.perf_counter()
        codes, took = asyncio.run(flood(wishes, address))
        lasted = time.perf_counter() - begun
        time.sleep(5)
        letters, used, ended = door.letters(), door.memory, door.importing and door.importing.poll()
        said = Counter(line.split(" ", 3)[-1][:70] for line in door.log().splitlines())
    print(f"{label}: {wishes:,} wishes in {lasted:.1f} s; answers {dict(codes)}")
    print(f"  median {statistics.median(took) * 1000:.0f} ms,", end=" ")
    print(f"99 of 100 within {statistics.quantiles(took, n=100)[98] * 1000:.0f} ms,", end=" ")
    print(f"slowest {max(took) * 1000:.0f} ms; {letters} letters 5 s later; memory {used}", end=" ")
    print("(the import went on)" if ended is None else f"(the import ended with {ended})")
    for words, count in said.most_common(4):
        print(f"  log: {count} x {words}")


def main(wishes: int, url: str) -> None:
    """Measure."""
    attack("one address", wishes, url, 1_000_000, lambda _: "victim@example.org")
    attack("as many addresses, cap lifted", wishes, url, 1_000_000, lambda n: f"r{n}@example.org")
    attack("as many addresses, cap of 500", wishes, url, 500, lambda n: f"s{n}@example.org")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 10_000,
        sys.argv[2] if len(sys.argv) > 2 else "sqlite:///data/publisher.db",
    )
