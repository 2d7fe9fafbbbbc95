"""Whether the door's answering time tells who reads: the same wish for addresses in every state, in turns.

    python benchmarks/door_timing.py [TRIES] [DATABASE-URL]

Asks over a real connection, in a new order each round, with the postman at work and a list being
imported beside it. Prints each state's median and, by Mann and Whitney's rank test, how probable a
difference as great as its own from all others is by chance alone.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from datetime import UTC, datetime

import httpx
from door import DOOR, HOST, SECRET, open_door

from publisher.database import open_engine
from publisher.subscribers.addresses import parse_address
from publisher.subscribers.models import Actor, Cause, State
from publisher.subscribers.store import SubscriberStore
from publisher.subscribers.tokens import Keyring


def prepare(store: SubscriberStore) -> dict[str, str]:
    """Put a reader into every state; give an address for each, and for who is unknown."""
    now = datetime.now(UTC)
    for state in State:
        cause = Cause(now, Actor.EDITOR, "benchmark")
        entered = State.PENDING if state is State.PENDING else State.ACTIVE
        reader = store.add(parse_address(f"{state}@timing.example"), entered, cause)
        store.move(reader.id, state, cause)
    return {name: f"{name}@timing.example" for name in ("unknown", *State)}


def ask(addresses: dict[str, str], tries: int) -> dict[str, list[float]]:
    """The milliseconds that each answer took."""
    took: dict[str, list[float]] = {name: [] for name in addresses}
    shuffle, answers = random.Random(7).shuffle, set()
    with httpx.Client(base_url=DOOR, timeout=60) as client:
        for number in range(tries):
            turns = list(addresses)
            shuffle(turns)
            for place, name in enumerate(turns):
                machine = {**HOST, "X-Forwarded-For": f"198.{number >> 8}.{number & 255}.{place}"}
                begun = time.perf_counter()
                answer = client.post("/subscribe", data={"email": addresses[name]}, headers=machine)
                took[name].append((time.perf_counter() - begun) * 1000)
                headers = [(key, value) for key, value in answer.headers.items() if key != "date"]
                answers.add((answer.status_code, tuple(headers), answer.content))
    print(f"{len(answers)} answer in bytes and headers (Date aside), status {[a[0] for a in answers]}")
    return took


def chance(mine: list[float], others: list[float]) -> float:
    """The probability that two samples of one distribution differ in rank as much as these."""
    ranked = sorted((*((value, True) for value in mine), *((value, False) for value in others)))
    ranks = sum(rank for rank, (_, is_mine) in enumerate(ranked, 1) if is_mine)
    n, m = len(mine), len(others)
    mean, deviation = n * (n + m + 1) / 2, (n * m * (n + m + 1) / 12) ** 0.5
    return 2 * statistics.NormalDist().cdf(-abs(ranks - mean) / deviation)


def main(tries: int, url: str) -> None:
    """Measure."""
    with open_door(url, 1_000_000) as door:
        store = SubscriberStore(open_engine(url, door.folder), Keyring((SECRET.encode(),)))
        addresses = prepare(store)
        store.engine.dispose()
        door.import_a_list()
        took = ask(addresses, tries)
    medians = {name: statistics.median(times) for name, times in took.items()}
    for name, times in took.items():
        others = [value for other, values in took.items() if other != name for value in values]
        print(
            f"  {name:<12} median of {tries} {medians[name]:8.3f} ms   by chance {chance(times, others):.2f}"
        )
    print(f"  greatest difference {max(medians.values()) - min(medians.values()):.3f} ms")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 500,
        sys.argv[2] if len(sys.argv) > 2 else "sqlite:///data/publisher.db",
    )
