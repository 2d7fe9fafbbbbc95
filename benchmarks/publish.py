"""Putting one more issue out, and the whole site anew: time and memory, as ratios to Hugo on the same words.

    ./run bench publish                    1,000 issues of 8 articles
    ./run bench publish --issues 100       a smaller archive
    ./run bench publish --keep FOLDER      leave both sites to be looked at

Both programs are given the same Markdown and run as their users run them, as processes of their own
over what they wrote before (and as they are installed: with Python's modules compiled). Hugo writes an
article's page, a list and a feed of each section and of each year, and one feed of all; Publisher writes
those, and a page, a letter and more feeds an issue, each in four encodings. Every tenth issue has a
picture. CPU is the time of all cores, user and system; of several rounds the one with the least CPU
counts, of each program its own.
Without Hugo (`apt-get install hugo`) only Publisher's own figures are printed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from PIL import Image

PUBLISH = [sys.executable, "-m", "publisher.cli.publish_issue"]
SECTIONS = ("politics", "economy", "nature", "society", "science", "sport", "culture", "travel")
FIRST = date(2020, 1, 6)
WORDS = [
    "river",
    "road",
    "copper",
    "bank",
    "school",
    "winter",
    "harvest",
    "minister",
    "glacier",
    "market",
    "letter",
    "engineer",
    "bridge",
    "tariff",
    "valley",
    "teacher",
    "region",
    "company",
    "water",
    "price",
    "border",
    "train",
    "season",
    "budget",
    "city",
    "village",
    "doctor",
    "museum",
    "opens",
    "falls",
    "rises",
    "plans",
    "builds",
    "sells",
    "counts",
    "asks",
    "answers",
    "returns",
    "begins",
    "closes",
    "joins",
    "leaves",
    "finds",
    "new",
    "old",
    "small",
    "large",
    "early",
    "late",
    "public",
    "quiet",
    "northern",
    "southern",
    "cheap",
    "dear",
    "local",
    "common",
    "narrow",
]

PROJECT = """[publication]
title = "Steppe Letter"
tagline = "Central Asia in ten minutes"
url = "https://letter.example/"
timezone = "Asia/Bishkek"
founded = 2020-01-01
publisher = {{ name = "Steppe Letter", email = "desk@letter.example", address = "12 Example Street, Bishkek" }}
sections = [
{sections}
]
"""

HUGO_PROJECT = """baseURL = "https://letter.example/"
title = "Steppe Letter"
[taxonomies]
section_of = "section_of"
year_of = "year_of"
[outputs]
home = ["HTML", "RSS"]
term = ["HTML", "RSS"]
[services.rss]
limit = 40
"""
HUGO_TEMPLATES = {
    "index.html": "<!doctype html><title>{{ .Site.Title }}</title>"
    '{{ range first 20 .Site.RegularPages }}<p><a href="{{ .RelPermalink }}">{{ .Title }}</a></p>{{ end }}',
    "_default/single.html": "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>"
    "<time>{{ .Date }}</time>{{ .Content }}",
    "_default/list.html": "<!doctype html><title>{{ .Title }}</title>"
    '{{ range first 40 .Pages }}<p><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Summary }}</p>{{ end }}',
}


@dataclass(frozen=True)
class Run:
    """What one process took."""

    seconds: float
    cpu: float  # seconds of all cores
    megabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:7.2f} s {self.cpu:7.2f} s CPU {self.megabytes:5.0f} MB"


@dataclass(frozen=True)
class Story:
    """The words that both programs are given."""

    number: int
    day: date
    place: int
    title: str
    body: str

    @property
    def section(self) -> str:
        """The sections take turns."""
        return SECTIONS[self.place % len(SECTIONS)]


def stories(number: int, articles: int) -> Iterator[Story]:
    """The stories of one issue, always the same for the same number."""
    chance = random.Random(number)
    day = FIRST + timedelta(days=number)
    for place in range(articles):
        title = _sentence(chance, 7).rstrip(".")
        yield Story(number, day, place, title, _body(chance))


def _sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(WORDS, k=length)).capitalize() + "."


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance, chance.randint(6, 16)) for _ in range(5))


def _body(chance: random.Random) -> str:
    """About 600 words: paragraphs, a heading, a list, a quotation, a link."""
    first, *others = [_paragraph(chance) for _ in range(9)]
    items = "\n".join(f"- {_sentence(chance, 8)}" for _ in range(3))
    link = (
        f"See [the report](https://source.example/{chance.randrange(10**6)}) for **{chance.random():.4f}**."
    )
    return (
        "\n\n".join([first, *others[:3], "## What changes", items, link, *others[3:6], f"> {others[6]}"])
        + "\n"
    )


def write_issue(root: Path, number: int, articles: int) -> None:
    """Add an issue to a publication of ours."""
    day = FIRST + timedelta(days=number)
    folder = root / "issues" / day.isoformat()
    folder.mkdir(parents=True)
    (folder / "issue.md").write_text(
        f"---\ntitle: The briefing of day {number}\nnumber: {number + 1}\n---\n\nGood morning.\n"
    )
    chance = random.Random(-number)
    pairs = {"KGS": 87.45, "KZT": 518.1, "UZS": 12009.24, "TJS": 9.2498}
    quotes = "".join(
        f"  - {{ base: USD, quote: {code}, value: {value * chance.uniform(0.99, 1.01):.4f}, source: feed }}\n"
        for code, value in pairs.items()
    )
    (folder / "rates.yml").write_text(f"as_of: {day}\nquotes:\n{quotes}")
    if illustrated := number % 10 == 0:
        _draw(folder / "images/road.jpg", number)
    for story in stories(number, articles):
        image = "image: { path: images/road.jpg, alt: A road }\n" if illustrated and not story.place else ""
        (folder / f"{story.place + 1:02}-story-{story.place + 1}.md").write_text(
            f"---\nid: {day}.story-{story.place + 1}\ntitle: {story.title}\nsection: {story.section}\n"
            f"{image}authors: [News desk]\nsummary: {story.title}, and why it matters.\n---\n\n{story.body}"
        )


def _draw(path: Path, number: int) -> None:
    """A picture that is like no other."""
    path.parent.mkdir(parents=True)
    Image.linear_gradient("L").rotate(number % 360).resize((900, 600)).convert("RGB").save(path, quality=80)


def write_publication(root: Path, issues: int, articles: int) -> None:
    """Make a publication of ours."""
    sections = "\n".join(f'  {{ id = "{name}", title = "{name.title()}" }},' for name in SECTIONS)
    root.mkdir(parents=True, exist_ok=True)
    (root / "publication.toml").write_text(PROJECT.format(sections=sections))
    for number in range(issues):
        write_issue(root, number, articles)


def write_hugo_issue(root: Path, number: int, articles: int) -> None:
    """Add the same words to a site of Hugo's."""
    folder = root / "content/posts"
    folder.mkdir(parents=True, exist_ok=True)
    for story in stories(number, articles):
        (folder / f"{story.day}-story-{story.place + 1}.md").write_text(
            f'---\ntitle: "{story.title}"\ndate: {story.day}T01:00:{59 - story.place:02}Z\n'
            f"section_of: [{story.section}]\nyear_of: ['{story.day.year}']\n---\n\n{story.body}"
        )
    if number % 10 == 0:
        _draw(root / f"static/{FIRST + timedelta(days=number)}/road.jpg", number)


def write_hugo_site(root: Path, issues: int, articles: int) -> None:
    """Make the nearest that Hugo has to it."""
    for name, text in HUGO_TEMPLATES.items():
        (root / "layouts" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "layouts" / name).write_text(text)
    (root / "config.toml").write_text(HUGO_PROJECT)
    for number in range(issues):
        write_hugo_issue(root, number, articles)


def measured(command: Sequence[str], folder: Path) -> Run:
    """Run a program to its end: wall and CPU seconds, and the most memory it held."""
    installed = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=installed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {errors.decode()}")
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def compare(folder: Path, issues: int, articles: int, rounds: int) -> None:
    """Build both sites, then put out one issue more, a few times in turn."""
    ours, theirs = folder / "ours", folder / "hugo"
    hugo = shutil.which("hugo")
    write_publication(ours, issues, articles)
    print(f"{issues:,} issues, {issues * articles:,} articles")
    _print("whole site, anew", measured(PUBLISH, ours), _first(theirs, issues, articles, hugo))
    mine: list[Run] = []
    peers: list[Run] = []
    for number in range(issues, issues + rounds):
        write_issue(ours, number, articles)
        mine.append(measured(PUBLISH, ours))
        if hugo:
            write_hugo_issue(theirs, number, articles)
            peers.append(measured([hugo], theirs))
    _print("one issue more", _best(mine), _best(peers) if hugo else None)
    _print("nothing changed", measured(PUBLISH, ours), measured([hugo], theirs) if hugo else None)


def _first(theirs: Path, issues: int, articles: int, hugo: str | None) -> Run | None:
    if not hugo:
        return None
    write_hugo_site(theirs, issues, articles)
    return measured([hugo], theirs)


def _best(runs: Sequence[Run]) -> Run:
    return min(runs, key=lambda run: run.cpu)


def _print(what: str, mine: Run, peer: Run | None) -> None:
    print(f"{what:<18} {mine}", flush=True)
    if peer:
        ratios = (mine.seconds / peer.seconds, mine.cpu / peer.cpu, mine.megabytes / peer.megabytes)
        told = "{:.2f} x its time, {:.2f} x its CPU, {:.2f} x its memory".format(*ratios)
        print(f"{'  Hugo':<18} {peer}   {told}", flush=True)


def main() -> None:
    """Read the arguments and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--issues", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3, help="how many issues are put out; the best counts")
    parser.add_argument("--keep", type=Path, help="a new folder for both sites")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        compare(folder, arguments.issues, arguments.articles, arguments.rounds)


if __name__ == "__main__":
    main()
