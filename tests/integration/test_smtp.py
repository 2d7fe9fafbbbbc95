"""The SMTP transport against a scripted server: encryption, logins, several servers, budgets."""

import re
import shutil
import socket
import threading
import time
from collections import Counter

import pytest
from certificates import self_signed
from letters import PlainComposer, Readers, recipient, recipients
from smtp_server import Fault, Script, smtp_server

from publisher.database import migrate, open_engine
from publisher.delivery import ledger, pace, smtp
from publisher.delivery.deadlines import PATIENCE
from publisher.delivery.models import DeliveryStatus, Mailing, Stage
from publisher.delivery.pace import Limit
from publisher.delivery.settings import ServerSettings
from publisher.delivery.smtp import SmtpTransport
from publisher.delivery.worker import Run, Wishes, deliver
from publisher.errors import ConfigurationError, OutputError, UnavailableError

S = DeliveryStatus


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    file = tmp_path_factory.mktemp("template") / "publisher.db"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture
def carry(template, tmp_path, monkeypatch):
    """Send letters by these servers."""
    monkeypatch.setattr(smtp, "LONGEST_PAUSE", 0.02)
    engine = open_engine(f"sqlite:///{shutil.copy(template, tmp_path / 'publisher.db')}")

    def run(*servers, count=5, patience=PATIENCE, secret="secret", **changes):
        transport = SmtpTransport([(server, secret) for server in servers], patience=patience)
        fields = {
            "engine": engine,
            "mailing": Mailing("2025-12-10", "hash", not_after=time.time() + 60),
            "audience": lambda: recipients(count),
            "composer": PlainComposer(),
            "readers": Readers(),
            "transport": transport,
            "clock": time.time,
            "threads": 1,
        }
        return deliver(Run(**(fields | changes)))

    yield run
    engine.dispose()


def at(server, **changes):
    fields = {"host": "127.0.0.1", "port": server.port, "connections": 1, "tls": "none"}
    return ServerSettings(**(fields | changes))


def test_a_greeting_has_a_time_of_its_own(carry) -> None:
    """A server that thinks before it greets is waited for longer than one that cannot be reached."""
    with smtp_server(Script(faults=(Fault("greeting", "drip", 1),))) as server:
        report = carry(at(server), count=1, patience={**PATIENCE, Stage.CONNECT: 0.5})
    assert report.tally[S.SENT] == 1


def test_of_a_name_with_several_addresses_one_that_answers_is_taken(carry, monkeypatch) -> None:
    """An address of the next generation where nobody listens costs no letter."""

    def addresses(_host, port, *_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", number)) for number in (1, port)]

    monkeypatch.setattr(socket, "getaddrinfo", addresses)
    with smtp_server() as server:
        report = carry(at(server, host="localhost"), count=1)
    assert report.tally[S.SENT] == 1


@pytest.mark.parametrize("implicit", [True, False], ids=["implicit", "starttls"])
def test_letters_leave_encrypted(carry, tls, implicit) -> None:
    """Both ways of TLS, the certificate verified."""
    context, trusted = tls
    with smtp_server(Script(tls=context, implicit=implicit)) as server:
        report = carry(at(server, tls="implicit" if implicit else "starttls", ca_file=str(trusted)))
    assert report.tally[S.SENT] == 5
    assert ("STARTTLS" in server.heard) != implicit


@pytest.mark.parametrize("fault", ["unknown", "expired", "other name"])
def test_a_certificate_that_does_not_fit_gets_neither_password_nor_letter(carry, tmp_path, fault) -> None:
    """Self-signed by a stranger, expired, or for another host."""
    host, days = (
        ("other.example" if fault == "other name" else "127.0.0.1"),
        (-1 if fault == "expired" else 1),
    )
    context, trusted = self_signed(tmp_path, host=host, days=days)
    ca_file = "" if fault == "unknown" else str(trusted)
    with smtp_server(Script(tls=context, users={"desk": "secret"})) as server:
        report = carry(at(server, tls="starttls", ca_file=ca_file, user="desk"))
    assert isinstance(report.failure, ConfigurationError)
    assert "certificate" in str(report.failure)
    assert (server.took, server.logins, report.tally[S.QUEUED]) == ([], [], 5)


def test_a_server_without_encryption_is_refused(carry) -> None:
    """A stripped STARTTLS stops the run; nothing is said in the clear."""
    with smtp_server(Script(users={"desk": "secret"})) as server:
        report = carry(at(server, tls="starttls", user="desk"))
    assert isinstance(report.failure, ConfigurationError)
    assert "offers no encryption" in str(report.failure)
    assert (server.logins, [line.split()[0] for line in server.heard]) == ([], ["EHLO"])


@pytest.mark.parametrize("injected", [b"250-mitm.example\r\n250 SIZE 1\r\n", b"250 SIZE", b"421 go away\r\n"])
def test_what_is_said_between_starttls_and_tls_is_not_heard(carry, tls, injected: bytes) -> None:
    """Plaintext behind the 220, as a man in the middle puts it there, is no answer to the EHLO under TLS (RFC 3207)."""
    context, ca_file = tls
    with smtp_server(Script(tls=context, injected=injected, users={"desk": "secret"})) as server:
        report = carry(at(server, tls="starttls", ca_file=str(ca_file), user="desk"))
    assert (report.tally[S.SENT], len(server.took)) == (5, 5)


@pytest.mark.parametrize("method", ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"])
def test_each_way_to_log_in(carry, method) -> None:
    """Whichever the server offers."""
    with smtp_server(Script(users={"desk": "secret"}, methods=method)) as server:
        report = carry(at(server, user="desk", login="xoauth2" if method == "XOAUTH2" else "password"))
    assert (report.tally[S.SENT], server.logins) == (5, [f"{method} desk"])


def test_a_wrong_password_stops_the_run_and_says_what_to_do(carry) -> None:
    """Exit code 78, everybody still queued."""
    with smtp_server(Script(users={"desk": "right"})) as server:
        report = carry(at(server, user="desk"))
    assert isinstance(report.failure, ConfigurationError)
    assert "PUBLISHER_SMTP_PASSWORD" in str(report.failure)
    assert report.tally[S.QUEUED] == 5


@pytest.mark.parametrize("script", [Script(), Script(users={"desk": "secret"}, methods="GSSAPI NTLM")])
def test_a_server_with_no_way_in_is_told_at_once(carry, script) -> None:
    """No second try, and no promise that it will be back: the settings must be changed (exit code 78)."""
    with smtp_server(script) as server:
        report = carry(at(server, user="desk"))
    assert isinstance(report.failure, ConfigurationError)
    assert "no way to log in" in str(report.failure)
    assert (server.connections, report.tally[S.QUEUED]) == (1, 5)


def test_delivery_reports_are_asked_for_where_they_are_offered(carry) -> None:
    """RFC 3461: the envelope's id comes back with a bounce."""
    with smtp_server(Script(keywords=("DSN",))) as server:
        carry(at(server), count=1)
    assert "RET=HDRS ENVID=i.1@letter.example" in server.heard[1]
    assert server.heard[2].endswith("NOTIFY=FAILURE,DELAY ORCPT=rfc822;reader1@readers.example")


def test_a_dead_server_leaves_its_share_to_the_living(carry) -> None:
    """Fail-over: everybody is served, by the other, and a person is told once, however many lines met it."""
    with smtp_server() as dead:
        gone = at(dead, connections=3)
    with smtp_server() as living:
        report = carry(gone, at(living), count=20)
    assert (report.failure, report.tally[S.SENT], len(living.took)) == (None, 20, 20)
    assert len(report.warnings) == 1
    assert re.fullmatch("127.0.0.1.* cannot be reached at .*; the other servers .*", report.warnings[0])


def test_when_no_server_is_left_the_run_stops_and_nothing_is_lost(carry) -> None:
    """Exit code 69."""
    with smtp_server() as dead:
        gone = at(dead)
    report = carry(gone)
    assert isinstance(report.failure, UnavailableError)
    assert report.tally[S.QUEUED] == 5


def test_of_two_servers_that_wait_the_heavier_gets_more(carry) -> None:
    """Weights 3 and 1, letters at a rate that keeps both waiting."""
    with smtp_server() as first, smtp_server() as second:
        report = carry(at(first, weight=3), at(second, weight=1), count=20, limits={"run": Limit(10)})
    assert report.tally[S.SENT] == 20
    assert len(first.took) == pytest.approx(15, abs=2)


def test_a_connection_carries_no_more_letters_than_it_may(carry) -> None:
    """Twelve letters, five a connection: three connections."""
    with smtp_server() as server:
        report = carry(at(server, letters_per_connection=5), count=12)
    assert (report.tally[S.SENT], server.connections) == (12, 3)
    assert server.heard.count("QUIT") == 3


def test_a_domain_that_asks_for_patience_does_not_hold_up_the_others(carry, monkeypatch) -> None:
    """421 for one domain: its letters wait, everybody else has theirs at once."""
    monkeypatch.setattr(pace, "PAUSE", 3.0)
    audience = [
        recipient(1, "wary.example"),
        *(recipient(n) for n in range(2, 12)),
        recipient(12, "wary.example"),
    ]
    with smtp_server(Script((Fault("RCPT", "421", only="reader1@wary.example"),))) as server:
        late = Mailing("2025-12-10", "hash", not_after=time.time() + 2)
        report = carry(at(server), audience=lambda: audience, mailing=late)
    assert report.tally[S.SENT] >= 10
    assert report.tally.balanced


def test_a_server_that_stops_reading_is_left_and_its_letter_is_not_in_doubt(carry) -> None:
    """Twenty megabytes do not fit into any buffer: the dot has not left, so it is tried again."""
    big = PlainComposer(body=b"A long line about a bridge, again and again.\r\n" * 450_000)
    impatient = dict.fromkeys(PATIENCE, 2.0)
    with smtp_server(Script((Fault("body", "stall"),), keywords=())) as server:
        report = carry(at(server), count=1, composer=big, patience=impatient)
    assert (report.tally[S.SENT], report.tally[S.HELD]) == (1, 0)
    assert len(server.took[0][1]) > 20_000_000


def test_a_stalled_database_stops_bodies_so_that_little_is_in_doubt(carry, monkeypatch) -> None:
    """While a commit hangs, no more letters are taken than there are connections."""
    taken_while_stalled, stall, real = [], threading.Event(), ledger.record

    def slow(connection, owner, outcomes, now):
        if outcomes and not stall.is_set() and len(server.took) >= 8:
            stall.set()
            before = len(server.took)
            time.sleep(0.6)
            taken_while_stalled.append(len(server.took) - before)
        real(connection, owner, outcomes, now)

    monkeypatch.setattr(ledger, "record", slow)
    with smtp_server() as server:
        report = carry(at(server, connections=4), count=60)
    assert report.tally[S.SENT] == 60
    assert taken_while_stalled[0] <= 4


def test_a_lost_database_ends_the_run_with_everything_in_doubt_held_later(carry, monkeypatch) -> None:
    """The commit fails (a full disk): exit code 74; the next run holds at most one a connection."""
    real = ledger.record

    def full(connection, owner, outcomes, now):
        if len(server.took) >= 8:
            raise OutputError("database or disk is full")
        real(connection, owner, outcomes, now)

    with smtp_server() as server:
        monkeypatch.setattr(ledger, "record", full)
        with pytest.raises(OutputError, match="disk is full"):
            carry(at(server, connections=3), count=40)
        monkeypatch.setattr(ledger, "record", real)
        report = carry(at(server, connections=3), count=40, wishes=Wishes(resume=True))
    assert set(Counter(server.recipients).values()) == {1}
    assert report.tally[S.HELD] <= 3
    assert report.tally[S.SENT] + report.tally[S.HELD] == 40
