"""Ten thousand strangers at the door, and a scanner that opens every link of a thousand letters."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import httpx
import pytest
from doors import TestDoor, everything
from sqlalchemy import Engine

from publisher.subscribers.models import State
from publisher.subscribers.tokens import Purpose

pytestmark = pytest.mark.slow


PROXY = {"trusted_proxies": ["192.0.2.1"]}


def flood(door: TestDoor, wishes: list[tuple[str, str]]) -> list[int]:
    """Post (client, address) one after another, through a proxy of ours; give the status codes."""

    async def post() -> list[int]:
        transport = httpx.ASGITransport(door.app, client=("192.0.2.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="https://letter.example") as proxy:
            return [
                (
                    await proxy.post(
                        "/subscribe", data={"email": address}, headers={"X-Forwarded-For": client}
                    )
                ).status_code
                for client, address in wishes
            ]

    return asyncio.run(post())


def test_ten_thousand_for_one_address_are_three_letters(sqlite_engine: Engine, tmp_path: Path) -> None:
    """However many strangers name one victim, three letters arrive, also across restarts."""
    rng, letters = random.Random(7), 0
    for part in range(4):
        door = TestDoor(sqlite_engine, tmp_path, web=PROXY, subscribers={"tries_per_hour": 100_000})
        spelt = ["Victim@example.org", "victim+x@example.org", "VICTIM+shop@EXAMPLE.org"]
        flood(door, [(f"203.0.{part}.{rng.randrange(256)}", rng.choice(spelt)) for _ in range(2_500)])
        letters += len(door.carry())
    assert letters == 3


def test_ten_thousand_addresses_stop_at_the_cap(
    sqlite_engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """From ten thousand machines for ten thousand addresses: the hourly cap, not one letter more, one alarm."""
    door = TestDoor(sqlite_engine, tmp_path, web=PROXY)
    codes = flood(door, [(f"198.{n >> 8 & 255}.{n & 255}.9", f"r{n}@example.org") for n in range(10_000)])
    assert (codes.count(200), codes.count(503)) == (500, 9_500)
    assert len(door.carry()) == 500
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_scanner_over_a_thousand_letters_changes_nothing(sqlite_engine: Engine, tmp_path: Path) -> None:
    """GET, HEAD and OPTIONS, each link of each letter, and a blank POST to leave: every row stays as it was."""
    door = TestDoor(sqlite_engine, tmp_path)
    ring, paths = door.store.keyring, []
    for number in range(1_000):
        reader = door.reader(f"r{number}@example.org", State.ACTIVE if number % 2 else State.PENDING)
        paths += [
            f"/{purpose.name.lower()}/{ring.sign(purpose, reader.id, door.clock())}"
            for purpose in list(Purpose)[:3]
        ]
    before = everything(sqlite_engine)

    async def scan() -> set[int]:
        transport = httpx.ASGITransport(door.app)
        async with httpx.AsyncClient(transport=transport, base_url="https://letter.example") as scanner:
            asked = [(method, path) for path in paths for method in ("GET", "HEAD", "OPTIONS")]
            asked += [("POST", path) for path in paths if not path.startswith("/confirm/")]
            return {(await scanner.request(method, path)).status_code for method, path in asked}

    assert asyncio.run(scan()) <= {200, 400, 405}
    assert everything(sqlite_engine) == before
