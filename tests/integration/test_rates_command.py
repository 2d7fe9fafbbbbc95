"""`publisher rates` as its users run it, with banks on the loopback."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path

import banks
import pytest
from banks import Answer
from commands import PUBLISH_ISSUE, PUBLISHER, environment, run

DAY = date(2026, 4, 2)  # a Thursday
DOLLARS = {"KGS": "87.4500", "KZT": "478.77", "TJS": "9.3450", "UZS": "12194.20"}
PROJECT = """
[publication]
title = "Steppe Letter"
url = "https://letter.example/"
timezone = "Asia/Bishkek"
founded = 2025-01-01
sections = [{{ id = "economy", title = "Economy" }}]
publisher = {{ name = "Steppe Letter" }}

[rates]
timeout = 2
{rates}
"""


def project(folder: Path, rates: str, history: str = "") -> Path:
    """Make a publication with one empty issue folder, and perhaps a memory."""
    (folder / "publication.toml").write_text(PROJECT.format(rates=rates))
    (folder / "issues" / str(DAY)).mkdir(parents=True)
    if history:
        (folder / "rates").mkdir()
        (folder / "rates/history.csv").write_text("date,base,quote,value,source,kind\n" + history)
    return folder


def all_banks(day: date = DAY, **changes: str) -> dict[str, Answer]:
    """Every bank's answer for a day; `KZT="500"` changes what that currency's bank prints."""
    dollars = DOLLARS | changes
    return {
        "/XML/daily.xml": Answer(banks.nbkr_xml(day, {"USD": (dollars["KGS"], 1)})),
        "/rss/get_rates.cfm": Answer(banks.nbk_xml(day, {"USD": (dollars["KZT"], 1)})),
        f"/en/arkhiv-kursov-valyut/json/all/{DAY}/": Answer(
            banks.cbu_json(day, {"USD": (dollars["UZS"], 1)})
        ),
        "/en/kurs/export_xml.php": Answer(banks.nbt_xml(day, {"USD": (dollars["TJS"], 1)})),
        "/v2/rates": Answer(banks.frankfurter_json(DAY, "USD", {**DOLLARS, "TMT": "3.4963"}, {})),
    }


def addresses(url: str, *names: str) -> str:
    """The settings that send every source to the loopback."""
    names = names or ("nbkr", "nbk", "cbu", "nbt", "frankfurter")
    urls = "\n".join(f'{name} = "{url}"' for name in names)
    return f"sources = {json.dumps(names)}\n[rates.urls]\n{urls}"


def contents(folder: Path) -> dict[str, str]:
    """What an update may have written."""
    files = (folder / f"issues/{DAY}/rates.yml", folder / "rates/history.csv")
    return {file.name: file.read_text() for file in files if file.exists()}


def update(folder: Path, *arguments: str):
    """Run the update of the day."""
    return run(PUBLISHER, "rates", "update", str(DAY), *arguments, cwd=folder)


def test_an_update_writes_the_issues_file_and_the_memory(tmp_path):
    """Five banks are asked, every digit is kept, the manat is decreed, and both files are written."""
    with banks.town(all_banks()) as town:
        done = update(project(tmp_path, addresses(town.url), "2026-04-01,USD,KZT,481.54,NBK,official\n"))
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(tmp_path) == {
        "rates.yml": (
            "# One unit of the first currency is worth so much of the second.\n"
            "as_of: 2026-04-02\n"
            "quotes:\n"
            "  - { base: USD, quote: KGS, value: 87.4500, effective: 2026-04-02, source: NBKR, kind: official }\n"
            "  - { base: USD, quote: KZT, value: 478.77, source: NBK, kind: official }\n"
            "  - { base: USD, quote: UZS, value: 12194.20, source: CBU, kind: official }\n"
            "  - { base: USD, quote: TJS, value: 9.3450, source: NBT, kind: official }\n"
            "  - { base: USD, quote: TMT, value: 3.50, source: Central Bank of Turkmenistan, kind: peg }\n"
        ),
        "history.csv": (
            "date,base,quote,value,source,kind\n"
            "2026-04-01,USD,KZT,481.54,NBK,official\n"
            "2026-04-02,USD,KGS,87.4500,NBKR,official\n"
            "2026-04-02,USD,KZT,478.77,NBK,official\n"
            "2026-04-02,USD,TJS,9.3450,NBT,official\n"
            "2026-04-02,USD,TMT,3.50,Central Bank of Turkmenistan,peg\n"
            "2026-04-02,USD,UZS,12194.20,CBU,official\n"
        ),
    }
    shown = [line.split()[:2] for line in done.stdout.splitlines()[2:7]]
    assert shown == [
        ["USD/KGS", "87.45"],
        ["USD/KZT", "478.77"],
        ["USD/TJS", "9.3450"],
        ["USD/UZS", "12,194.20"],
        ["USD/TMT", "3.50"],
    ]
    assert "▲ tenge stronger 0.58%" in done.stdout  # 478.77 / 481.54 = 0.99425
    assert "\x1b" not in done.stdout


def test_a_second_update_changes_nothing(tmp_path):
    """The same answers give the same bytes."""
    with banks.town(all_banks()) as town:
        update(project(tmp_path, addresses(town.url)))
        first = contents(tmp_path)
        assert update(tmp_path).returncode == 0
    assert contents(tmp_path) == first


def test_a_jump_of_fourteen_percent_stops_everything_until_an_editor_accepts_it(tmp_path):
    """Nothing is written; the flag lets it pass and is recorded with its reason."""
    past = "2026-04-01,USD,UZS,12194.20,CBU,official\n"
    with banks.town(all_banks(UZS="10487.01")) as town:
        folder = project(tmp_path, addresses(town.url, "nbkr", "nbk", "cbu", "nbt"), past)
        before = contents(folder)
        stopped = update(folder)
        assert stopped.returncode == 1
        assert "moved 14.00 %: 12194.20 on 2026-04-01, 10487.01 on 2026-04-02 (limit 5 %)" in stopped.stderr
        assert "--accept R302:USD/UZS" in stopped.stderr
        assert contents(folder) == before
        assert update(folder, "--accept", "R302:USD/KZT").returncode == 1
        passed = update(folder, "--accept", "R302:USD/UZS", "--reason", "CBU, by phone: yes")
        again = update(folder)
    assert (passed.returncode, again.returncode) == (0, 0)
    today = [line for line in contents(folder)["rates.yml"].splitlines() if "R302" in line]
    assert len(today) == 1
    assert today[0].startswith("  - { pair: USD/UZS, code: R302, at: ")
    assert today[0].endswith('reason: "CBU, by phone: yes" }')


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"KGS": "0"}, "NBKR says '0', which is no rate"),
        ({"KGS": "-87.45"}, "NBKR says '-87,45', which is no rate"),
        ({"TJS": "9.50"}, "NBT says 9.50 (2026-04-02), Frankfurter says 9.3450 (2026-04-02): 1.66 % apart"),
    ],
)
def test_what_no_newsroom_should_print_is_stopped(tmp_path, changes, expected):
    """Nothing, less than nothing, and two sources that disagree."""
    with banks.town(all_banks(**changes)) as town:
        stopped = update(project(tmp_path, addresses(town.url)))
    assert stopped.returncode == 1
    assert expected in stopped.stderr
    assert contents(tmp_path) == {}


def test_a_bank_that_answers_with_today_is_stopped_with_both_dates(tmp_path):
    """The National Bank of Tajikistan does so in silence."""
    routes = all_banks() | {
        "/en/kurs/export_xml.php": Answer(banks.nbt_xml(date(2026, 5, 18), {"USD": ("9.3450", 1)}))
    }
    with banks.town(routes) as town:
        stopped = update(project(tmp_path, addresses(town.url)))
    assert stopped.returncode == 1
    assert "NBT was asked for 2026-04-02 and answered for 2026-05-18: 9.3450" in stopped.stderr


def test_a_value_that_is_days_old_is_stopped(tmp_path):
    """A stalled feed."""
    routes = all_banks() | {
        "/rss/get_rates.cfm": Answer(banks.nbk_xml(DAY - timedelta(5), {"USD": ("478.77", 1)}))
    }
    with banks.town(routes) as town:
        stopped = update(project(tmp_path, addresses(town.url)))
    assert stopped.returncode == 1
    assert "478.77 is of 2026-03-28: 5 days before 2026-04-02 (limit 4)" in stopped.stderr


def test_the_next_source_stands_in_for_one_in_trouble(tmp_path):
    """500s, an empty value and a bank that knows only another day: the update goes on and says so."""
    routes = all_banks(KZT="") | {
        "/en/kurs/export_xml.php": Answer(status=500),
        "/XML/daily.xml": Answer(banks.nbkr_xml(date(2026, 5, 24), {"USD": ("89.0000", 1)})),
    }
    with banks.town(routes) as town:
        done = update(project(tmp_path, addresses(town.url)))
    assert done.returncode == 0
    assert "NBT did not answer" in done.stderr
    lines = contents(tmp_path)["history.csv"].splitlines()
    assert "2026-04-02,USD,KGS,87.4500,Frankfurter,market" in lines
    assert "2026-04-02,USD,KZT,478.77,Frankfurter,market" in lines
    assert "2026-04-02,USD,TJS,9.3450,Frankfurter,market" in lines


def test_a_currency_nobody_knows_stops_the_update(tmp_path):
    """A hole at the top is the editor's decision."""
    with banks.town(all_banks(KZT="")) as town:
        folder = project(tmp_path, addresses(town.url, "nbkr", "nbk", "cbu", "nbt"))
        stopped = update(folder)
        assert stopped.returncode == 1
        assert "USD/KZT: no source has a value for 2026-04-02" in stopped.stderr
        assert update(folder, "--accept", "R312").returncode == 0
    assert "KZT" not in contents(folder)["history.csv"]


def test_when_nobody_answers_the_exit_code_says_unavailable(tmp_path):
    """69, and nothing written."""
    with banks.town({}) as town:
        folder = project(tmp_path, addresses(town.url))
    done = update(folder)
    assert done.returncode == 69
    assert contents(folder) == {}
    assert "Traceback" not in done.stderr


def test_what_the_editor_typed_with_its_source_stays(tmp_path):
    """Her word, her note and what she accepted outlive an update; a pasted ticker line does not."""
    with banks.town(all_banks()) as town:
        folder = project(tmp_path, addresses(town.url))
        typed = (
            "as_of: 2026-04-02\nnote: 'Parallel market: about 19.5'\nquotes:\n  - TJS/USD = 0.10811 -0.28%\n"
            "  - { base: USD, quote: KZT, value: 479.01, source: KASE }\n"
            "accepted:\n  - { pair: USD/KZT, code: R303, at: 2026-04-01 }\n"
        )
        (folder / f"issues/{DAY}/rates.yml").write_text(typed)
        assert update(folder).returncode == 0
    written = contents(folder)["rates.yml"]
    assert 'note: "Parallel market: about 19.5"' in written
    assert "{ base: USD, quote: KZT, value: 479.01, source: KASE }" in written
    assert "{ pair: USD/KZT, code: R303, at: 2026-04-01 }" in written
    assert "0.10811" not in written


def test_a_question_stays_open_while_what_it_is_about_stays(tmp_path):
    """An import's doubt about a pair that no bank knows must not vanish with the update of the others."""
    with banks.town(all_banks()) as town:
        folder = project(tmp_path, addresses(town.url))
        (folder / f"issues/{DAY}/rates.yml").write_text(
            "# CHECK: of which day?\nas_of: 2026-04-02\nquotes:\n"
            "  # CHECK: per som, or per dollar?\n  - USD/KGS = 87.40\n"
            "  # CHECK: per yuan, or per dollar?\n  - USD/CNY = 7.2411\n"
        )
        assert update(folder).returncode == 0
        written = contents(folder)["rates.yml"]
        assert update(folder).returncode == 0
    assert "# CHECK: of which day?\nas_of: 2026-04-02\n" in written
    assert "  # CHECK: per yuan, or per dollar?\n  - { base: USD, quote: CNY, value: 7.2411 }\n" in written
    assert "per som" not in written
    assert contents(folder)["rates.yml"] == written


def test_two_updates_at_once_do_not_mix(tmp_path):
    """The second says that another is running, and leaves everything alone."""
    folder = project(
        tmp_path, 'sources = ["file"]\nfile = "x.csv"', "2026-04-01,USD,KZT,481.54,NBK,official\n"
    )
    handle = os.open(folder / "rates", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        assert update(folder).returncode == 75
    finally:
        os.close(handle)


def test_a_backfill_remembers_every_day_of_a_file_and_the_table_knows_it(tmp_path):
    """Real values of two days, six days apart; computed by hand to the last digit."""
    folder = project(tmp_path, 'sources = ["file"]\nfile = "rates/desk.csv"')
    (folder / "rates").mkdir()
    (folder / "rates/desk.csv").write_text(
        "date,base,quote,value\n"
        "2025-12-03,USD,KGS,87.46500000\n2025-12-03,USD,KZT,504.00000000\n2025-12-03,USD,TJS,9.21580000\n"
        "2025-12-03,USD,UZS,11997.00000000\n2025-12-03,USD,TMT,3.51010000\n"
        "2025-12-09,USD,KGS,87.46545557\n2025-12-09,USD,KZT,510.96628245\n2025-12-09,USD,TJS,9.19006023\n"
        "2025-12-09,USD,UZS,12009.23939141\n2025-12-09,USD,TMT,3.49623295\n"
    )
    filled = run(PUBLISHER, "rates", "backfill", "2025-12-01", "2025-12-03", cwd=folder)
    assert filled.returncode == 0
    done = run(PUBLISHER, "rates", "update", "2025-12-09", cwd=folder)
    assert done.returncode == 0
    document = json.loads(run(PUBLISHER, "rates", "--date", "2025-12-09", "--json", cwd=folder).stdout)
    shown = [
        (row["pair"], row["value"], row["change"] and (row["change"]["percent"], row["change"]["direction"]))
        for row in document["rates"]
    ]
    assert shown == [
        ("USD/KGS", "87.47", ("0.00", "unchanged")),
        ("USD/KZT", "510.97", ("1.38", "weaker")),
        ("USD/TJS", "9.1901", ("0.28", "stronger")),
        ("USD/UZS", "12009.24", ("0.10", "weaker")),
        ("USD/TMT", "3.50", ("0.00", "unchanged")),
    ]
    assert "2025-12-09,USD,UZS,12009.23939141,desk.csv,market" in (folder / "rates/history.csv").read_text()


def test_a_backfill_leaves_out_what_a_gate_stops_and_tells_it(tmp_path):
    """The day after is measured from the last day believed."""
    folder = project(tmp_path, 'currencies = ["KZT"]\nsources = ["file"]\nfile = "desk.json"')
    days = {"2026-03-30": {"KZT": 480.10}, "2026-03-31": {"KZT": 410.10}, "2026-04-01": {"KZT": 481.20}}
    (folder / "desk.json").write_text(json.dumps(days))
    filled = run(PUBLISHER, "rates", "backfill", "2026-03-30", "2026-04-01", cwd=folder)
    assert filled.returncode == 1
    assert "moved 14.58 %: 480.1 on 2026-03-30, 410.1 on 2026-03-31" in filled.stderr
    remembered = (folder / "rates/history.csv").read_text().splitlines()[1:]
    assert remembered == [
        "2026-03-30,USD,KZT,480.1,desk.json,market",
        "2026-04-01,USD,KZT,481.2,desk.json,market",
    ]


def test_a_backfill_lets_in_what_the_editor_accepts_and_keeps_the_record(tmp_path):
    """In rates/accepted.csv, with the day of the value, her day and her reason; it is not asked again."""
    folder = project(tmp_path, 'currencies = ["KZT"]\nsources = ["file"]\nfile = "desk.csv"')
    (folder / "desk.csv").write_text("date,KZT\n2026-03-30,480.10\n2026-03-31,410.10\n2026-04-01,411.20\n")
    days = ("2026-03-30", "2026-04-01")
    stopped = run(PUBLISHER, "rates", "backfill", *days, cwd=folder)
    assert stopped.returncode == 1
    assert "desk.csv:3:12: USD/KZT: moved 14.58 %" in stopped.stderr
    assert "2 left out" in stopped.stderr
    flags = ("--accept", "R302:USD/KZT", "--reason", "NBK, by phone")
    assert run(PUBLISHER, "rates", "backfill", *days, *flags, cwd=folder).returncode == 0
    header, line = (folder / "rates/accepted.csv").read_text().splitlines()
    assert header == "date,pair,code,accepted,reason"
    assert line.startswith("2026-03-31,USD/KZT,R302,")
    assert line.endswith(',"NBK, by phone"')
    assert len((folder / "rates/history.csv").read_text().splitlines()) == 4
    assert run(PUBLISHER, "rates", "backfill", *days, cwd=folder).returncode == 0


def test_rates_may_be_fetched_before_the_issue_is_begun(tmp_path):
    """A day with rates alone is no issue yet: the newest issue is published, and `new` begins in that folder."""
    run(PUBLISHER, "init", "news", cwd=tmp_path)
    news = tmp_path / "news"
    with banks.town(all_banks()) as town:
        with (news / "publication.toml").open("a") as file:
            file.write(addresses(town.url))
        later = DAY.replace(year=2027)
        (news / f"issues/{DAY}").mkdir()
        assert update(news).returncode == 0
    (news / f"issues/{DAY}").rename(news / f"issues/{later}")
    assert run(PUBLISH_ISSUE, cwd=news).returncode == 0
    named = run(PUBLISH_ISSUE, str(later), cwd=news)
    assert named.returncode == 2
    assert f"has only rates so far -> begin it with: publisher new {later}" in named.stderr
    assert run(PUBLISHER, "new", str(later), cwd=news).returncode == 0
    assert {"issue.md", "rates.yml"} <= {path.name for path in (news / f"issues/{later}").iterdir()}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["update", "tomorrow"], 2),
        (["update", "--accept", "everything"], 2),
        (["backfill", "2026-04-02", "2026-04-01"], 2),
        (["backfill", "1900-01-01", "2026-04-01"], 2),
        ([], 3),
    ],
)
def test_what_makes_no_sense_is_said_without_a_traceback(tmp_path, arguments, code):
    """With the documented exit code."""
    done = run(PUBLISHER, "rates", *arguments, cwd=project(tmp_path, 'sources = ["file"]'))
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert done.stderr


def test_a_disk_that_refuses_leaves_both_files_as_they_were(tmp_path):
    """A folder in the place of rates.yml's folder stands for every refusal."""
    with banks.town(all_banks()) as town:
        folder = project(tmp_path, addresses(town.url))
        (folder / f"issues/{DAY}").rmdir()
        (folder / f"issues/{DAY}").write_text("a file where a folder should be")
        done = update(folder)
    assert done.returncode == 74
    assert "Traceback" not in done.stderr


def test_an_update_that_is_killed_leaves_nothing_behind(tmp_path):
    """Killed while a bank trickles: no file, no lock; the next update works."""
    slow = all_banks() | {"/v2/rates": Answer(b" " * 1000, drip=0.1)}
    with banks.town(slow) as town:
        folder = project(tmp_path, addresses(town.url))
        process = subprocess.Popen([*PUBLISHER, "rates", "update", str(DAY)], cwd=folder, env=environment())
        while not any(path.startswith("/v2/rates") for path in town.asked):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
        process.wait()
    assert contents(folder) == {}
    with banks.town(all_banks()) as town:
        (folder / "publication.toml").write_text(PROJECT.format(rates=addresses(town.url)))
        assert update(folder).returncode == 0
    assert sorted(path.name for path in (folder / "rates").iterdir()) == ["history.csv"]
