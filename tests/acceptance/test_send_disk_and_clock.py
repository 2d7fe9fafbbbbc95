"""A disk that is full and a clock that is set back in the middle of a mailing."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import PUBLISHER, environment, example, run
from smtp_server import Fault, Script, Server, smtp_server

pytestmark = pytest.mark.slow
READERS = 80
STEADY = {"DONT_FAKE_MONOTONIC": "1"}
"""The date jumps, and no stopwatch does: as on a machine whose clock is set."""


def publication(folder: Path, data: str = "") -> Path:
    """The example publication; `data` is a folder of its own for the database."""
    folder.mkdir(exist_ok=True)
    example(folder)
    config = folder / "publication.toml"
    database = f'\n[subscribers]\ndatabase = "sqlite:///{data}/publisher.db"\n' if data else ""
    config.write_text(config.read_text(encoding="utf-8") + database, encoding="utf-8")
    lines = "".join(f"reader{n}@readers.example\n" for n in range(1, READERS + 1))
    (folder / "list.csv").write_text(f"email\n{lines}", encoding="utf-8")
    done = run(PUBLISHER, "subscribers", "import", "list.csv", "--consent", "asked at a fair", cwd=folder)
    assert done.returncode in {0, 1}, done.stderr
    return folder


def use_server(folder: Path, port: int) -> None:
    """Send by the test's own server, over two connections."""
    table = f'\n[[delivery.servers]]\nhost = "127.0.0.1"\nport = {port}\nconnections = 2\n'
    config = folder / "publication.toml"
    config.write_text(config.read_text(encoding="utf-8") + table, encoding="utf-8")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "none", str(place)], check=True)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.parametrize("left", [0, 60_000])
def test_a_full_disk_stops_the_run_and_doubles_nobody(tmp_path: Path, small_disk: Path, left: int) -> None:
    """However little is left: a sentence, exit code 74, and with space again the rest, once."""
    folder = publication(tmp_path / "publication", str(small_disk))
    with smtp_server() as server:
        use_server(folder, server.port)
        filler = small_disk / "filler"
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        filler.write_bytes(b"x" * max(0, free - left))
        full = run(PUBLISHER, "send", "--yes", cwd=folder)
        before = len(server.took)
        filler.unlink()
        rest = run(PUBLISHER, "send", "--yes", "--resume", cwd=folder)
    assert full.returncode == 74, full.stderr
    assert "disk" in full.stderr
    assert "Traceback" not in full.stderr + rest.stderr
    assert before < READERS
    assert rest.returncode in {0, 1}, rest.stderr
    copies = Counter(server.recipients)
    assert set(copies.values()) == {1}, "nobody gets two"
    held = READERS - len(copies)
    assert held <= 2, rest.stderr


def clock(days: int) -> list[str]:
    """Run what follows with another date."""
    return ["faketime", "-f", f"{days:+d}d"]


@pytest.fixture
def half_sent(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Server]]:
    """A mailing that was stopped in the middle, with so many readers to be tried again in a minute."""
    folder = publication(tmp_path)
    faults = tuple(Fault("RCPT", "4xx", nth) for nth in range(1, request.param + 1))
    with smtp_server(Script(faults, delay=0.002)) as server:
        use_server(folder, server.port)
        with subprocess.Popen(
            [*PUBLISHER, "send", "--yes"], cwd=folder, stderr=subprocess.DEVNULL, env=environment()
        ) as first:
            while len(server.took) < READERS // 4:
                time.sleep(0.01)
            first.terminate()
        assert first.returncode == 130
        yield folder, server


@pytest.mark.faketime
@pytest.mark.parametrize("half_sent", [10], indirect=True)
def test_a_clock_that_was_set_back_holds_up_nobody_and_doubles_nobody(
    half_sent: tuple[Path, Server],
) -> None:
    """A letter 'due in forty days' leaves at once."""
    folder, server = half_sent
    done = run([*clock(-40), *PUBLISHER], "send", "--yes", "--resume", cwd=folder, env=STEADY)
    assert done.returncode == 0, done.stderr
    assert Counter(server.recipients) == Counter(f"reader{n}@readers.example" for n in range(1, READERS + 1))


@pytest.mark.faketime
@pytest.mark.parametrize("half_sent", [0], indirect=True)
def test_a_clock_that_went_on_is_too_late_until_it_is_right_again(half_sent: tuple[Path, Server]) -> None:
    """Nothing leaves forty days late by itself; with the right time the rest does, once."""
    folder, server = half_sent
    before = len(server.took)
    late = run([*clock(40), *PUBLISHER], "send", "--yes", "--resume", cwd=folder, env=STEADY)
    assert (late.returncode, len(server.took)) == (3, before), late.stderr
    assert "too late" in late.stderr
    done = run(PUBLISHER, "send", "--yes", "--resume", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert Counter(server.recipients) == Counter(f"reader{n}@readers.example" for n in range(1, READERS + 1))
