"""Ten thousand hostile sign-ups over real connections, and whether the door stays open and small.

    python benchmarks/door.py [WISHES] [DATABASE-URL]

Starts `publisher serve` and comes from ten thousand machines (it takes our X-Forwarded-For), fifty
at once, first for one address and then for as many addresses; each time with a list being imported
beside it, as the other program that writes. Prints the answers, their times, the letters and the memory.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
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


def memory(process: int) -> str:
    """The greatest memory of a running process."""
    status = Path(f"/proc/{process}/status").read_text("ascii")
    return status.partition("VmHWM:")[2].split("\n")[0].strip()


def wait_until_open(door: subprocess.Popen[bytes]) -> None:
    """Return when the door is well."""
    while door.poll() is None:
        try:
            if httpx.get(f"{DOOR}/health", headers=HOST).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("the door does not open")


def attack(label: str, wishes: int, url: str, cap: int, address: Callable[[int], str]) -> None:
    """One flood against a door of its own, with an import beside it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "publication.toml").write_text(PROJECT.format(url=url, cap=cap), "utf-8")
        lines = (
            f"reader{number}@{label[:3]}.example" for number in itertools.islice(itertools.count(), 200_000)
        )
        (folder / "list.csv").write_text("\n".join(["email", *lines]), "utf-8")
        command = [sys.executable, "-m", "publisher"]
        environment = os.environ | {"PUBLISHER_SECRET_KEY": "n" * 32}
        with (folder / "log").open("wb") as log:
            door = subprocess.Popen([*command, "serve"], cwd=folder, env=environment, stdout=log, stderr=log)
            wait_until_open(door)
            beside = subprocess.Popen(
                [*command, "subscribers", "import", "list.csv"],
                cwd=folder,
                env=environment,
                stderr=subprocess.DEVNULL,
            )
            begun = time.perf_counter()
            codes, took = asyncio.run(flood(wishes, address))
            lasted = time.perf_counter() - begun
            importing = "still importing" if beside.poll() is None else "import ended"
            beside.kill()
            time.sleep(5)
            letters = sum(1 for _ in (folder / "data" / "letters").glob("*.eml"))
            used = memory(door.pid)
            door.terminate()
            door.wait(30)
        said = Counter(
            line.split(" ", 3)[-1][:60] for line in (folder / "log").read_text("utf-8").splitlines()
        )
    slowest = statistics.quantiles(took, n=100)[98]
    print(f"{label}: {wishes:,} wishes in {lasted:.1f} s ({importing}); answers {dict(codes)}")
    print(
        f"  median {statistics.median(took) * 1000:.1f} ms, 99 of 100 within {slowest * 1000:.0f} ms,",
        end=" ",
    )
    print(f"slowest {max(took) * 1000:.0f} ms; {letters} letters within 5 s; memory {used}")
    for words, count in said.most_common(5):
        print(f"  log: {count} x {words}")


def main(wishes: int, url: str) -> None:
    """Measure."""
    attack("one address", wishes, url, 1_000_000, lambda _: "victim@example.org")
    attack("ten thousand addresses, cap lifted", wishes, url, 1_000_000, lambda n: f"r{n}@example.org")
    attack("addresses, cap 500", wishes, url, 500, lambda n: f"s{n}@example.org")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 10_000,
        sys.argv[2] if len(sys.argv) > 2 else "sqlite:///data/publisher.db",
    )
