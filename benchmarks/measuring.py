"""What a way of sending takes: letters per second, CPU per letter, memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Figures(NamedTuple):
    """One run."""

    rate: float  # letters per second
    cpu: float  # microseconds of user and system time a letter
    memory: float  # MB at the highest; 0 where it was not measured


@contextmanager
def measured(number: int) -> Iterator[None]:
    """Print the figures of what this process does inside the block."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    yield
    seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps(Figures(number / seconds, _cpu(before, after, number), after.ru_maxrss / 1024)))


def seconds_of(process: int) -> float:
    """User and system time that another process of this machine has taken so far (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def children_measured(command: list[str], number: int) -> Figures:
    """The figures of another program, its start included."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True)
    seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Figures(number / seconds, _cpu(before, after, number), 0)


def _cpu(before: resource.struct_rusage, after: resource.struct_rusage, number: int) -> float:
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used / number * 1e6
