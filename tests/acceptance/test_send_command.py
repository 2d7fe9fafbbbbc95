"""`publisher send` as an editor runs it: asked, sent, interrupted, resumed, and asked who got it."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
from commands import PUBLISH_ISSUE, PUBLISHER, environment, example, run
from smtp_server import Fault, Script, smtp_server

ISSUE = "2025-12-10"


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    """The example publication with three readers."""
    example(tmp_path)
    add_readers(tmp_path, 3)
    return tmp_path


def add_readers(folder: Path, count: int) -> None:
    lines = "".join(f"reader{n}@readers.example\n" for n in range(1, count + 1))
    (folder / "list.csv").write_text(f"email\n{lines}", encoding="utf-8")
    done = run(PUBLISHER, "subscribers", "import", "list.csv", "--consent", "asked at a fair", cwd=folder)
    assert done.returncode in {0, 1}, done.stderr


def use_server(folder: Path, port: int, connections: int = 2, letters_per_connection: int = 1000) -> None:
    """Send by the test's own server from now on."""
    table = f'\n[[delivery.servers]]\nhost = "127.0.0.1"\nport = {port}\nconnections = {connections}\n'
    table += f"letters_per_connection = {letters_per_connection}\n"
    config = folder / "publication.toml"
    config.write_text(config.read_text(encoding="utf-8") + table, encoding="utf-8")


def send(folder: Path, *arguments: str):
    return run(PUBLISHER, "send", *arguments, cwd=folder)


def test_everyone_gets_the_letter_once_and_a_second_run_sends_nothing(publication) -> None:
    """The equation is shown; a repetition is told so and exits 3."""
    with smtp_server() as server:
        use_server(publication, server.port)
        first, second = send(publication, "--yes"), send(publication, "--yes")
    assert (first.returncode, second.returncode) == (0, 3), first.stderr + second.stderr
    assert "3 candidates = 3 sent + 0 failed + 0 deferred + 0 held + 0 skipped" in first.stderr
    assert sorted(server.recipients) == [f"reader{n}@readers.example" for n in (1, 2, 3)]
    assert "List-Unsubscribe" in server.took[0][1].decode("ascii")


def test_a_reader_who_chose_sections_gets_the_issues_that_have_one_of_them(publication) -> None:
    """No choice is everything, and so is one of sections that are no more; the count says who is left."""
    config = publication / "publication.toml"
    config.write_text(config.read_text("utf-8") + '[[publication.sections]]\nid = "sport"\ntitle = "Sport"\n')
    lines = "a@readers.example,sport\nb@readers.example,sport economy\nc@readers.example,closed\n"
    (publication / "list.csv").write_text(f"email,topics\n{lines}", encoding="utf-8")
    run(PUBLISHER, "subscribers", "import", "list.csv", cwd=publication)
    with smtp_server() as server:
        use_server(publication, server.port)
        asked, done = send(publication, "-n"), send(publication, "--yes")
    assert f"{ISSUE}: 5 readers" in asked.stderr
    assert "5 candidates = 5 sent" in done.stderr, done.stderr
    assert {"a@readers.example"}.isdisjoint(server.recipients)
    assert {"b@readers.example", "c@readers.example", "reader1@readers.example"} <= set(server.recipients)


def test_without_a_terminal_nothing_leaves_without_yes(publication) -> None:
    """A cron job must say that it means it."""
    with smtp_server() as server:
        use_server(publication, server.port)
        done = send(publication)
    assert (done.returncode, server.took) == (2, [])
    assert "--yes" in done.stderr


@pytest.mark.parametrize(("typed", "expected"), [("3\n", 3), ("yes\n", 0), ("\n", 0)])
def test_on_a_terminal_the_editor_types_the_count(publication, typed, expected) -> None:
    """Enter alone, or 'yes', sends nothing."""
    with smtp_server() as server:
        use_server(publication, server.port)
        code = typed_at(publication, "Type 3 to send it to 3 readers", typed)
    assert len(server.took) == expected
    assert code == (0 if expected else 3)


def test_the_count_is_of_those_whom_these_very_wishes_reach(publication) -> None:
    """A correction goes to those who have the first letter; a retry to whom was refused, and asks as well."""
    with smtp_server(Script((Fault("RCPT", "5xx", nth=2),))) as server:
        use_server(publication, server.port, connections=1)
        send(publication, "--yes")
        assert typed_at(publication, "Type 1 to send it to 1 reader", "1\n", "--retry-failed") == 0
        add_readers(publication, 9)
        change_the_issue(publication)
        assert typed_at(publication, "Type 3 to send it to 3 readers", "3\n", "--correction") == 0
        assert (len(server.took), len(set(server.recipients))) == (6, 3)
        assert send(publication, "--retry-failed").returncode == 0, "nothing can leave, so nobody is asked"


def test_a_list_without_readers_is_not_frozen(tmp_path) -> None:
    """The issue can still be sent when somebody has subscribed."""
    example(tmp_path)
    empty = send(tmp_path, "--yes")
    assert (empty.returncode, "Nobody is subscribed yet" in empty.stderr) == (3, True), empty.stderr
    add_readers(tmp_path, 1)
    assert send(tmp_path, "--yes").returncode == 0


def typed_at(folder: Path, question: str, typed: str, *arguments: str) -> int:
    """Send from a terminal, and type when the question is shown; the exit code."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [*PUBLISHER, "send", *arguments],
        cwd=folder,
        stdin=child,
        stdout=child,
        stderr=child,
        env=environment(),
    )
    os.close(child)
    shown = b""
    while question.encode() not in shown:
        shown += os.read(parent, 4096)
    os.write(parent, typed.encode())
    return drain(parent, process)


def drain(terminal: int, process: subprocess.Popen[bytes]) -> int:
    """Read what it shows until it ends."""
    while process.poll() is None:
        try:
            os.read(terminal, 4096)
        except OSError:
            break
    os.close(terminal)
    return process.wait(30)


def test_an_issue_written_ahead_is_sent_only_by_its_name(publication) -> None:
    """A nightly `--yes` mails nobody tomorrow's letter, and does not publish it either; a test letter may go."""
    (publication / "issues/2025-12-10").rename(publication / "issues/2099-12-10")
    for path in (publication / "issues/2099-12-10").glob("*.md"):
        path.write_text(path.read_text("utf-8").replace(": 2025-12-10", ": 2099-12-10"), "utf-8")
    with smtp_server() as server:
        use_server(publication, server.port)
        refused = send(publication, "--yes")
        assert (refused.returncode, server.took) == (2, [])
        assert "issues/2099-12-10: is of a coming day" in refused.stderr
        unpublished = run(PUBLISH_ISSUE, "--send", "--yes", cwd=publication)
        assert (unpublished.returncode, (publication / "public").exists()) == (2, False), unpublished.stderr
        assert send(publication, "--test-to", "desk@meridian.example").returncode == 0
        named = send(publication, "2099-12-10", "--yes")
        assert (named.returncode, len(server.took)) == (0, 4), named.stderr


def test_a_test_letter_is_not_in_the_ledger(publication) -> None:
    """--test-to sends one letter and the audience is still to be frozen."""
    with smtp_server() as server:
        use_server(publication, server.port)
        done = send(publication, "--test-to", "desk@meridian.example")
        assert (done.returncode, server.recipients) == (0, ["desk@meridian.example"]), done.stderr
        assert send(publication, "--status").returncode == 3


def test_a_test_letter_goes_by_the_next_server_where_the_first_is_away(publication) -> None:
    """It says by which, and what became of the first; a letter that a server refused is not tried elsewhere."""
    refusing = Script(faults=(Fault("RCPT", "5xx", times=9),))
    with smtp_server() as server, smtp_server(refusing) as strict:
        use_server(publication, 1)
        use_server(publication, server.port)
        done = send(publication, "--test-to", "desk@meridian.example")
        assert (done.returncode, server.recipients) == (0, ["desk@meridian.example"]), done.stderr
        assert f"from 127.0.0.1:{server.port}; 127.0.0.1:1 refuses us at connect" in done.stderr
        config = publication / "publication.toml"
        config.write_text(config.read_text("utf-8").replace("port = 1\n", f"port = {strict.port}\n"), "utf-8")
        refused = send(publication, "--test-to", "desk@meridian.example")
        assert (refused.returncode, len(server.took)) == (69, 1), refused.stderr


def test_a_test_letter_that_was_taken_is_not_called_refused_for_a_rude_goodbye(publication) -> None:
    """A server that hangs up at QUIT has the letter all the same."""
    with smtp_server(Script(faults=(Fault("QUIT", "drop"),))) as server:
        use_server(publication, server.port)
        done = send(publication, "--test-to", "desk@meridian.example")
        assert (done.returncode, len(server.took)) == (0, 1), done.stderr


def test_a_test_letter_reaches_an_address_beyond_ascii(publication) -> None:
    """By SMTPUTF8 where the server offers it, and with a sentence where it does not."""
    with smtp_server(Script(keywords=("SMTPUTF8", "8BITMIME"))) as server:
        use_server(publication, server.port)
        done = send(publication, "--test-to", "пётр@bücher.example")
    assert (done.returncode, server.recipients) == (0, ["пётр@xn--bcher-kva.example"]), done.stderr
    with smtp_server(Script(keywords=())) as server:
        config = publication / "publication.toml"
        config.write_text(re.sub(r"port = \d+", f"port = {server.port}", config.read_text("utf-8")), "utf-8")
        done = send(publication, "--test-to", "пётр@bücher.example")
    assert (done.returncode, server.took) == (69, [])
    assert "SMTPUTF8" in done.stderr


@pytest.mark.parametrize(
    "typed", ["", "desk", "a b@meridian.example", "a@meridian.example,b@meridian.example"]
)
def test_no_slip_in_a_test_address_writes_to_anybody(publication, typed) -> None:
    """An empty variable in a script, a missing @, two addresses: exit code 2, above all with --yes."""
    with smtp_server() as server:
        use_server(publication, server.port)
        done = send(publication, "--yes", "--test-to", typed)
        asked = send(publication, "--yes", "--address", "")
    assert (done.returncode, asked.returncode, server.heard) == (2, 3, []), done.stderr + asked.stderr
    assert "No letter was ever due to an empty address" in asked.stderr


@pytest.mark.parametrize(
    "mixed",
    [
        ("--test-to", "desk@meridian.example", "--dry-run"),
        ("--test-to", "desk@meridian.example", "--status"),
        ("--address", "desk@meridian.example", "--status"),
        ("--dry-run", "--status"),
    ],
)
def test_two_commands_at_once_are_none(publication, mixed) -> None:
    """Above all a dry run sends nothing."""
    with smtp_server() as server:
        use_server(publication, server.port)
        done = send(publication, *mixed)
    assert (done.returncode, server.heard) == (2, [])
    assert "choose one of" in done.stderr


@pytest.mark.parametrize("option", ["--retry-failed", "--uncertain=resend"])
def test_a_second_try_never_begins_a_mailing(publication, option) -> None:
    """Without a name the newest issue is meant, and that may be tomorrow's, not yet read by anybody."""
    with smtp_server() as server:
        use_server(publication, server.port)
        done = send(publication, "--yes", option)
        assert (done.returncode, server.heard) == (3, [])
        assert "has not been sent to anybody yet" in done.stderr
        assert send(publication, "--yes").returncode == 0


def test_a_dry_run_shows_subject_size_and_count_and_sends_nothing(publication) -> None:
    """What the editor would be asked about."""
    with smtp_server() as server:
        use_server(publication, server.port)
        done = send(publication, "--dry-run")
    assert (done.returncode, server.took) == (0, [])
    for words in ("Five capitals watch a phone call", "bytes", "3 readers", f"127.0.0.1:{server.port}"):
        assert words in done.stderr


@pytest.mark.parametrize(
    ("command", "exit_code"),
    [
        ([*PUBLISHER, "send", "--dry-run"], 0),
        ([*PUBLISHER, "send", "--status"], 3),
        ([*PUBLISHER, "send", "--address", "reader@readers.example"], 3),
        ([*PUBLISH_ISSUE, "--dry-run", "--send"], 0),
        ([*PUBLISHER, "subscribers", "import", "list.csv", "--dry-run"], 0),
        ([*PUBLISHER, "subscribers", "list"], 3),
        ([*PUBLISHER, "subscribers", "stats"], 0),
    ],
)
def test_who_only_looks_leaves_no_database_and_no_key_behind(tmp_path, command, exit_code) -> None:
    """In a publication that never had a reader, a dry run or a question makes no file."""
    example(tmp_path)
    (tmp_path / "list.csv").write_text("email\nreader@readers.example\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    done = run(command, cwd=tmp_path)
    made = [path.relative_to(tmp_path) for path in sorted(tmp_path.rglob("*")) if path not in before]
    assert (done.returncode, made) == (exit_code, []), done.stderr


def test_status_and_address_say_who_got_it_and_why_not(publication) -> None:
    """One refused reader: exit code 1, her line with the server's words, and his receipt."""
    refused = Fault("RCPT", "5xx", only="reader2@readers.example")
    with smtp_server(Script((refused,))) as server:
        use_server(publication, server.port)
        assert send(publication, "--yes").returncode == 1
    status, address = send(publication, "--status"), send(publication, "--address", "READER1@readers.example")
    assert "reader2@readers.example  1 try  RCPT: 550 5.3.0 never" in status.stdout
    assert "sent" in address.stdout
    assert "250 2.0.0 queued" in address.stdout


def test_status_tells_of_every_letter_of_an_issue_whatever_has_become_of_its_files(publication) -> None:
    """The issue's own letter and its correction, though the issue cannot be read any more."""
    assert send(publication, "--yes").returncode == 0
    change_the_issue(publication)
    assert send(publication, "--yes", "--correction").returncode == 0
    (publication / "issues" / ISSUE / "issue.md").write_text("---\nbroken", encoding="utf-8")
    told = send(publication, "--status")
    assert told.returncode == 0, told.stderr
    assert f"{ISSUE}: 3 candidates" in told.stderr
    assert f"{ISSUE}.2: 3 candidates" in told.stderr
    said = json.loads(send(publication, "--status", "--json").stdout)
    assert (said["mailing"], said["tally"][:12]) == (ISSUE, "3 candidates")
    assert [correction["mailing"] for correction in said["corrections"]] == [f"{ISSUE}.2"]


def test_a_reader_is_found_however_the_address_is_spelt(publication) -> None:
    """The name in capitals beyond ASCII, the domain as words or as a server writes it."""
    (publication / "list.csv").write_text("email\nПётр@bücher.example\n", encoding="utf-8")
    run(PUBLISHER, "subscribers", "import", "list.csv", "--consent", "asked", cwd=publication)
    assert send(publication, "--yes").returncode == 0
    for typed in ("Пётр@bücher.example", "пётр@xn--bcher-kva.example"):
        told = send(publication, "--address", typed)
        assert (told.returncode, told.stdout.count("sent")) == (0, 1), told.stderr


def test_retry_failed_reaches_only_those_who_failed(publication) -> None:
    """After the server has been mended."""
    with smtp_server(Script((Fault("RCPT", "5xx", nth=2),))) as server:
        use_server(publication, server.port, connections=1)
        send(publication, "--yes")
        done = send(publication, "--retry-failed", "--yes")
    assert done.returncode == 0, done.stderr
    assert sorted(Counter(server.recipients).values()) == [1, 1, 1]


def change_the_issue(folder: Path) -> None:
    article = folder / "issues" / ISSUE / "02-copper.md"
    article.write_text(article.read_text("utf-8").replace("notebooks", "note-books"), "utf-8")


def test_a_changed_issue_is_refused_and_goes_out_only_as_a_correction(publication) -> None:
    """Nobody gets two versions by accident; a correction goes to those who have the first."""
    with smtp_server() as server:
        use_server(publication, server.port)
        send(publication, "--yes")
        change_the_issue(publication)
        refused = send(publication, "--yes", "--resume")
        assert refused.returncode == 2
        assert "--correction" in refused.stderr
        assert len(server.took) == 3
        corrected = send(publication, "--yes", "--correction")
        again = send(publication, "--yes", "--correction")
    assert (corrected.returncode, again.returncode) == (0, 3), corrected.stderr + again.stderr
    assert sorted(Counter(server.recipients).values()) == [2, 2, 2]


def test_a_correction_in_the_midst_of_a_mailing_reaches_everybody_once_more_or_for_the_first_time(
    publication,
) -> None:
    """Who has the first letter gets the second; who waits gets the second alone, whatever is done afterwards."""
    with smtp_server(Script((Fault("connect", "drop", nth=2, times=50),))) as server:
        use_server(publication, server.port, connections=1, letters_per_connection=1)
        assert send(publication, "--yes").returncode == 69
    with smtp_server() as again:
        config = publication / "publication.toml"
        config.write_text(config.read_text("utf-8").replace(str(server.port), str(again.port)), "utf-8")
        change_the_issue(publication)
        done = send(publication, "--correction", "--yes")
        article = publication / "issues" / ISSUE / "02-copper.md"
        article.write_text(article.read_text("utf-8").replace("note-books", "notebooks"), "utf-8")
        send(publication, "--resume", "--yes")
    assert (len(server.took), sorted(again.recipients)) == (
        1,
        [f"reader{n}@readers.example" for n in (1, 2, 3)],
    ), done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_what_is_on_the_wire_and_resume_does_the_rest(publication, number) -> None:
    """Exit code 130, the way on, nobody in doubt, nobody twice."""
    add_readers(publication, 60)
    with smtp_server(Script(delay=0.02)) as server:
        use_server(publication, server.port)
        process = subprocess.Popen(
            [*PUBLISHER, "send", "--yes"],
            cwd=publication,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        while len(server.took) < 5:
            time.sleep(0.01)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
        assert process.returncode == 130, said
        assert "--resume" in said
        assert "0 held" in said
        before = len(server.took)
        assert 5 <= before < 60
        done = send(publication, "--yes", "--resume")
    assert done.returncode == 0, done.stderr
    assert Counter(server.recipients) == Counter(f"reader{n}@readers.example" for n in range(1, 61))


def _ends_by_sigterm(process: subprocess.Popen[str]) -> bool:
    """Whether it catches SIGTERM no more, which it ceases to last when it has been asked to finish in order."""
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    caught = int(re.search(r"^SigCgt:\s*(\w+)", status, re.MULTILINE)[1], 16)
    return not caught >> signal.SIGTERM - 1 & 1


def test_a_second_interrupt_stops_at_once_and_says_what_is_in_doubt(publication) -> None:
    """The server will not answer the first letter's dot: it is held, with a true reason."""
    with smtp_server(Script((Fault("dot", "stall"),))) as server:
        use_server(publication, server.port, connections=1)
        process = subprocess.Popen(
            [*PUBLISHER, "send", "--yes"],
            cwd=publication,
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        while not server.counts.get("dot"):
            time.sleep(0.05)
        assert _ends_by_sigterm(process) is False
        process.send_signal(signal.SIGINT)
        while not _ends_by_sigterm(process):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 130, said
    assert "may have arrived, and are held" in said
    assert "nothing was left half-done" not in said
    assert "stopped before the server had answered" in send(publication, "--status").stdout


def test_a_killed_sender_leaves_at_most_one_letter_a_connection_in_doubt_by_address(publication) -> None:
    """SIGKILL; the next run holds them and names them; --uncertain=resend sends them once more."""
    add_readers(publication, 60)
    with smtp_server(Script(delay=0.02)) as server:
        use_server(publication, server.port)
        process = subprocess.Popen(
            [*PUBLISHER, "send", "--yes"], cwd=publication, stderr=subprocess.DEVNULL, env=environment()
        )
        while len(server.took) < 5:
            time.sleep(0.01)
        process.kill()
        process.wait()
        done = send(publication, "--yes", "--resume")
        assert set(Counter(server.recipients).values()) == {1}
        held = done.stderr.count("  reader")
        assert held <= 2
        assert f"{held} held" in done.stderr
        missing = 60 - len(server.took)
        assert missing <= held
        again = send(publication, "--yes", "--uncertain", "resend")
    assert again.returncode == 0, again.stderr
    assert len(set(server.recipients)) == 60
    assert len(server.recipients) - 60 <= held


def test_a_second_sender_exits_75_and_names_the_first(publication) -> None:
    """Two editors at once: one sends."""
    add_readers(publication, 400)
    with smtp_server(Script(delay=0.02)) as server:
        use_server(publication, server.port)
        with subprocess.Popen(
            [*PUBLISHER, "send", "--yes"], cwd=publication, stderr=subprocess.DEVNULL, env=environment()
        ) as first:
            while len(server.took) < 2:
                time.sleep(0.01)
            second = send(publication, "--yes", "--resume")
            assert second.returncode == 75
            assert f"process {first.pid}" in second.stderr
        assert first.returncode == 0
    assert set(Counter(server.recipients).values()) == {1}


def test_a_server_that_cannot_be_reached_costs_nothing(publication) -> None:
    """Exit code 69, everybody still queued, and the way on."""
    with smtp_server() as server:
        port = server.port
    use_server(publication, port)
    done = send(publication, "--yes")
    assert done.returncode == 69
    assert "3 queued" in done.stderr
    assert "--resume" in done.stderr


def test_publish_issue_can_send_in_the_same_breath(publication) -> None:
    """The pages first, then the letter; without a server into the folder."""
    done = run(PUBLISH_ISSUE, "--send", "--yes", cwd=publication)
    assert done.returncode == 0, done.stderr
    assert len(list((publication / "data" / "outbox" / ISSUE).glob("*.eml"))) == 3
    assert (publication / "public" / ISSUE / "index.html").exists()
