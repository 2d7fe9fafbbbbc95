"""A list of a million: how long it takes, and how much memory.

    python benchmarks/subscribers.py [READERS]

Prints one line a measurement. The import is measured through the command, in a process of its own.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from publisher.config import load_settings
from publisher.subscribers.models import State
from publisher.subscribers.opening import open_store

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


def main(readers: int) -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "publication.toml").write_text(PROJECT, "utf-8")
        timed(f"import {readers:,}", lambda: import_list(folder, readers))
        settings = load_settings(folder / "publication.toml", os.environ)
        store = open_store(settings.subscribers, folder)
        timed("counts of all states", lambda: store.counts()[State.ACTIVE])
        timed(
            "find one",
            lambda: store.find(f"READER.{readers // 2}@mail{readers // 2 % 997}.example") is not None,
        )
        timed("may_send 200", lambda: len(store.may_send(range(1, 201))))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        timed("active(), all, streamed", lambda: sum(1 for _ in store.active()))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        print(f"{'memory that the stream added':<44} {grown:9} MB")
        store.engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
