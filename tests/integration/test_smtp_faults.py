"""Every stage of an SMTP session, broken in every way: nobody is lost, nobody gets two.

Twelve stages, six faults, at the first, a middle and the last recipient; chained and plain, by DATA and by BDAT. The
scripted server keeps the truth, and the ledger is compared with it.
"""

import gc
import shutil
import time
from collections import Counter
from itertools import product

import pytest
from certificates import self_signed
from letters import PlainComposer, Readers, recipient, recipients
from smtp_server import FAULTS, SPEECHES, Fault, Script, smtp_server

from publisher.database import migrate, open_engine, reading
from publisher.delivery import books, pace, smtp
from publisher.delivery.deadlines import PATIENCE
from publisher.delivery.models import DeliveryStatus, Mailing
from publisher.delivery.settings import ServerSettings
from publisher.delivery.smtp import SmtpTransport
from publisher.delivery.worker import Run, deliver
from publisher.errors import ConfigurationError

S = DeliveryStatus
IMPATIENT = dict.fromkeys(PATIENCE, 1.0)  # short for a stalling server, long for a busy machine
COUNT = 5
MODES = ("chained", "plain", "bdat chained", "bdat plain")
SESSION = ("connect", "greeting", "EHLO", "STARTTLS", "AUTH")
MAIL, RCPT, DATA, BODY, DOT = "MAIL", "RCPT", "DATA", "body", "dot"
EXPECTED = {
    **{(stage, fault): S.SENT for stage in (MAIL, RCPT, DATA) for fault in ("drop", "stall", "garbage")},
    **{(stage, fault): S.DEFERRED for stage in (MAIL, RCPT, DATA, DOT) for fault in ("4xx", "421")},
    **{(stage, "5xx"): S.FAILED for stage in (RCPT, DATA, BODY, DOT)},
    **{(stage, fault): S.HELD for stage in (BODY, DOT) for fault in ("drop", "stall", "garbage")},
    (BODY, "4xx"): S.DEFERRED,
    (BODY, "421"): S.DEFERRED,
}
"""What becomes of the one letter that meets the fault; all others are sent."""


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    file = tmp_path_factory.mktemp("template") / "publisher.db"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def send(template, tmp_path, monkeypatch, tls):
    """Send five letters over one connection to a server with these faults."""
    monkeypatch.setattr(smtp, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(pace, "PAUSE", 0.05)
    monkeypatch.setattr(pace, "CAUTIOUS_RATE", 500.0)

    def run(*faults, mode="chained", secure=False, speech=""):
        file = shutil.copy(template, tmp_path / "publisher.db")
        engine = open_engine(f"sqlite:///{file}")
        server_tls, ca_file = tls if secure else (None, "")
        users = {"desk": "secret"} if secure else {}
        keywords = ("SIZE 10000000", "CHUNKING") if "bdat" in mode else ("SIZE 10000000",)
        script = Script(faults, "chained" in mode, keywords, server_tls, users=users, speech=speech)
        with smtp_server(script) as server:
            settings = ServerSettings(
                host="127.0.0.1",
                port=server.port,
                connections=1,
                tls="starttls" if secure else "none",
                ca_file=str(ca_file),
                user="desk" if secure else "",
                bdat="bdat" in mode,
            )
            report = deliver(
                Run(
                    engine,
                    Mailing("2025-12-10", "hash", not_after=time.time() + 30),
                    lambda: recipients(COUNT),
                    PlainComposer(),
                    Readers(),
                    SmtpTransport([(settings, "secret")], patience=IMPATIENT),
                    time.time,
                    threads=1,
                )
            )
        with reading(engine) as connection:
            rows = {row.address: row for row in books.deliveries(connection, report.mailing.id, list(S))}
        engine.dispose()
        return report, server, rows

    return run


def assert_true_to(server, report, rows):
    """The ledger against the server's own memory."""
    assert report.tally.balanced
    copies = Counter(server.recipients)
    assert set(copies.values()) <= {1}, "nobody gets two"
    for address, row in rows.items():
        if row.status is S.SENT:
            assert address in copies, f"{address} is marked sent and was never taken"
        elif address in copies:
            assert row.status is S.HELD, f"{address} was taken and is {row.status}: {row.comment}"
    assert report.tally[S.HELD] <= 1, "no more in doubt than connections"
    assert report.tally[S.SENDING] == 0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("nth", [1, 3, COUNT], ids=["first", "middle", "last"])
@pytest.mark.parametrize(("stage", "fault"), list(product([MAIL, RCPT, DATA, BODY, DOT], FAULTS)))
def test_a_fault_at_one_letter_is_that_letters_alone(send, stage, fault, nth, mode) -> None:
    """Its own outcome as the table says; every other letter is sent once."""
    report, server, rows = send(Fault(stage, fault, nth), mode=mode)
    assert_true_to(server, report, rows)
    if stage == DATA and "bdat" in mode:
        assert (server.counts.get(DATA), report.tally[S.SENT]) == (None, COUNT), "BDAT needs no DATA"
        return
    if (stage, fault) == (MAIL, "5xx"):
        assert isinstance(report.failure, ConfigurationError), "the sender is refused: the fault is ours"
        assert report.tally[S.FAILED] == 0
        return
    expected = EXPECTED[stage, fault]
    assert report.tally[expected] >= 1
    assert report.tally[S.SENT] == (COUNT if expected is S.SENT else COUNT - 1), list(rows.values())[-1]
    assert report.failure is None


# asyncio leaves the socket of a handshake that broke off to the garbage collector: collect it here
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize(("stage", "fault"), list(product(SESSION, FAULTS)))
def test_a_fault_before_the_first_letter_costs_no_letter(send, stage, fault) -> None:
    """Transient ones are tried again; a 5xx stops the run with everything still queued."""
    times = 9 if stage == "AUTH" and fault == "5xx" else 1  # each method of login is tried
    report, server, rows = send(Fault(stage, fault, times=times), secure=True)
    gc.collect()
    assert_true_to(server, report, rows)
    if fault == "5xx":
        assert isinstance(report.failure, ConfigurationError)
        assert (report.tally[S.QUEUED], server.took) == (COUNT, [])
    else:
        assert report.tally[S.SENT] == COUNT


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("stage", "fault"), list(product(["RSET", "QUIT"], FAULTS)))
def test_a_fault_while_tidying_up_costs_no_letter(send, stage, fault, mode) -> None:
    """RSET after a refused recipient and QUIT at the end may fail as they like."""
    report, server, rows = send(Fault(RCPT, "5xx", only=recipient(2).address), Fault(stage, fault), mode=mode)
    assert_true_to(server, report, rows)
    assert (report.tally[S.SENT], report.tally[S.FAILED]) == (COUNT - 1, 1)


def test_the_matrix_has_twelve_stages_and_six_faults() -> None:
    """No cell is left out."""
    assert len({*SESSION, MAIL, RCPT, DATA, BODY, DOT, "RSET", "QUIT"}) * len(FAULTS) == 72
    assert set(EXPECTED) == set(product([MAIL, RCPT, DATA, BODY, DOT], FAULTS)) - {(MAIL, "5xx")}


@pytest.mark.parametrize("mode", ["chained", "plain", "bdat chained"])
@pytest.mark.parametrize("speech", [*SPEECHES, "in one packet"])
def test_however_a_server_puts_its_replies_each_letter_is_taken_once(send, speech, mode) -> None:
    """Byte by byte, several at once, on many lines, in no known encoding, or without a word."""
    if speech == "in one packet" and mode != "chained":
        return  # who waits for a reply must be given it
    report, server, rows = send(mode=mode, speech=speech)
    assert_true_to(server, report, rows)
    assert (report.failure, report.tally[S.SENT]) == (None, COUNT)


@pytest.mark.parametrize("speech", ["bytewise", "many lines", "eight bits", "bare line feeds", "no words"])
def test_a_refusal_is_understood_however_it_is_put(send, speech) -> None:
    """One reader is refused, and four have the letter."""
    report, server, rows = send(Fault(RCPT, "5xx", only=recipient(2).address), speech=speech)
    assert_true_to(server, report, rows)
    assert (report.tally[S.SENT], report.tally[S.FAILED]) == (COUNT - 1, 1)


def test_a_servers_words_cannot_steer_the_editors_terminal(send) -> None:
    """What it says is shown, and kept, without its control characters."""
    _, _, rows = send(speech="eight bits")
    assert all(row.comment.isprintable() for row in rows.values()), next(iter(rows.values())).comment


@pytest.mark.parametrize(("stage", "status"), [(MAIL, S.SENT), (RCPT, S.SENT), (DATA, S.SENT), (DOT, S.HELD)])
def test_a_server_that_drips_gets_no_more_time_than_one_that_is_silent(send, stage, status) -> None:
    """A reply that takes two seconds where one is allowed; only what has left is in doubt."""
    report, server, rows = send(Fault(stage, "drip", 2))
    assert_true_to(server, report, rows)
    assert report.tally[status] == (COUNT if status is S.SENT else 1)
    assert report.tally[S.SENT] >= COUNT - 1


@pytest.mark.parametrize("mode", ["chained", "plain", "bdat chained"])
def test_a_server_that_answers_before_it_has_read_is_left_and_nobody_gets_two(send, mode) -> None:
    """Its second answer belongs to nothing: the connection is given up, the next letter tried on another."""
    report, server, rows = send(Fault(BODY, "early", 2), mode=mode)
    assert_true_to(server, report, rows)
    assert report.tally[S.SENT] + report.tally[S.HELD] == COUNT
