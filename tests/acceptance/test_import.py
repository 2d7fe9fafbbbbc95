"""`publisher import` as an editor runs it."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shutil
import subprocess
from pathlib import Path

import commands
import pytest

PAGES = commands.ROOT / "tests" / "samples" / "pages"
MORNING = PAGES / "morning.txt"


@pytest.fixture
def publication(tmp_path):
    """The example publication without its newest issue."""
    folder = commands.example(tmp_path)
    shutil.rmtree(folder / "issues" / "2025-12-10")
    return folder


def test_a_page_becomes_a_folder_to_review(publication):
    """The folder is on standard output; what was found and where to look on the other stream."""
    done = commands.run(commands.PUBLISHER, "import", MORNING, cwd=publication)
    folder = publication / "issues" / "2025-12-10"
    assert (done.returncode, done.stdout.strip()) == (0, str(folder))
    assert done.stderr.startswith(
        "3 articles, 3 sub-headings, 1 list, 1 quotation, 5 rates (2 too imprecise)"
    )
    assert len(done.stderr.splitlines()) <= 15
    assert sorted(path.name for path in folder.iterdir()) == [
        "01-osh-closes-its-old-bazaar.md",
        "02-tashkent-doubles-the-number-of.md",
        "03-snow-leopard-walks-through-a.md",
        "issue.md",
        "rates.yml",
    ]


def test_an_issue_is_never_overwritten(publication):
    """A second import says so, and how to choose another day."""
    commands.run(commands.PUBLISHER, "import", MORNING, cwd=publication)
    before = commands.tree(publication)
    done = commands.run(commands.PUBLISHER, "import", MORNING, cwd=publication)
    assert done.returncode == 2
    assert "issues/2025-12-10: exists already -> choose another day" in done.stderr
    assert commands.tree(publication) == before
    again = commands.run(commands.PUBLISHER, "import", MORNING, "--date", "2025-12-11", cwd=publication)
    assert (again.returncode, Path(again.stdout.strip()).name) == (0, "2025-12-11")


def test_a_page_from_standard_input_and_its_decisions_as_json(publication):
    """What a program needs: the folder, the encoding, each decision with its choices."""
    text = MORNING.read_text(encoding="utf-8")
    done = commands.run(commands.PUBLISHER, "import", "-", "--json", cwd=publication, stdin=text)
    told = json.loads(done.stdout)
    keys = [decision["key"] for decision in told["decisions"]]
    assert told["folder"] == str(publication / "issues" / "2025-12-10")
    assert told["encoding"] == "utf-8"
    assert {"digits:UZS/USD", "digits:KZT/USD", "lead"} < set(keys)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-page.txt"], "no-such-page.txt"),
        (["empty.txt"], "holds no story"),
        (["page.docx"], "is a Word or zip file, not text"),
        (["empty.txt", "--ask"], "--ask needs a terminal"),
        (["empty.txt", "--date", "tomorrow"], "tomorrow"),
    ],
)
def test_what_cannot_be_imported_is_told(publication, arguments, said):
    """Exit 2, one sentence, nothing written."""
    (publication / "empty.txt").write_text("\n\n10 December 2025\n")
    (publication / "page.docx").write_bytes(b"PK\x03\x04")
    before = commands.tree(publication)
    done = commands.run(commands.PUBLISHER, "import", *arguments, cwd=publication)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert commands.tree(publication) == before


def import_with_answers(publication: Path, page: Path, dropped: bytes = b"nothing") -> int:
    """Answer every question as a person at a terminal would: Enter, or d where `dropped` is asked about."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*commands.PUBLISHER, "import", str(page), "--ask"],
        cwd=publication,
        env=commands.environment(TERM="dumb"),
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=follower,
    )
    os.close(follower)
    heard = b""
    with contextlib.suppress(OSError):  # the terminal closes when the command ends
        while said := os.read(leader, 4096):
            heard += said
            if heard.endswith(b"> "):
                os.write(leader, b"d\n" if dropped in heard[heard.rfind(b"to decide") :] else b"\n")
                heard += b"\n"
    process.communicate(timeout=30)
    os.close(leader)
    return process.returncode


def test_questions_are_asked_at_a_terminal(publication):
    """When all are answered no mark remains, and the answers are in the files."""
    assert import_with_answers(publication, MORNING, b"UZS/USD = 0.00008 0% is not exact") == 0
    texts = commands.tree(publication / "issues" / "2025-12-10")
    assert not [name for name, text in texts.items() if b"CHECK" in text]
    assert b"UZS" not in texts["rates.yml"]
    assert b"KZT/USD = 0.00193" in texts["rates.yml"]


def test_marks_stop_a_publish_and_answers_let_it_go(publication):
    """Every article and every rate of the page is in every output that an issue has."""
    commands.run(commands.PUBLISHER, "import", MORNING, cwd=publication)
    refused = commands.run(commands.PUBLISH_ISSUE, "2025-12-10", cwd=publication)
    assert refused.returncode == 2
    assert "issues/2025-12-10/rates.yml:5:3: is not decided: KZT/USD" in refused.stderr
    assert not (publication / "public").exists()
    shutil.rmtree(publication / "issues" / "2025-12-10")

    assert import_with_answers(publication, MORNING) == 0
    done = commands.run(commands.PUBLISH_ISSUE, "2025-12-10", cwd=publication)
    assert done.returncode == 0, done.stderr
    site = publication / "public"
    issue = [site / "2025-12-10" / name for name in ("index.html", "email.html", "email.txt")]
    feeds = [site / "feeds" / "issues" / name for name in ("rss.xml", "atom.xml", "feed.json")]
    articles = ("Osh Closes Its Old Bazaar", "Tashkent Doubles the Number", "Snow Leopard Walks")
    for path in (*issue, site / "index.html", *feeds):
        text = path.read_text(encoding="utf-8")
        assert [
            words for words in (*articles, "KGS", "KZT", "TJS", "UZS", "TMT") if words not in text
        ] == [], path
    for path in (site / "feeds" / name for name in ("rss.xml", "atom.xml", "feed.json")):
        assert [words for words in articles if words not in path.read_text(encoding="utf-8")] == [], path


def test_a_new_issue_is_the_next_one(publication):
    """The day after the last by the cadence or today, its number, its sections; never over another."""
    done = commands.run(commands.PUBLISHER, "new", cwd=publication)
    folder = Path(done.stdout.strip())
    assert (done.returncode, folder.parent) == (0, publication / "issues")
    assert "number: 128" in (folder / "issue.md").read_text(encoding="utf-8")
    assert len(list(folder.glob("0*.md"))) == 6
    assert commands.run(commands.PUBLISH_ISSUE, folder.name, cwd=publication).returncode == 2
    before = commands.tree(publication)
    again = commands.run(commands.PUBLISHER, "new", folder.name, cwd=publication)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    assert commands.tree(publication) == before
