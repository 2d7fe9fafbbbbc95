"""Faults at the system calls themselves: `benchmarks/faults.py` at an eighth of its points (strace)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from servers import new_postgresql_database

pytestmark = [pytest.mark.strace, pytest.mark.slow]


@pytest.mark.postgresql
def test_a_fault_between_sender_and_postgresql_loses_nobody(repository: Path, postgresql: str) -> None:
    """A few of the sends and receives, to and from the database among them; the session ends with a send."""
    command = [
        sys.executable,
        str(repository / "benchmarks" / "faults.py"),
        *("--database", new_postgresql_database(postgresql)),
        *("--share", "0.05", "--seed", "7"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 lost, 0 sent without receipt, 0 duplicates" in done.stdout


def test_a_fault_at_any_system_call_loses_nobody_and_mails_nobody_twice(repository: Path) -> None:
    """SIGKILL, EIO, ENOSPC and a reset at writes, syncs, sends and receives; each run ends with a sentence."""
    command = [
        sys.executable,
        str(repository / "benchmarks" / "faults.py"),
        "--share",
        "0.125",
        "--seed",
        "7",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 lost, 0 sent without receipt, 0 duplicates" in done.stdout
    for call in ("pwrite64", "fdatasync", "sendto", "writev", "recvfrom"):
        assert call in done.stdout, "it is among the calls that were counted"
