"""Faults at the system calls themselves: SIGKILL, a full disk, a broken disk, a reset connection (strace)."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from commands import environment
from smtp_server import smtp_server

from publisher.database import migrate, open_engine, reading
from publisher.delivery import books
from publisher.delivery.models import DeliveryStatus

pytestmark = [pytest.mark.strace, pytest.mark.slow]
S = DeliveryStatus
READERS = 3
POINTS = (1, 3, 6, 10)
CALLS = ("pwrite64", "fdatasync", "sendto", "writev", "recvfrom")  # letters leave by writev
KILLS = [(call, "signal=SIGKILL", n) for call in CALLS for n in POINTS]
FAULTS = [("pwrite64", "error=ENOSPC", n) for n in POINTS] + [
    ("fdatasync", "error=EIO", n) for n in POINTS[:2]
]
RESETS = [("sendto", "error=ECONNRESET", n) for n in POINTS[1:]]  # each thread's first wakes the event loop
RESETS += [("writev", "error=ECONNRESET", n) for n in (1, 2, 3)]


@pytest.mark.parametrize(("call", "fault", "nth"), KILLS + FAULTS + RESETS)
def test_a_fault_at_any_system_call_loses_nobody_and_mails_nobody_twice(
    repository, tmp_path, call, fault, nth
) -> None:
    """Three readers, one connection: the run that is hit, and the one after it, against the server's memory."""
    url = f"sqlite:///{tmp_path}/publisher.db"
    engine = open_engine(url)
    migrate(engine)
    with smtp_server() as server:
        program = f"import kill; kill.send({url!r}, {server.port}, 1, {READERS})"
        command = [sys.executable, "-c", program]
        tracing = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                   "-e", f"inject={call}:{fault}:when={nth}"]  # fmt: skip
        env = environment(PYTHONPATH=f"{repository}:{repository / 'benchmarks'}")
        subprocess.run([*tracing, *command], env=env, capture_output=True, timeout=60, check=False)
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
    with reading(engine) as connection:
        rows = {row.address: row.status for row in books.deliveries(connection, 1, list(S))}
    engine.dispose()
    copies = Counter(server.recipients)
    assert len(rows) == READERS
    assert set(copies.values()) <= {1}
    assert all(address in copies for address, status in rows.items() if status is S.SENT)
    assert all(rows[address] in {S.SENT, S.HELD} for address in rows)
    assert list(rows.values()).count(S.HELD) <= 1
