"""`publish-issue` as an editor runs it: over the example publication, again, interrupted, and refused."""

from __future__ import annotations

import json
import random
import resource
import signal
import subprocess
import threading
from pathlib import Path

import pytest
from commands import PUBLISH_ISSUE, PUBLISHER, environment, example, run, tree

EXPECTED = {
    "index.html",
    "404.html",
    "2025-12-10/index.html",
    "2025-12-10/email.html",
    "2025-12-10/email.txt",
    "2025-12-10/email.eml",
    "feeds/rss.xml",
    "feeds/atom.xml",
    "feeds/feed.json",
    "feeds/economy/rss.xml",
    "feeds/issues/atom.xml",
    "sections/economy/index.html",
    "sitemap.xml",
    "robots.txt",
    "rates.json",
    "rates.csv",
}


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    """A copy of the example publication."""
    return example(tmp_path)


def test_one_command_writes_feeds_pages_and_the_letter(publication: Path) -> None:
    """Everything that readers need stands in public/, and the screen says so in a few lines."""
    done = run(PUBLISH_ISSUE, cwd=publication)
    assert done.returncode == 0, done.stderr
    assert set(tree(publication / "public")) >= EXPECTED
    assert done.stdout == ""
    assert "Published 2025-12-10, No. 128: 6 articles, 5 rates" in done.stderr
    assert len(done.stderr.splitlines()) <= 15


def test_the_same_words_give_the_same_bytes_anywhere(tmp_path: Path) -> None:
    """Locale, time zone, hash seed and folder leave no trace in the output, nor does what was worked out before."""
    environments = [
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Bishkek", "LC_ALL": "ru_RU.UTF-8"},
        {"PYTHONHASHSEED": "random", "TZ": "America/New_York", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"},
    ]
    sites = []
    for number, variables in enumerate(environments):
        home = example(tmp_path / "a folder" / f"№ {number}")
        done = run(PUBLISH_ISSUE, "--config", home / "publication.toml", cwd=tmp_path, env=variables)
        assert done.returncode == 0, done.stderr
        sites.append(tree(home / "public"))
    assert sites[0] == sites[1] == sites[2]


def test_a_second_publish_touches_nothing(publication: Path) -> None:
    """Not one file is written again, so that every cache stays warm."""
    run(PUBLISH_ISSUE, cwd=publication)
    before = {p: p.stat().st_mtime_ns for p in (publication / "public").rglob("*")}
    again = run(PUBLISH_ISSUE, cwd=publication)
    assert {p: p.stat().st_mtime_ns for p in (publication / "public").rglob("*")} == before
    assert " new" not in again.stderr
    assert " changed" not in again.stderr


def test_one_word_changes_only_what_depends_on_it(publication: Path) -> None:
    """An article's body stands in its page, its issue, its letter and its feeds, and nowhere else."""
    run(PUBLISH_ISSUE, cwd=publication)
    before = tree(publication / "public")
    article = publication / "issues/2025-12-10/02-copper.md"
    article.write_text(
        article.read_text(encoding="utf-8").replace("notebooks survive", "notebooks remain"), "utf-8"
    )
    assert run(PUBLISH_ISSUE, cwd=publication).returncode == 0
    after = tree(publication / "public")
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    allowed = ("2025-12-10/", "feeds/", ".publisher.json")
    assert changed
    assert all(path.startswith(allowed) for path in changed), sorted(changed)
    assert not any("archive" in path or "society" in path or "environment" in path for path in changed), (
        changed
    )


def test_an_address_that_leads_nowhere_now_is_told(publication: Path) -> None:
    """Another slug takes the page's address away; `moved_from` leads there, and then nothing is gone."""
    run(PUBLISH_ISSUE, cwd=publication)
    story = publication / "issues/2025-12-10/02-copper.md"
    story.write_text(story.read_text("utf-8").replace("slug: copper-basin\n", "slug: notebooks\n"), "utf-8")
    told = run(PUBLISH_ISSUE, "-n", cwd=publication).stderr
    assert "gone     /2025-12-10/copper-basin/\n           if a story has moved" in told
    moved = "slug: notebooks\nmoved_from: [2025-12-10/copper-basin]\n"
    story.write_text(story.read_text("utf-8").replace("slug: notebooks\n", moved), "utf-8")
    led = run(PUBLISH_ISSUE, cwd=publication)
    assert (led.returncode, "gone" in led.stderr) == (0, False), led.stderr
    assert "notebooks" in (publication / "public/2025-12-10/copper-basin/index.html").read_text("utf-8")


def test_a_dry_run_says_what_would_change_and_writes_nothing(publication: Path) -> None:
    """Standard output lists the paths; the folder is not even made."""
    done = run(PUBLISH_ISSUE, "-n", cwd=publication)
    assert done.returncode == 0
    assert "new       index.html" in done.stdout
    assert "Would publish 2025-12-10" in done.stderr
    assert not (publication / "public").exists()


def test_programs_get_json(publication: Path) -> None:
    """`--json` puts the whole report on standard output."""
    done = run(PUBLISH_ISSUE, "--json", cwd=publication)
    report = json.loads(done.stdout)
    assert report["issue"] == "2025-12-10"
    assert report["files"]["feeds/rss.xml"] == "new"


def test_an_issue_for_tomorrow_stays_unseen_until_it_is_published(publication: Path) -> None:
    """Correcting an older issue neither shows a later draft nor withdraws a public one."""
    run(PUBLISH_ISSUE, "2025-12-09", cwd=publication)
    assert not (publication / "public/2025-12-10").exists()
    run(PUBLISH_ISSUE, "2025-12-10", cwd=publication)
    run(PUBLISH_ISSUE, "issues/2025-12-08", cwd=publication)
    assert (publication / "public/2025-12-10/index.html").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["2031-01-01"], 2, "issues/2031-01-01: there is no such issue"),
        (["--config", "elsewhere.toml"], 2, "elsewhere.toml"),
        (["--wrong"], 2, "No such option"),
    ],
)
def test_a_wrong_call_is_told_in_a_line(
    publication: Path, arguments: list[str], code: int, expected: str
) -> None:
    """The exit code is 2, the sentence says what to do, and no traceback is shown."""
    done = run(PUBLISH_ISSUE, *arguments, cwd=publication)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert expected in done.stderr


def test_an_open_question_stops_a_publish_and_says_where(publication: Path) -> None:
    """A CHECK that an import left behind can never reach a reader."""
    article = publication / "issues/2025-12-10/01-phone-call.md"
    article.write_text(
        article.read_text(encoding="utf-8") + "\n<!-- CHECK: is this a sub-heading? -->\n", "utf-8"
    )
    done = run(PUBLISH_ISSUE, cwd=publication)
    assert done.returncode == 2
    assert "issues/2025-12-10/01-phone-call.md:" in done.stderr
    assert "is this a sub-heading?" in done.stderr
    assert not (publication / "public").exists()


def test_every_fault_of_every_file_is_told_at_once(publication: Path) -> None:
    """An editor mends all of them before trying again."""
    for name in ("01-phone-call.md", "02-copper.md"):
        file = publication / "issues/2025-12-10" / name
        file.write_text(file.read_text(encoding="utf-8").replace("section:", "sektion:"), "utf-8")
    done = run(PUBLISH_ISSUE, cwd=publication)
    assert done.returncode == 2
    assert done.stderr.count('did you mean "section"') == 2


def test_a_full_disk_leaves_the_old_site(publication: Path) -> None:
    """A file that cannot be written stops everything, plainly, and nothing is lost."""
    run(PUBLISH_ISSUE, cwd=publication)
    before = tree(publication / "public")
    article = publication / "issues/2025-12-10/02-copper.md"
    article.write_text(article.read_text(encoding="utf-8") + "\nOne more line.\n", "utf-8")
    done = subprocess.run(
        PUBLISH_ISSUE,
        cwd=publication,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)),
    )
    assert done.returncode == 74
    assert "Traceback" not in done.stderr
    assert tree(publication / "public") == before


@pytest.mark.slow
def test_killed_at_any_moment_the_site_is_the_old_one_or_the_new_one(publication: Path) -> None:
    """Eight kills at random moments; never a mixture, and the next run goes through."""
    run(PUBLISH_ISSUE, "2025-12-09", cwd=publication)
    old = tree(publication / "public")
    run(PUBLISH_ISSUE, "--output", "reference/public", "2025-12-10", cwd=publication)
    new = tree(publication / "reference/public")
    chance = random.Random(20251210)
    for _ in range(8):
        process = subprocess.Popen(
            [*PUBLISH_ISSUE, "2025-12-10"], cwd=publication, env=environment(), stderr=-3
        )
        try:
            process.wait(timeout=chance.uniform(0.5, 3.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert tree(publication / "public") in (old, new)
        run(PUBLISH_ISSUE, "2025-12-09", "--output", "public", cwd=publication)
    assert run(PUBLISH_ISSUE, cwd=publication).returncode == 0
    assert tree(publication / "public") == new


def test_a_reader_that_polls_during_a_publish_never_misses_a_file(publication: Path) -> None:
    """Each read gives the old feed or the new one, whole."""
    run(PUBLISH_ISSUE, "2025-12-09", cwd=publication)
    feed = publication / "public/feeds/atom.xml"
    seen: set[bytes] = {feed.read_bytes()}
    stop = threading.Event()

    def poll() -> None:
        while not stop.is_set():
            seen.add(feed.read_bytes())

    reader = threading.Thread(target=poll)
    reader.start()
    run(PUBLISH_ISSUE, "2025-12-10", cwd=publication)
    stop.set()
    reader.join()
    seen.add(feed.read_bytes())
    assert len(seen) == 2
    assert all(data.rstrip().endswith(b"</feed>") for data in seen)


def test_the_copy_desk_reads_an_issue_and_changes_nothing(publication: Path) -> None:
    """`publisher check` leaves with 1 where there is something to mend, and says where."""
    article = publication / "issues/2025-12-10/02-copper.md"
    article.write_text(
        article.read_text(encoding="utf-8").replace("Soviet geologists", "Soviet  geologists"), "utf-8"
    )
    before = tree(publication)
    done = run(PUBLISHER, "check", "2025-12-10", cwd=publication)
    assert done.returncode == 1
    assert "issues/2025-12-10/02-copper.md:" in done.stderr
    assert tree(publication) == before


def test_findings_can_be_read_by_programs(publication: Path) -> None:
    """JSON on standard output, one object a finding, also for what the loader refuses."""
    article = publication / "issues/2025-12-10/02-copper.md"
    article.write_text(article.read_text(encoding="utf-8").replace("section:", "sektion:"), "utf-8")
    findings = json.loads(run(PUBLISHER, "check", "--format", "json", cwd=publication).stdout)
    assert [(f["path"], f["severity"]) for f in findings] == [("issues/2025-12-10/02-copper.md", "error")]


def test_a_code_can_be_explained(publication: Path) -> None:
    """One sentence on standard output."""
    done = run(PUBLISHER, "check", "--explain", "e213", cwd=publication)
    assert done.returncode == 0
    assert done.stdout.startswith("E213: ")
