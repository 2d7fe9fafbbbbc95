"""Postfix's smtp-sink with its fault flags: a server that we did not write, misbehaving in its own ways.

What it was given it writes down (one file a letter); the ledger is compared with that.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from letters import PlainComposer, Readers, recipients

from publisher.database import migrate, open_engine, reading
from publisher.delivery import books, pace, smtp
from publisher.delivery.line import PATIENCE
from publisher.delivery.models import Delivery, DeliveryStatus, Mailing
from publisher.delivery.pace import Limit
from publisher.delivery.settings import ServerSettings
from publisher.delivery.smtp import SmtpTransport
from publisher.delivery.worker import Report, Run, deliver
from publisher.errors import ConfigurationError, UnavailableError

pytestmark = pytest.mark.smtp_sink
S = DeliveryStatus
COUNT = 12
PROGRAM = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin") or "smtp-sink"
Send = Callable[..., tuple[Report, list[Delivery]]]


@dataclass(frozen=True)
class Sink:
    """A running smtp-sink."""

    port: int
    folder: Path

    def given(self) -> Counter[str]:
        """How often it was given a letter for whom, answered or not."""
        texts = [file.read_text(encoding="utf-8") for file in self.folder.iterdir()]
        return Counter(
            name for text in texts for name in re.findall(r"^X-Rcpt-Args: <(.*?)>", text, re.MULTILINE)
        )


@contextmanager
def sink(folder: Path, *flags: str) -> Iterator[Sink]:
    """Run it with these flags until the block ends."""
    letters = folder / "letters"
    letters.mkdir()
    letters.chmod(0o777)
    for part in (folder, *folder.parents):
        if part.stat().st_uid == folder.stat().st_uid and part != Path("/"):
            part.chmod(part.stat().st_mode | 0o011)  # it runs as nobody
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [PROGRAM, "-u", "nobody", "-d", f"{letters}/%s.", *flags, f"127.0.0.1:{port}", "100"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 10
        while not _listens(port) and time.monotonic() < until:
            time.sleep(0.02)
        try:
            yield Sink(port, letters)
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    """By the kernel's list: to knock would be a session, and some of these count sessions."""
    return f":{port:04X} 00000000:0000 0A" in Path("/proc/net/tcp").read_text(encoding="ascii")


@pytest.fixture
def send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Send]:
    """Send a small mailing; the report, and every row."""
    monkeypatch.setattr(smtp, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(pace, "PAUSE", 0.05)
    monkeypatch.setattr(pace, "CAUTIOUS_RATE", 500.0)
    engine = open_engine(f"sqlite:///{tmp_path / 'publisher.db'}")
    migrate(engine)

    def run(
        to: Sink, *, count: int = COUNT, connections: int = 1, rate: float = 0, body: bytes = b""
    ) -> tuple[Report, list[Delivery]]:
        relay = ServerSettings(host="127.0.0.1", port=to.port, connections=connections)
        composer = PlainComposer(body=body) if body else PlainComposer()
        report = deliver(
            Run(
                engine,
                Mailing("2025-12-10", "hash", not_after=time.time() + 30),
                lambda: recipients(count),
                composer,
                Readers(),
                SmtpTransport([(relay, "")], patience=dict.fromkeys(PATIENCE, 10.0)),
                time.time,
                limits={"run": Limit(rate)} if rate else {},
                threads=1,
            )
        )
        with reading(engine) as connection:
            return report, list(books.deliveries(connection, report.mailing.id, list(S)))

    yield run
    engine.dispose()


def assert_true_to(to: Sink, report: Report, rows: list[Delivery]) -> None:
    """The books balance, nobody was given two, and nobody is marked as sent who was given none."""
    assert report.tally.balanced
    assert report.tally[S.SENDING] == 0
    given = to.given()
    assert set(given.values()) <= {1}, "nobody gets two"
    assert {row.address for row in rows if row.status is S.SENT} <= set(given)


FLAGS: list[tuple[str, DeliveryStatus, type[Exception] | None, str]] = [
    ("", S.SENT, None, "250 2.0.0 Ok"),
    ("-p", S.SENT, None, "250 2.0.0 Ok"),
    ("-8 -a -C -E -F -N", S.SENT, None, "250"),
    ("-f RSET,QUIT,VRFY", S.SENT, None, "250 2.0.0 Ok"),
    ("-q QUIT", S.SENT, None, "250 2.0.0 Ok"),
    ("-Q QUIT", S.SENT, None, "250 2.0.0 Ok"),
    ("-m 1", S.SENT, None, "250 2.0.0 Ok"),
    ("-e", S.QUEUED, ConfigurationError, "refuses us at EHLO"),
    ("-P", S.QUEUED, ConfigurationError, "refuses us at EHLO"),
    ("-f CONNECT", S.QUEUED, ConfigurationError, "refuses us at greeting: 500 5.3.0"),
    ("-f EHLO", S.QUEUED, ConfigurationError, "refuses us at EHLO: 500 5.3.0"),
    ("-r CONNECT", S.QUEUED, UnavailableError, "cannot be reached at greeting: 450 4.3.0"),
    ("-r EHLO", S.QUEUED, UnavailableError, "cannot be reached at EHLO: 450 4.3.0"),
    ("-q CONNECT", S.QUEUED, UnavailableError, "cannot be reached at greeting: Unexpected EOF"),
    ("-q EHLO", S.QUEUED, UnavailableError, "cannot be reached at EHLO"),
    ("-Q CONNECT", S.QUEUED, UnavailableError, "cannot be reached at greeting: 421"),
    ("-Q EHLO", S.QUEUED, UnavailableError, "cannot be reached at EHLO: 421"),
    ("-f MAIL", S.DEFERRED, ConfigurationError, "The server refuses us: MAIL: 500 5.3.0"),
    ("-f RCPT", S.FAILED, None, "RCPT: 500 5.3.0"),
    ("-f DATA", S.FAILED, None, "DATA: 500 5.3.0"),
    ("-f .", S.FAILED, ConfigurationError, "10 letters in a row were refused"),
    ("-r MAIL", S.DEFERRED, None, "MAIL: 450 4.3.0"),
    ("-r RCPT", S.DEFERRED, None, "RCPT: 450 4.3.0"),
    ("-r DATA", S.DEFERRED, None, "DATA: 450 4.3.0"),
    ("-r .", S.DEFERRED, None, "final dot: 450 4.3.0"),
    ("-q MAIL", S.DEFERRED, None, "the server closed the connection"),
    ("-q RCPT", S.DEFERRED, None, "the server closed the connection"),
    ("-q DATA", S.DEFERRED, None, "the server closed the connection"),
    ("-Q MAIL", S.DEFERRED, None, "MAIL: 421"),
    ("-Q RCPT", S.DEFERRED, None, "RCPT: 421"),
    ("-Q DATA", S.DEFERRED, None, "DATA: 421"),
    ("-Q .", S.DEFERRED, None, "final dot: 421"),
    ("-f . -B 550_5.7.26_no", S.FAILED, ConfigurationError, "Gmail found neither a valid SPF nor"),
    ("-r RCPT -b 452_4.2.2_full", S.DEFERRED, None, "452 4.2.2 full (the mailbox is full)"),
]
"""Flags (an underscore is a blank), what becomes of the letters, how the run ends, and whose words are shown."""


@pytest.mark.parametrize(("flags", "status", "failure", "words"), FLAGS, ids=[f[0] or "none" for f in FLAGS])
def test_each_fault_ends_as_it_should_and_in_the_servers_words(
    send: Send,
    tmp_path: Path,
    flags: str,
    status: DeliveryStatus,
    failure: type[Exception] | None,
    words: str,
) -> None:
    """No letter is lost or doubled, and the editor is told by whom and at which step."""
    with sink(tmp_path, *(flag.replace("_", " ") for flag in flags.split())) as server:
        report, rows = send(server)
        assert_true_to(server, report, rows)
    assert isinstance(report.failure, failure) if failure else report.failure is None
    said = f"{report.failure} {[row.comment for row in rows]}"
    assert words in said, said
    reached = report.tally[status]
    assert reached == COUNT if not failure or status is S.QUEUED else reached > 0, report.tally


def test_a_server_that_takes_letters_and_never_answers_is_left_before_many_are_in_doubt(
    send: Send, tmp_path: Path
) -> None:
    """Each of a hundred would be held: the run stops at 32, and what was on the other connections."""
    with sink(tmp_path, "-q", ".") as server:
        report, rows = send(server, count=100, connections=4)
        assert_true_to(server, report, rows)
        assert sum(server.given().values()) == report.tally[S.HELD]
    assert isinstance(report.failure, UnavailableError)
    assert "may or may not have arrived" in str(report.failure)
    assert 32 <= report.tally[S.HELD] <= 32 + 4
    assert report.tally[S.QUEUED] + report.tally[S.DEFERRED] == 100 - report.tally[S.HELD]


def test_the_envelope_behind_an_unanswered_letter_is_not_in_doubt(send: Send, tmp_path: Path) -> None:
    """Only what was given may have arrived; the others wait for another try."""
    with sink(tmp_path, "-q", ".") as server:
        report, rows = send(server)
        assert_true_to(server, report, rows)
        held = {row.address for row in rows if row.status is S.HELD}
        assert held == set(server.given())
    assert {row.comment for row in rows if row.status is S.HELD} == {
        "in doubt: the server closed the connection; it may have arrived"
    }
    assert report.tally[S.HELD] + report.tally[S.DEFERRED] == COUNT


def test_a_server_that_says_354_and_550_in_one_breath_has_no_letter(send: Send, tmp_path: Path) -> None:
    """Whether its 550 comes before the letter has left or after, nobody is in doubt."""
    with sink(tmp_path, "-A", "0") as server:
        report, rows = send(server)
        assert_true_to(server, report, rows)
        assert not server.given()
    assert report.tally[S.FAILED] + report.tally[S.DEFERRED] + report.tally[S.QUEUED] == COUNT


@pytest.mark.parametrize("flags", ["-w 1", "-p -W MAIL:1", "-p -W RCPT:1", "-W .:1"])
def test_a_server_that_takes_its_time_is_waited_for(send: Send, tmp_path: Path, flags: str) -> None:
    """A second for each answer, which is within every deadline."""
    with sink(tmp_path, *flags.split()) as server:
        report, rows = send(server, count=2)
        assert_true_to(server, report, rows)
    assert (report.failure, report.tally[S.SENT]) == (None, 2)


def test_a_server_that_hangs_up_on_who_rests_is_called_again(send: Send, tmp_path: Path) -> None:
    """It waits three seconds for a command; letters leave every 3.6 seconds. A busy machine may pause for one."""
    with sink(tmp_path, "-t", "3") as server:
        report, rows = send(server, count=3, rate=0.28)
        assert_true_to(server, report, rows)
    assert (report.failure, report.tally[S.SENT]) == (None, 3)


def test_a_server_that_is_slow_to_read_through_a_small_window_gets_the_whole_letter(
    send: Send, tmp_path: Path
) -> None:
    """A megabyte through a kilobyte, and a second before the first byte is read."""
    body = b"A long line about a bridge, again and again.\r\n" * 23_000
    with sink(tmp_path, "-T", "1024", "-H", "1") as server:
        report, rows = send(server, count=2, body=body)
        assert_true_to(server, report, rows)
        sizes = [file.stat().st_size for file in server.folder.iterdir()]
    assert (report.failure, report.tally[S.SENT]) == (None, 2)
    assert min(sizes) > len(body) * 0.97  # it writes \n for \r\n


def test_a_server_that_ends_in_the_middle_costs_nobody_a_letter(send: Send, tmp_path: Path) -> None:
    """It goes away after five letters: the rest is queued, and the run says so."""
    with sink(tmp_path, "-M", "5") as server:
        report, rows = send(server)
        assert_true_to(server, report, rows)
    assert isinstance(report.failure, UnavailableError)
    assert "nothing is lost" in str(report.failure.hint)
    assert report.tally[S.SENT] + report.tally[S.HELD] == 5
    assert report.tally[S.QUEUED] + report.tally[S.DEFERRED] == COUNT - 5
