"""A publish makes only what changed, and what it leaves is what a publish from scratch would give."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import builders
import pytest
from commands import tree
from jinja2 import Environment
from long_reads import long_read

from publisher.config import load_settings
from publisher.content import remembering
from publisher.errors import PublisherError
from publisher.pipeline import lengths, publish, recipes
from publisher.publishing.compression import original
from publisher.rendering import feed_entries

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = date(2025, 12, 1)
PROJECT = """[publication]
title = "Steppe Letter"
url = "https://letter.example/"
timezone = "Asia/Bishkek"
founded = 2025-01-01
publisher = { name = "Steppe Letter", email = "desk@letter.example", address = "12 Example Street" }
sections = [{ id = "economy", title = "Economy" }, { id = "nature", title = "Nature" }]

[feeds]
entries = 3
issues = 1
archive_issues = 1
"""
STORY = """---
id: {id}
title: The story {id}
section: {section}
image: {{ path: images/dam.png, alt: A dam }}
---

The road is {length} kilometres long.

![A dam](images/dam.png)
"""


def write_issue(root: Path, number: int) -> None:
    """Add an issue of two stories with a picture and rates."""
    day = FIRST + timedelta(days=number)
    folder = root / "issues" / day.isoformat()
    (folder / "images").mkdir(parents=True)
    (folder / "images/dam.png").write_bytes(builders.picture(60 + number, 40, "PNG"))
    (folder / "issue.md").write_text(
        f"---\ntitle: Day {number}\nnumber: {number + 1}\n---\n\nGood morning.\n"
    )
    (folder / "rates.yml").write_text(
        f"as_of: {day}\nquotes:\n  - {{ base: USD, quote: KGS, value: 87.{number + 10} }}\n"
    )
    for place, section in enumerate(("economy", "nature"), 1):
        text = STORY.format(id=f"{day}.story-{place}", section=section, length=number)
        (folder / f"0{place}-story-{place}.md").write_text(text)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A publication of four issues, which nobody waits for to be old enough to be known by their looks."""
    monkeypatch.setattr(remembering, "_FRESH", -1e12)
    root = tmp_path / "project"
    root.mkdir()
    (root / "publication.toml").write_text(PROJECT)
    for number in range(4):
        write_issue(root, number)
    return root


def publish_into(root: Path, output: Path) -> dict[str, bytes]:
    """Publish the newest issue and give what is public then."""
    publish.publish_issue(load_settings(root / "publication.toml", {}), None, output, NOW)
    return tree(output)


def from_scratch(root: Path, beside: Path) -> dict[str, bytes]:
    """What a machine that never saw this publication makes of it."""
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(root, beside, ignore=shutil.ignore_patterns(".publisher-cache", "public"))
    return publish_into(beside, beside / "public")


def stories(root: Path) -> list[Path]:
    """Every story's file."""
    return sorted(root.glob("issues/*/0*.md"))


def rewrite(path: Path, old: str, new: str) -> None:
    """Change a text file."""
    path.write_text(path.read_text().replace(old, new, 1))


def one_more(root: Path, chance: random.Random) -> None:
    """A new issue."""
    del chance
    write_issue(root, len(list((root / "issues").glob("2025-*"))))


def typo(root: Path, chance: random.Random) -> None:
    """Another word in a story."""
    rewrite(chance.choice(stories(root)), "The road is", f"The new road, {chance.random()}, is")


def title(root: Path, chance: random.Random) -> None:
    """Another title of an issue, which its neighbours and the archive name."""
    rewrite(chance.choice(sorted(root.glob("issues/*/issue.md"))), "title: ", f"title: {chance.random()} ")


def correction(root: Path, chance: random.Random) -> None:
    """A correction, or a withdrawal."""
    path = chance.choice(stories(root))
    at = f"2025-12-20T{chance.randrange(10, 24)}:{chance.randrange(10, 60)}+06:00"
    if "corrections:" not in path.read_text():
        kind = chance.choice(["true", "false"])
        note = f"corrections:\n  - {{ at: {at}, text: It is shorter., retraction: {kind} }}\n"
        rewrite(path, "section:", f"{note}section:")


def unpublish(root: Path, chance: random.Random) -> None:
    """A story goes; its issue keeps the other one."""
    path = chance.choice(stories(root))
    if len(list(path.parent.glob("0*.md"))) > 1:
        path.unlink()


def moved(root: Path, chance: random.Random) -> None:
    """A story moves to another address."""
    path = chance.choice(stories(root))
    if "moved_from" not in path.read_text():
        old = f"{path.parent.name}/{path.stem[3:]}/"
        rewrite(path, "section:", f"slug: moved-{chance.randrange(10**6)}\nmoved_from: [{old}]\nsection:")


def longer(root: Path, chance: random.Random) -> None:
    """A story becomes too long for one page, by more or less."""
    path = chance.choice(stories(root))
    words = long_read(blocks=chance.randrange(70, 200)).replace("gate.png", "dam.png")
    path.write_text(f"{path.read_text()[:2000]}\n\n{words}\n")


def shorter(root: Path, chance: random.Random) -> None:
    """A story of several pages loses some of them, or all but one, or is withdrawn."""
    longer(root, chance)
    publish_into(root, root / "public")
    for path in stories(root):
        if len(text := path.read_text()) > 50_000:
            path.write_text(text[: chance.choice([1000, len(text) // 2, len(text)])])
    correction(root, chance)


def template(root: Path, chance: random.Random) -> None:
    """The publication lays a template of its own over ours, or takes it away."""
    own = root / "templates/web/404.html"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(f"<!doctype html><title>{chance.random()}</title>")


def setting(root: Path, chance: random.Random) -> None:
    """The publication gets another tagline."""
    lines = (root / "publication.toml").read_text().splitlines()
    kept = [line for line in lines if not line.startswith("tagline")]
    kept.insert(1, f'tagline = "Ten minutes {chance.random()}"')
    (root / "publication.toml").write_text("\n".join(kept))


def history(root: Path, chance: random.Random) -> None:
    """Somebody adds an old rate."""
    (root / "rates").mkdir(exist_ok=True)
    (root / "rates/history.csv").write_text(
        f"date,base,quote,value,source,kind\n2025-11-2{chance.randrange(10)},USD,KGS,87.{chance.randrange(10, 99)},NBKR,official\n"
    )


def picture(root: Path, chance: random.Random) -> None:
    """A picture is replaced under its name."""
    path = chance.choice(sorted(root.glob("issues/*/images/*")))
    path.write_bytes(builders.picture(chance.randrange(50, 90), 40, "PNG"))


def spoilt_cache(root: Path, chance: random.Random) -> None:
    """A file of the cache is cut off, overwritten or gone."""
    path = chance.choice([p for p in sorted(root.glob(".publisher-cache/**/*")) if p.is_file()])
    data = path.read_bytes()
    place = chance.randrange(len(data))
    spoilt = [data[:place], data[:place] + b"\0" + data[place + 1 :], b"", b"[" * 10_000]
    path.write_bytes(chance.choice(spoilt))


def no_cache(root: Path, chance: random.Random) -> None:
    """The cache is deleted."""
    del chance
    shutil.rmtree(root / ".publisher-cache")


def tampered(root: Path, chance: random.Random) -> None:
    """Somebody writes into a published file, keeping its length and its time, or only its length."""
    path = chance.choice([p for p in sorted((root / "public").rglob("*")) if p.is_file()])
    if path.name != ".publisher.json":
        before = path.stat()
        path.write_bytes(bytes(before.st_size))
        if chance.random() < 0.5:
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def spoilt_staging(root: Path, chance: random.Random) -> None:
    """The folder beside the site, which the next publish begins with, is spoilt."""
    beside = root / ".public.new"
    write_issue(root, len(list((root / "issues").glob("2025-*"))))
    publish_into(root, root / "public")
    path = chance.choice([p for p in sorted(beside.rglob("*")) if p.is_file()])
    path.unlink()
    path.write_bytes(b"spoilt")


def deleted(root: Path, chance: random.Random) -> None:
    """Somebody deletes a published file."""
    chance.choice(
        [p for p in sorted((root / "public").rglob("*")) if p.is_file() and p.name[0] != "."]
    ).unlink()


EDITS: list[Callable[[Path, random.Random], None]] = [
    one_more,
    typo,
    title,
    correction,
    unpublish,
    moved,
    longer,
    shorter,
    template,
    setting,
    history,
    picture,
    spoilt_cache,
    no_cache,
    tampered,
    spoilt_staging,
    deleted,
]


def assert_same(after: dict[str, bytes], expected: dict[str, bytes], done: Iterable[str]) -> None:
    """Name the files that differ."""
    differing = sorted(
        path for path in after.keys() | expected.keys() if after.get(path) != expected.get(path)
    )
    assert not differing, (list(done), differing)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_after_an_edit_the_site_is_as_if_made_anew(
    root: Path, tmp_path: Path, edit: Callable[[Path, random.Random], None]
) -> None:
    """Whatever somebody did, not one byte tells that most files were taken as they stood."""
    publish_into(root, root / "public")
    edit(root, random.Random(1))
    assert_same(publish_into(root, root / "public"), from_scratch(root, tmp_path / "fresh"), [edit.__name__])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_after_many_edits_the_site_is_as_if_made_anew(root: Path, tmp_path: Path, seed: int) -> None:
    """The same after each of ten edits, of all kinds and in any order; an edit that is refused changes nothing."""
    chance = random.Random(seed)
    publish_into(root, root / "public")
    done: list[str] = []
    for _ in range(10):
        edit = chance.choice(EDITS)
        done.append(edit.__name__)
        shutil.copytree(root / "issues", tmp_path / "issues", dirs_exist_ok=True)
        edit(root, chance)
        try:
            expected = from_scratch(root, tmp_path / "fresh")
        except PublisherError:
            shutil.rmtree(root / "issues")
            shutil.move(tmp_path / "issues", root / "issues")
            continue
        finally:
            shutil.rmtree(tmp_path / "issues", ignore_errors=True)
        assert_same(publish_into(root, root / "public"), expected, done)


def test_a_new_program_makes_everything_anew(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older program made is never taken for what this one would make."""
    publish_into(root, root / "public")
    asked = made_by(monkeypatch)
    monkeypatch.setattr(recipes, "program", lambda: "another version")
    after = publish_into(root, root / "public")
    assert_same(after, from_scratch(root, tmp_path / "fresh"), [])
    assert asked >= set(after) - {".publisher.json"}


def test_one_more_issue_makes_the_same_few_files_however_long_the_archive_is(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work is counted, not timed: an archive three times as long costs not one file more."""
    counts = []
    for total in (4, 12):
        for number in range(len(list((root / "issues").iterdir())), total):
            write_issue(root, number)
        publish_into(root, root / "public")
        write_issue(root, total)
        with monkeypatch.context() as patch:
            made = made_by(patch)
            publish_into(root, root / "public")
            counts.append(len({original(path) for path in made if not path.startswith("feeds/")}))
            assert f"{FIRST}/email.html" not in made
            assert f"{FIRST}/story-1/index.html" not in made
    assert counts[0] == counts[1]


def test_a_story_that_grows_makes_its_own_pages_and_one_that_shrinks_takes_them_away(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages appear and vanish with their variants, the map follows, and no other story's page is made again."""
    path, folder = stories(root)[0], f"{FIRST}/story-1"
    publish_into(root, root / "public")
    short = path.read_text()
    path.write_text(short + "\n" + long_read().replace("gate.png", "dam.png"))
    with monkeypatch.context() as patch:
        made = made_by(patch)
        grown = publish_into(root, root / "public")
    later = {name for name in grown if name.startswith(f"{folder}/") and name.count("/") == 3}
    assert {f"{folder}/2/index.html", f"{folder}/2/index.html.br", f"{folder}/3/index.html.zst"} <= later
    assert f"{folder}/2/".encode() in grown["sitemap.xml"]
    others = [
        name for name in made if name.count("/") == 2 and name.endswith("index.html") and "story" in name
    ]
    assert {name.partition("/")[0] for name in others} == {str(FIRST)}
    path.write_text(short)
    shrunk = publish_into(root, root / "public")
    assert not later & set(shrunk)
    assert b"/story-1/2/" not in shrunk["sitemap.xml"]


def test_nothing_is_made_when_nothing_changed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second publish reads, looks, and leaves."""
    longer(root, random.Random(1))
    publish_into(root, root / "public")
    made = made_by(monkeypatch)
    publish_into(root, root / "public")
    assert made == set()


def test_one_more_issue_sets_no_old_story_for_the_feeds(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feeds are written anew, from its own two stories and from what was kept of the others."""
    publish_into(root, root / "public")
    write_issue(root, 4)
    told, compiled = (
        calls(monkeypatch, feed_entries, "article_html"),
        calls(monkeypatch, Environment, "compile"),
    )
    after = publish_into(root, root / "public")
    assert len(told) == 2
    assert not compiled
    assert_same(after, from_scratch(root, tmp_path / "fresh"), ["one more"])
    assert len(told) > 4
    assert compiled


def calls(patch: pytest.MonkeyPatch, owner: object, name: str) -> list[object]:
    """What a function is asked for from now on."""
    asked: list[object] = []
    function = getattr(owner, name)

    def spy(*arguments, **options):
        asked.append(arguments)
        return function(*arguments, **options)

    patch.setattr(owner, name, spy)
    return asked


def test_lengths_are_counted_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A story whose issue stays the same is not set again to learn how many pages it takes."""
    longer(root, random.Random(1))
    publish_into(root, root / "public")
    monkeypatch.setattr(lengths, "issue_lengths", lambda *_: pytest.fail("counted again"))
    typo(root, random.Random(2))
    publish_into(root, root / "public")


def made_by(patch: pytest.MonkeyPatch) -> set[str]:
    """The paths of all files that are made from now on, and not taken as they stand."""
    made: set[str] = set()
    write = publish.write_site

    def spy(files, *arguments, **options):
        def passed():
            for path, data in files:
                if data is not None:
                    made.add(path)
                yield path, data

        return write(passed(), *arguments, **options)

    patch.setattr(publish, "write_site", spy)
    return made
