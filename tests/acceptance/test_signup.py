"""The public door as its readers meet it: a process on a port, killed and started again."""

import csv
import itertools
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from commands import PUBLISHER, environment
from public_door import SECRET, PublicDoor

from publisher.subscribers.tokens import Keyring, Purpose

PATIENCE = 60
"""Seconds for an answer: a machine with much to do is slow, and no door that is gone."""


@pytest.fixture
def door(tmp_path: Path, database_url: str) -> Iterator[PublicDoor]:
    """A door that is open, on each of the two databases."""
    opened = PublicDoor.of(tmp_path, database_url)
    opened.open()
    yield opened
    if opened.process and opened.process.poll() is None:
        opened.kill()


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    """Nobody is told that the door is open, and the exit code says that a setting must be put right."""
    door = PublicDoor.of(tmp_path, f"sqlite:///{tmp_path}/data/publisher.db")
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = door.publisher("serve", "--port", str(other.getsockname()[1]))
    assert (done.returncode, "Address already in use" in done.stderr) == (78, True)
    assert "The door is open" not in done.stderr


@pytest.mark.parametrize(
    ("host", "why"), [("192.0.2.1", "no address of this machine"), ("a..b", "no name of a host")]
)
def test_a_host_that_is_not_ours_is_told(tmp_path: Path, host: str, why: str) -> None:
    """An address of another machine, and a name that is none."""
    door = PublicDoor.of(tmp_path, f"sqlite:///{tmp_path}/data/publisher.db")
    done = door.publisher("serve", "--host", host, "--port", "0")
    assert (done.returncode, why in done.stderr) == (78, True), done.stderr


def test_a_reader_comes_and_goes_and_the_door_closes_in_order(door: PublicDoor) -> None:
    """Form, letter, button, preferences, leaving; SIGTERM ends with exit code 0 and no word of anybody."""
    assert httpx.post(f"{door.url}/subscribe", data={"email": "aigul@example.org"}).status_code == 200
    link = door.letter_to("aigul@example.org")
    assert httpx.get(door.url + link).status_code == 200
    assert "pending" in door.publisher("subscribers", "list").stdout
    assert httpx.post(door.url + link).status_code == 200
    assert "active" in door.publisher("subscribers", "list").stdout
    asked = ("serve", "--check", "--port", str(door.port))
    well = door.publisher(*asked)
    assert (well.returncode, well.stdout) == (0, ""), well.stderr
    assert door.close() == 0
    away = door.publisher(*asked)
    assert (away.returncode, "is the door open?" in away.stderr) == (69, True), away.stderr
    assert "aigul" not in door.log()
    assert "Traceback" not in door.log()


class Crowd:
    """Many who subscribe and confirm at once, and remember what they were told."""

    def __init__(self, door: PublicDoor) -> None:
        """Nobody has asked yet."""
        self.door = door
        self.wished: list[str] = []
        self.confirmed: list[str] = []
        self._numbers = itertools.count()

    def subscribe(self) -> None:
        """Ask for one address after another until the door is gone."""
        for number in self._numbers:
            address = f"r{number}@example.org"
            if self._told("/subscribe", {"email": address}):
                return
            self.wished.append(address)

    def confirm(self) -> None:
        """Press the button of every letter until the door is gone."""
        tried: set[str] = set()
        while True:
            for address, link in self.door.letters():
                if link not in tried:
                    if self._told(link):
                        return
                    self.confirmed.append(address)
                    tried.add(link)
            time.sleep(0.05)

    def _told(self, path: str, data: dict[str, str] | None = None) -> bool:
        """Post; True when the door is gone."""
        try:
            answer = httpx.post(self.door.url + path, data=data, timeout=PATIENCE)
        except httpx.TransportError:
            return True
        assert answer.status_code == 200
        return False

    def rush(self, wishes: int, confirmed: int) -> None:
        """Come all at once, and have the door killed in the middle, when so many have been told 'yes'."""
        works = [self.subscribe, self.subscribe, self.confirm]
        threads = [threading.Thread(target=work) for work in works]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(self.wished) >= wishes and len(self.confirmed) >= confirmed)
        self.door.kill()
        for thread in threads:
            thread.join()


def wait_until(true: Callable[[], bool]) -> None:
    """Return as soon as it is so; after three minutes in any case, and let the test say what is missing."""
    deadline = time.monotonic() + 180
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)


def states(door: PublicDoor) -> dict[str, str]:
    """Everybody on the list with their state."""
    lines = door.publisher("subscribers", "export").stdout.splitlines()[1:]
    return {address: state for address, _, state, *_ in csv.reader(lines)}


@pytest.mark.slow
def test_a_kill_loses_no_wish_that_was_acknowledged(door: PublicDoor) -> None:
    """SIGKILL while many subscribe and confirm: every 200 is still true after the restart."""
    crowd = Crowd(door)
    for wishes, confirmed in ((12, 1), (24, 3)):
        crowd.rush(wishes, confirmed)
        door.open()
    assert len(crowd.wished) >= 24
    assert len(crowd.confirmed) >= 3
    wait_until(lambda: set(crowd.wished) <= {address for address, _ in door.letters()})
    now = states(door)
    assert set(crowd.wished) - set(now) == set()
    assert set(crowd.wished) - {address for address, _ in door.letters()} == set()
    assert {now[address] for address in crowd.confirmed} == {"active"}


def test_a_kill_during_leaving_loses_no_wish_to_leave(door: PublicDoor) -> None:
    """Whoever was told 'you are unsubscribed' is, whatever happened in the same second."""
    lines = ["address", *(f"r{n}@example.org" for n in range(500))]
    (door.folder / "list.csv").write_text("\n".join(lines), "utf-8")
    assert door.publisher("subscribers", "import", "list.csv").returncode == 0
    ring, gone = Keyring((b"n" * 32,)), []

    def leave(lane: int) -> None:
        for number in range(lane, 501, 3):
            token = ring.sign(Purpose.UNSUBSCRIBE, number)
            try:
                word = {"List-Unsubscribe": "One-Click"}
                answer = httpx.post(f"{door.url}/unsubscribe/{token}", data=word, timeout=PATIENCE)
            except httpx.TransportError:
                return
            if answer.status_code == 200:
                gone.append(number)

    threads = [threading.Thread(target=leave, args=(lane,)) for lane in range(1, 4)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(gone) > 10)
    door.kill()
    for thread in threads:
        thread.join()
    listed = door.publisher("subscribers", "list", "--limit", "1000").stdout.splitlines()
    left = {int(line.split("\t")[0]) for line in listed if line.split("\t")[1] == "left"}
    assert len(gone) > 10
    assert set(gone) <= left


@pytest.mark.slow
def test_a_kill_during_an_import_leaves_whole_batches(tmp_path: Path, database_url: str) -> None:
    """Counts and rows agree after SIGKILL, and the same command finishes the work."""
    door = PublicDoor.of(tmp_path, database_url)
    lines = ["email,name", *(f"r{n}@example.org,Reader {n}" for n in range(30_000))]
    (tmp_path / "list.csv").write_text("\n".join(lines), "utf-8")
    command = [*PUBLISHER, "subscribers", "import", "list.csv"]
    for seconds in (1.5, 2.5):
        with subprocess.Popen(
            command, cwd=tmp_path, env=environment(**SECRET), stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
    told = door.publisher("subscribers", "stats").stdout
    active = int(told.splitlines()[1].split()[0].replace(",", ""))
    assert active % 2000 == 0
    assert len(door.publisher("subscribers", "export").stdout.splitlines()) == active + 1
    assert door.publisher("subscribers", "import", "list.csv").returncode == 0
    assert len(door.publisher("subscribers", "export").stdout.splitlines()) == 30_001


def open_slowly(port: int) -> socket.socket:
    """Begin a request and do not end it."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(b"GET /subscribe HTTP/1.1\r\nHost: letter.example\r\nX-")
    return connection


def was_hung_up(connection: socket.socket) -> bool:
    """Whether the other side has ended it."""
    connection.settimeout(PATIENCE)
    try:
        return connection.recv(100) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    finally:
        connection.close()


@pytest.mark.slow
def test_slow_clients_hurt_nobody(tmp_path: Path) -> None:
    """Two hundred who drip their requests: the door stays well, and hangs up on them after its time."""
    door = PublicDoor.of(tmp_path, "sqlite:///data/publisher.db")
    door.open()
    slow = [open_slowly(door.port) for _ in range(200)]
    assert httpx.get(f"{door.url}/health", timeout=PATIENCE).status_code == 200
    for _ in range(13):
        time.sleep(1)
        for connection in slow[:50]:
            with suppress(ConnectionError):  # on a slow machine its time is over already
                connection.sendall(b"a")
    assert [was_hung_up(connection) for connection in slow] == [True] * 200
    assert door.close() == 0
