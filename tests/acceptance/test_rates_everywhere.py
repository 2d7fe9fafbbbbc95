"""Seventeen days of five currencies, through the file source and the history into every output.

What must be shown is computed here a second time, by whole fractions and by rounding as with a
pencil, from the same file; nothing of the rates' own arithmetic is used.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.dates import format_date
from bs4 import BeautifulSoup
from commands import PUBLISH_ISSUE, PUBLISHER, run

# Made-up values of the usual size: a weekend (7 and 8 December 2024), two turns of the year, a leap day, a som
# that does not move for months, a sum of five digits, a manat with a feed's noise around its decree.
DESK = """date,KGS,KZT,TJS,UZS,TMT,EUR,RUB,CNY
2024-02-29,89.43000000,450.12983341,10.94800000,12480.55012345,3.49871200,0.92391245,91.35120000,7.19551203
2024-03-01,89.43000000,450.98112007,10.94650000,12495.10000000,3.51000000,0.92287711,91.82410000,7.19620411
2024-07-15,84.75000000,477.45000000,10.65010000,12589.99999999,3.50000000,0.91745512,87.90210000,7.26010000
2024-12-06,86.80000000,524.43100000,10.92020000,12850.00000000,3.49990000,0.94587003,100.05120000,7.27104455
2024-12-07,86.80000000,524.43100000,10.92020000,12850.00000000,3.49990000,0.94587003,100.05120000,7.27104455
2024-12-08,86.80000000,525.11000000,10.92020000,12850.00000000,3.43120000,0.94612000,100.05120000,7.27104455
2024-12-30,87.00000000,523.54000000,10.93500000,12920.48000000,3.50000000,0.95901200,101.67970000,7.29881000
2025-01-03,87.00000000,525.11000000,10.93490000,12931.03000000,3.51000000,0.97012000,101.68000000,7.29990000
2025-06-30,87.45000000,519.64000000,9.86740000,12650.25000000,3.50000000,0.85298000,78.47180000,7.16450000
2025-12-02,87.45000000,511.02000000,9.19830000,11950.74000000,3.50000000,0.86041200,77.70960000,7.07120000
2025-12-09,87.45000000,511.07110100,9.19006023,12009.23939141,3.49623295,0.85899234,76.80920000,7.06430000
2025-12-31,87.45000000,505.53000000,9.21020000,12025.12000000,3.50000000,0.85102000,78.22670000,7.00120000
2026-01-05,87.45000000,508.77000000,9.20990000,12038.55000000,3.50010000,0.85388000,80.30450000,6.98765000
2026-08-28,87.43990000,537.14000000,9.39090000,12085.45000000,3.51000000,0.84550000,80.10000000,6.91230000
2026-09-21,87.44990000,540.96990000,9.39990000,12150.00450000,3.50000000,0.84990000,81.45450000,6.90000000
2026-09-28,87.45000000,538.35000000,9.40120000,12199.99500000,3.48000000,0.85210000,82.00010000,6.89510000
2026-09-29,87.45000000,538.40112233,9.40112233,12194.20500000,3.51500000,0.85214567,82.12345678,6.89449999
"""
ROWS = {date.fromisoformat(row["date"]): row for row in csv.DictReader(io.StringIO(DESK))}
LOCALS = ("KGS", "KZT", "TJS", "UZS", "TMT")
NOUNS = {"KGS": "som", "KZT": "tenge", "TJS": "somoni", "UZS": "sum", "TMT": "manat"}
DECIMALS = {
    **{f"{base}/{local}": d for base in ("USD", "EUR") for local, d in zip(LOCALS, (2, 2, 4, 2, 2), strict=True)},
    **{f"RUB/{local}": d for local, d in zip(LOCALS, (4, 4, 4, 2, 4), strict=True)},
    **{f"{local}/USD": d for local, d in zip(LOCALS, (5, 6, 5, 8, 5), strict=True)},
    **{f"{local}/RUB": d for local, d in zip(LOCALS, (4, 5, 4, 6, 3), strict=True)},
    **{f"{local}/CNY": d for local, d in zip(LOCALS, (5, 5, 5, 7, 4), strict=True)},
}  # fmt: skip
_PAIR = re.compile("[A-Z]{3}/[A-Z]{3}")
PROJECT = """
[publication]
title = "Steppe Letter"
url = "https://letter.example/"
timezone = "Asia/Bishkek"
founded = 2024-01-01
sections = [{{ id = "economy", title = "Economy" }}]
publisher = {{ name = "Steppe Letter", address = "12 Example Street, Bishkek" }}

[rates]
base = "{base}"
direction = "{direction}"
currencies = {currencies}
sources = ["file"]
file = "desk.csv"
"""


class Case(NamedTuple):
    """One table: its day, its base and its direction."""

    day: date
    base: str = "USD"
    direction: str = "per-base"


class Shown(NamedTuple):
    """What a reader must see of one row."""

    pair: str
    value: str
    words: str  # 'weaker 1.35%', 'unchanged', 'fixed'
    noun: str
    since: date | None


CASES = [
    Case(date(2026, 9, 29)),
    Case(date(2026, 9, 29), direction="in-base"),
    Case(date(2026, 1, 5), direction="both"),
    Case(date(2025, 6, 30)),
    Case(date(2026, 9, 29), base="EUR"),
    Case(date(2025, 12, 9), base="RUB", direction="both"),
    Case(date(2024, 12, 8), base="CNY", direction="in-base"),
]


def pencil(value: Fraction, decimals: int) -> str:
    """Round half up by hand: whole units of the last place, then the point put back."""
    digits = str((value * 10**decimals * 2 + 1) // 2).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}"


def worth(day: date, base: str, local: str) -> Fraction:
    """Local money for one unit of the base; the manat by its decree, other bases through the dollar."""
    dollars = 1 if base == "USD" else 1 / Fraction(ROWS[day][base])
    return dollars * (Fraction("3.50") if local == "TMT" else Fraction(ROWS[day][local]))


def change(case: Case, pair: str, local: str, then: date) -> str:
    """How the shown number moved, in words about the local currency."""
    new, old = worth(case.day, case.base, local), worth(then, case.base, local)
    ratio = new / old if pair.endswith(local) else old / new
    percent = pencil(abs(ratio - 1) * 100, 2)
    if percent == "0.00":
        return "unchanged"
    return f"{'weaker' if new > old else 'stronger'} {percent}%"


def last_before(day: date, days: int = 1, most: int = 10_000) -> date | None:
    """The last day of the file that is so many days back, or a little more."""
    wanted = day - timedelta(days=days)
    return max((d for d in ROWS if d <= wanted and (wanted - d).days <= most), default=None)


def expected(case: Case) -> Iterator[Shown]:
    """The rows of a table, in the publication's order and direction."""
    before = last_before(case.day)
    for local in LOCALS:
        value = worth(case.day, case.base, local)
        pairs = {f"{case.base}/{local}": value, f"{local}/{case.base}": 1 / value}
        wanted = {"per-base": slice(0, 1), "in-base": slice(1, 2), "both": slice(0, 2)}[case.direction]
        for pair in list(pairs)[wanted]:
            fixed = case.base == "USD" and local == "TMT"
            words = "fixed" if fixed else change(case, pair, local, before) if before else ""
            number = f"{pencil(pairs[pair], DECIMALS[pair])}"
            yield Shown(pair, number, words, NOUNS[local], None if fixed else before)


def grouped(number: str) -> str:
    """12009.24 as the page writes it."""
    whole, _, rest = number.partition(".")
    return f"{int(whole):,}.{rest}"


def near(day: date, other: date) -> str:
    """`28 Sept`, with its year when that is not plain."""
    return format_date(day, "d MMM" if abs((day - other).days) <= 180 else "d MMM y", locale="en_GB")


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """A publication whose history was filled from the file, in dollars, in one go."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "desk.csv").write_text(DESK)
    everything = (*LOCALS, "EUR", "RUB", "CNY")
    settings = {"base": "USD", "direction": "per-base", "currencies": json.dumps(everything)}
    (folder / "publication.toml").write_text(PROJECT.format(**settings))
    filled = run(PUBLISHER, "rates", "backfill", min(ROWS).isoformat(), max(ROWS).isoformat(), cwd=folder)
    assert (filled.returncode, filled.stdout) == (0, "rates/history.csv\n"), filled.stderr
    assert len((folder / "rates/history.csv").read_text().splitlines()) == 1 + len(ROWS) * len(everything)
    return folder


@pytest.fixture(params=CASES, ids=lambda case: f"{case.day}-{case.base}-{case.direction}")
def published(request, desk, tmp_path) -> tuple[Case, Path]:
    """The issue of one day in one setting, updated and published by the commands."""
    case: Case = request.param
    folder = tmp_path / "news"
    shutil.copytree(desk, folder)
    settings = {"base": case.base, "direction": case.direction, "currencies": json.dumps(LOCALS)}
    (folder / "publication.toml").write_text(PROJECT.format(**settings))
    issue = folder / "issues" / str(case.day)
    issue.mkdir(parents=True)
    (issue / "issue.md").write_text("---\ntitle: Snow in the passes\nnumber: 1\n---\nGood morning.\n")
    (issue / "01-snow.md").write_text(
        f"---\nid: {case.day}.snow\ntitle: Snow closes two passes\nsection: economy\n"
        "summary: Both roads open on Friday.\n---\nTwo passes are closed.\n"
    )
    for command in ([*PUBLISHER, "rates", "update", str(case.day)], PUBLISH_ISSUE):
        done = run(command, cwd=folder)
        assert done.returncode == 0, done.stderr
    return case, folder


def cells(html: str) -> list[list[str]]:
    """Pair, value, change and words of every row that begins with a pair, without pictures and symbols."""
    soup = BeautifulSoup(html, "lxml")
    for hidden in soup.select('[aria-hidden="true"], svg, img'):
        hidden.decompose()
    heads = [head for head in soup.select('th[scope="row"]') if _PAIR.match(head.get_text().strip())]
    rows = [head.find_parent("tr").select("th, td") for head in heads]
    texts = [[" ".join(cell.get_text(" ").split()) for cell in row] for row in rows]
    return [[row[0][:7], row[1], "0.00%" if row[2] == "0%" else row[2], *row[3:]] for row in texts]


def signed(shown: Shown) -> str:
    """How a pair in its own currency tells its change: `−0.28%`."""
    if not shown.words.endswith("%"):
        return "0.00%" if shown.words == "unchanged" else shown.words
    direction, percent = shown.words.split()
    return ("+" if direction == "stronger" else "−") + percent


def figure(shown: Shown) -> str:
    """The change in the column of figures."""
    return signed(shown) if shown.pair.startswith(tuple(LOCALS)) and shown.words else shown.words


def test_every_output_shows_the_same_numbers_to_the_last_digit(published):
    """Letter, text part, pages, feeds, files for others and the terminal, against figures made by hand."""
    case, folder = published
    rows = list(expected(case))
    public, issue = folder / "public", folder / "public" / str(case.day)
    want = [[shown.pair, grouped(shown.value), figure(shown)] for shown in rows]

    for page in (issue / "email.html", issue / "index.html", public / "index.html"):
        assert [row[:3] for row in cells(page.read_text())] == want

    text = (issue / "email.txt").read_text().replace("\u00a0", " ")
    for shown in rows:
        line = next(line for line in text.splitlines() if line.startswith(shown.pair))
        said = re.split("[▁▂▃▄▅▆▇]", line)[0].split("=")[1].split(maxsplit=1)
        assert said[0] == grouped(shown.value)
        assert said[1].strip().replace("-", "−") in (figure(shown), "0%")

    assert_feeds(public, rows)
    assert_files(case, public, rows)
    assert_terminal(case, folder, rows)


def assert_feeds(public: Path, rows: list[Shown]) -> None:
    """The whole issue in a feed has the same table, and each change says since when."""
    entry = json.loads((public / "feeds/issues/feed.json").read_text())["items"][0]
    body = cells(entry["content_html"])
    assert [row[:2] for row in body] == [[shown.pair, grouped(shown.value)] for shown in rows]
    for row, shown in zip(body, rows, strict=True):
        since = (
            f", since {format_date(shown.since, 'd MMM y', locale='en_GB')}"
            if shown.since
            else " since 1 Jan 2015"
        )
        assert row[3] == f"{shown.noun} {shown.words}{since}"


def assert_files(case: Case, public: Path, rows: list[Shown]) -> None:
    """rates.json has the changes of a day, a week and a month; rates.csv has every digit of the file."""
    document = json.loads((public / "rates.json").read_text())
    assert (document["base"], document["as_of"]) == (case.base, str(case.day))
    assert [(row["pair"], row["value"]) for row in document["rates"]] == [(s.pair, s.value) for s in rows]
    for row, shown in zip(document["rates"], rows, strict=True):
        for name, then in (
            ("change", last_before(case.day)),
            ("change_week", last_before(case.day, 7, most=7)),
            ("change_month", last_before(case.day, 30, most=7)),
        ):
            told = row[name] and (row[name]["since"], _words(row[name]))
            local = shown.pair.replace(case.base, "").strip("/")
            assert told == (then and (str(then), change(case, shown.pair, local, then)))
    lines = list(csv.DictReader(io.StringIO((public / "rates.csv").read_text())))
    assert {line["date"] for line in lines} == {str(day) for day in ROWS if day <= case.day}
    for line in lines:
        if line["quote"] != "TMT":
            assert line["value"] == ROWS[date.fromisoformat(line["date"])][line["quote"]]


def _words(change: dict[str, str]) -> str:
    unchanged = change["direction"] == "unchanged"
    return "unchanged" if unchanged else f"{change['direction']} {change['percent']}%"


def assert_terminal(case: Case, folder: Path, rows: list[Shown]) -> None:
    """`publisher rates` says the same in one screen."""
    done = run(PUBLISHER, "rates", "--date", str(case.day), cwd=folder)
    assert done.returncode == 0
    for line, shown in zip(done.stdout.splitlines(), rows, strict=False):
        pair, value, rest = line.split(maxsplit=2)
        assert (pair, value) == (shown.pair, grouped(shown.value))
        moved = shown.words.endswith("%")
        assert (f"{shown.noun} {shown.words}" if moved else shown.words) in rest
        if shown.since:
            assert f"vs {near(shown.since, case.day)}" in rest
