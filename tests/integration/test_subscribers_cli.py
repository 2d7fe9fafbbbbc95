"""`publisher subscribers` and `publisher backup`, over both databases."""

import codecs
import json
import os
import re
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import IO, Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection

from publisher.cli.toolbox import toolbox
from publisher.database import open_engine, writing
from publisher.errors import (
    BusyError,
    ConfigurationError,
    ForbiddenError,
    InputError,
    NothingToDoError,
    OutputError,
    PublisherError,
)
from publisher.subscribers.tables import wishes

PROJECT = """
[publication]
title = "Steppe Letter"
url = "https://letter.example/"
founded = 2025-01-01
[[publication.sections]]
id = "economy"
title = "Economy"
[publication.publisher]
name = "Steppe Letter"
email = "desk@letter.example"
[subscribers]
database = "{url}"
"""
Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `publisher` in the folder of a new publication."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PUBLISHER_SECRET_KEY", "n" * 32)
    Path("publication.toml").write_text(PROJECT.format(url=database_url))

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(toolbox, words)
        if result.exception and not isinstance(result.exception, SystemExit | PublisherError):
            raise result.exception
        return result

    return invoke


def test_add_list_show_and_leave(run: Run) -> None:
    """Somebody is put on the list, is seen there with their record, and is let go."""
    assert run("subscribers", "add", "Aigul@Example.org", "--name", "Aigul").exit_code == 0
    assert "Aigul@Example.org\tAigul" in run("subscribers", "list", "--match", "EXAMPLE").stdout
    assert "active by the editor, command line, consent in person" in run("subscribers", "show", "1").stdout
    run("subscribers", "leave", "aigul@example.org")
    assert "active -> left by the editor" in run("subscribers", "show", "aigul@example.org").stdout
    assert isinstance(run("subscribers", "list", "--state", "active").exception, NothingToDoError)


def test_who_left_is_added_again_only_when_one_says_so(run: Run) -> None:
    """A slip of the editor's does not undo a reader's wish."""
    run("subscribers", "add", "a@b.org")
    run("subscribers", "leave", "a@b.org")
    assert isinstance(run("subscribers", "add", "a@b.org").exception, ForbiddenError)
    assert run("subscribers", "add", "a@b.org", "--again").exit_code == 0
    assert "\tactive\t" in run("subscribers", "list").stdout


def test_a_wrong_address_is_told_without_touching_the_database(run: Run) -> None:
    """Exit code 2 with what to type."""
    result = run("subscribers", "add", "nobody")
    assert isinstance(result.exception, InputError)
    assert result.exception.exit_code == 2


def test_import_reports_and_can_be_repeated(run: Run) -> None:
    """Dry run, run and second run: the counts are told, bad lines make exit code 1."""
    run("subscribers", "add", "gone@b.org")
    run("subscribers", "leave", "gone@b.org")
    text = "email;имя;status\na@b.org;Айгуль;enabled\nbad;;\ngone@b.org;;\nwas@b.org;;unsubscribed\n"
    Path("list.csv").write_bytes(text.encode("cp1251"))
    dry = run("subscribers", "import", "list.csv", "--dry-run")
    assert (dry.exit_code, "Nothing was changed" in dry.stderr) == (0, True)
    assert "a@b.org" not in run("subscribers", "list").stdout
    result = run("subscribers", "import", "list.csv")
    assert "list.csv:3: address:" in result.stderr
    assert "list.csv:4: address: left, bounced" in result.stderr
    counts = [line.split()[0] for line in result.stderr.splitlines()[-5:]]
    assert counts == ["1", "1", "0", "1", "1"]
    assert "a@b.org\tАйгуль" in run("subscribers", "list").stdout
    again = run("subscribers", "import", "list.csv").stderr
    assert [line.split()[0] for line in again.splitlines()[-5:]] == ["0", "0", "2", "1", "1"]


def test_a_topic_that_is_no_section_is_refused(run: Run) -> None:
    """A slip of the keyboard is told, and nobody is added with a wish that nothing meets."""
    done = run("subscribers", "add", "a@b.org", "--topic", "econmy")
    assert (done.exit_code, "econmy is no section; there are economy" in done.stderr) == (2, True)
    assert run("subscribers", "list").stdout == ""


@pytest.mark.parametrize("state", ["active", "left"])
def test_name_and_topics_of_a_known_reader_are_kept_as_given(run: Run, state: str) -> None:
    """Whoever is added once more gets what the editor typed this time; what was not typed stays."""
    run("subscribers", "add", "a@b.org")
    if state == "left":
        run("subscribers", "leave", "a@b.org")
    assert run("subscribers", "add", "a@b.org", "--again", "--topic", "economy").exit_code == 0
    assert run("subscribers", "add", "a@b.org", "--name", "Ann").exit_code == 0
    shown = run("subscribers", "show", "a@b.org").stdout
    assert ("name     Ann" in shown, "topics   economy" in shown) == (True, True)


@pytest.mark.parametrize("digits", [19, 5000])
def test_a_number_too_long_for_a_reader_is_nobody(run: Run, digits: int) -> None:
    """A telephone's number and a slip on a key are told as such, and not as a fault of the program."""
    run("subscribers", "add", "a@b.org")
    assert isinstance(run("subscribers", "show", "9" * digits).exception, NothingToDoError)


def test_a_list_of_a_topic_is_of_those_who_get_its_letters(run: Run, tmp_path: Path) -> None:
    """Who chose only sections that are closed is written to, and so stands in the list."""
    (tmp_path / "list.csv").write_text("email,topics\na@b.org,closed\nc@d.org,\ne@f.org,economy\n")
    run("subscribers", "import", "list.csv")
    assert len(run("subscribers", "list", "--topic", "economy").stdout.splitlines()) == 3
    assert len(run("subscribers", "export", "--topic", "economy").stdout.splitlines()) == 4


def test_a_list_may_come_through_a_pipe(run: Run, tmp_path: Path) -> None:
    """`zcat readers.csv.gz | publisher subscribers import /dev/stdin` needs no file that can be read twice."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as writer:
        writer.submit(pipe.write_bytes, "адрес;имя\na@b.org;Анна\n".encode("cp1251"))
        assert run("subscribers", "import", str(pipe)).exit_code == 0
    assert "a@b.org\tАнна" in run("subscribers", "list").stdout


def test_a_list_that_was_cut_short_is_read_to_its_end(run: Run, tmp_path: Path) -> None:
    """Half a character is what a broken download leaves of UTF-16; the readers before it come in."""
    text = "email\tname\r\na@b.org\tАнна\r\nc@d.org\tБ".encode("utf-16")
    (tmp_path / "cut.csv").write_bytes(text[:-1])
    run("subscribers", "import", "cut.csv")
    assert "a@b.org\tАнна" in run("subscribers", "list").stdout


def test_an_export_is_safe_and_comes_back(run: Run) -> None:
    """Formulas are disarmed; --raw leaves them; the export imports into an equal list."""
    run("subscribers", "add", "=cmd|x@c.org", "--name", "@SUM(1)", "--topic", "economy")
    assert run("subscribers", "export").stdout.splitlines()[1].startswith("'=cmd|x@c.org,'@SUM(1),active,")
    assert run("subscribers", "export", "--raw").stdout.splitlines()[1].startswith("=cmd|x@c.org,@SUM(1),")
    Path("list.csv").write_text(run("subscribers", "export").stdout)
    assert run("subscribers", "import", "list.csv").exit_code == 0
    assert len(run("subscribers", "list").stdout.splitlines()) == 1


def test_takeout_holds_everything_of_one_person(run: Run) -> None:
    """Reader, record, wishes and deliveries, as JSON, of this person only."""
    run("subscribers", "add", "aigul@example.org", "--name", "Aigul")
    run("subscribers", "add", "other@example.org")
    result = run("subscribers", "takeout", "aigul@example.org")
    held = json.loads(result.stdout)
    assert held["reader"]["address"] == "aigul@example.org"
    assert held["record"][0]["after"] == "active"
    assert "other" not in result.stdout


def test_who_has_only_asked_on_the_form_is_told_what_is_held_and_is_forgotten(
    run: Run, database_url: str, tmp_path: Path
) -> None:
    """A wish waits for its letter, perhaps for hours: it is personal data, though no reader is on the list."""
    run("subscribers", "add", "other@b.org")
    engine, at = open_engine(database_url), datetime(2025, 12, 10, 12, tzinfo=UTC)
    with writing(engine) as connection:
        row = {"key": CANARY.lower(), "address": CANARY, "consent": "1", "asked": at, "due": at, "tries": 0}
        connection.execute(wishes.insert().values(row))
    held = json.loads(run("subscribers", "takeout", CANARY).stdout)
    assert held == {"reader": None, "record": [], "wishes": [str(at)], "deliveries": []}
    assert run("subscribers", "erase", CANARY, "--yes").exit_code == 0
    assert _traces(_data(database_url, tmp_path)) == set()
    for command in ("takeout", "erase"):
        assert isinstance(run("subscribers", command, CANARY).exception, NothingToDoError)
    assert "1 active" in run("subscribers", "stats").stdout
    assert len(run("subscribers", "list").stdout.splitlines()) == 1
    engine.dispose()


def test_stats_count_and_plot(run: Run) -> None:
    """Figures for machines and a picture for people."""
    for name in "abc":
        run("subscribers", "add", f"{name}@b.org")
    assert "3 active" in run("subscribers", "stats").stdout
    assert "█" in run("subscribers", "stats", "--days", "7").stdout
    told = json.loads(run("subscribers", "stats", "--json").stdout)
    assert told["counts"]["active"] == 3
    assert list(told["active"].values())[-2:] == [0, 3]


CANARY, NAME = "Xq7Canary@example.org", "Xq7 Canary"


def _traces(folder: Path) -> set[str]:
    """Every file that holds the person, in any spelling; PostgreSQL's write-ahead log aside."""
    files = [file for file in folder.rglob("*") if file.is_file() and "pg_wal" not in file.parts]
    return {file.relative_to(folder).as_posix() for file in files if re.search(b"(?i)xq7.?c", _bytes(file))}


def _bytes(file: Path) -> bytes:
    """What a file of a running server holds; some are gone before they are read, and hold nothing."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _data(url: str, tmp_path: Path) -> Path:
    return Path(url.partition("host=")[2]) / "data" if "host=" in url else tmp_path / "data"


def test_erasure_leaves_nothing_in_any_file(run: Run, database_url: str, tmp_path: Path) -> None:
    """Rows that moved, samples of the planner, letters in folders: the person stands in no byte of them."""
    run("subscribers", "import", _list(tmp_path, [f"r{n}@mail{n % 7}.example" for n in range(3_000)]))
    run("subscribers", "add", CANARY, "--name", NAME)
    run("subscribers", "import", _list(tmp_path, [f"s{n}@mail{n % 7}.example" for n in range(3_000)]))
    (tmp_path / "list.csv").unlink()
    for place in ("letters/1.eml", "letters/2.part", "outbox/2025-12-10/0003001.eml"):
        _letter(tmp_path / "data" / place, CANARY)
    _letter(tmp_path / "data/outbox/2025-12-10/0000001.eml", "r1@mail1.example")
    if "host=" in database_url:
        engine = open_engine(database_url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        engine.dispose()
    assert _traces(tmp_path / "data")
    said = run("subscribers", "erase", CANARY, "--yes").stderr
    run("backup", "data/copy")
    assert "3 letters" in said
    assert (_traces(tmp_path / "data"), _traces(_data(database_url, tmp_path))) == (set(), set())
    assert (tmp_path / "data/outbox/2025-12-10/0000001.eml").exists()
    assert isinstance(run("subscribers", "show", CANARY).exception, NothingToDoError)
    assert "state    erased" in run("subscribers", "show", "3001").stdout


def test_erasure_names_the_files_that_are_not_its_own(run: Run, database_url: str, tmp_path: Path) -> None:
    """Lists and backups that hold the address are told by name, and are left for a person to judge."""
    run("subscribers", "add", CANARY)
    run("backup", "copies/readers.db")
    _list(tmp_path, ["other@b.org", CANARY.lower()])
    (tmp_path / "notes.txt").write_text("Not.Xq7Canary@example.org and xq7canary@example.org.uk-x", "utf-8")
    said = run("subscribers", "erase", CANARY, "--yes").stderr.splitlines()
    named = {line.strip() for line in said if line.startswith("  ")}
    compressed = "host=" in database_url  # PostgreSQL's own archive
    assert named == ({"list.csv"} if compressed else {"list.csv", "copies/readers.db"})
    again = run("subscribers", "erase", "1", "--yes")
    assert (again.exit_code, "0 letters" in again.stderr) == (0, True)


def test_erasure_deletes_no_list_that_lies_among_the_letters(run: Run, tmp_path: Path) -> None:
    """It may hold a thousand readers; one of them is forgotten, and the list is told by name."""
    run("subscribers", "add", CANARY)
    _letter(tmp_path / "data/outbox/2025-12-10/0000001.eml", CANARY)
    (tmp_path / "data/outbox/readers.txt").write_text(f"Aigul <{CANARY}>\nTimur <timur@b.org>\n", "utf-8")
    said = run("subscribers", "erase", CANARY, "--yes").stderr
    assert "1 letters" in said
    assert "  data/outbox/readers.txt\n" in said
    assert "timur@b.org" in (tmp_path / "data/outbox/readers.txt").read_text("utf-8")


def test_erasure_is_finished_where_a_file_cannot_be_read(
    run: Run, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup that only root may read is told by name, and the old rows are wiped all the same."""
    run("subscribers", "add", CANARY, "--name", NAME)
    (tmp_path / "copy.db").write_text("not for us")
    usual = Path.open

    def guarded(file: Path, *mode: str, **options: str) -> IO[Any]:
        if file.name == "copy.db":
            raise PermissionError(13, "Permission denied")
        return usual(file, *mode, **options)

    monkeypatch.setattr(Path, "open", guarded)
    assert "  copy.db\n" in run("subscribers", "erase", CANARY, "--yes").stderr
    assert _traces(_data(database_url, tmp_path)) == set()


def test_erasure_names_lists_in_every_encoding_that_an_import_reads(run: Run, tmp_path: Path) -> None:
    """Excel's Unicode text, Windows' Cyrillic, and a domain as it is written or as it is sent to."""
    run("subscribers", "add", "ann@почта.рф")
    for encoding in ("utf-8", "utf-16", "cp1251"):
        (tmp_path / f"{encoding}.csv").write_text("адрес;имя\nAnn@почта.рф;Анна\n", encoding)
        (tmp_path / f"not-{encoding}.csv").write_text("адрес\njo-ann@почта.рф\nann@почта.рф.kg\n", encoding)
    (tmp_path / "big-endian.csv").write_bytes(codecs.BOM_UTF16_BE + "ann@почта.рф".encode("utf-16-be"))
    (tmp_path / "sent.txt").write_text("To: <ann@xn--80a1acny.xn--p1ai>")
    said = run("subscribers", "erase", "ann@почта.рф", "--yes").stderr.splitlines()
    named = {line.strip() for line in said if line.startswith("  ")}
    assert named == {"utf-8.csv", "utf-16.csv", "cp1251.csv", "big-endian.csv", "sent.txt"}


@pytest.mark.parametrize("table", ["subscribers", "tallies"])
def test_erasure_says_when_somebody_still_sees_the_rows(
    run: Run, database_url: str, tmp_path: Path, table: str
) -> None:
    """A backup that is under way keeps old rows, or the table, in its hands: exit code 75, and how to finish."""
    run("subscribers", "add", CANARY, "--name", NAME)
    engine = open_engine(database_url)
    level = {"isolation_level": "REPEATABLE READ"} if "host=" in database_url else {"reads": True}
    with engine.connect().execution_options(**level) as looking:
        assert looking.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 1
        early = run("subscribers", "erase", CANARY, "--yes")
        assert isinstance(early.exception, BusyError)
        assert "publisher subscribers erase 1 --yes" in early.stderr
        assert "1 active" not in run("subscribers", "stats").stdout
    engine.dispose()
    assert run("subscribers", "erase", "1", "--yes").exit_code == 0
    assert _traces(_data(database_url, tmp_path)) == set()


def test_erasure_waits_for_a_look_that_ends_in_time(run: Run, database_url: str, tmp_path: Path) -> None:
    """Whoever looks for a moment, as PostgreSQL's own planner does, keeps nobody from being forgotten."""
    run("subscribers", "add", CANARY, "--name", NAME)
    engine = open_engine(database_url)
    level = {"isolation_level": "REPEATABLE READ"} if "host=" in database_url else {"reads": True}
    looks = Event()

    def look() -> None:
        with engine.connect().execution_options(**level) as looking:
            looking.exec_driver_sql("SELECT count(*) FROM tallies")
            looks.set()
            time.sleep(1)

    with ThreadPoolExecutor(1) as beside:
        ended = beside.submit(look)
        assert looks.wait(10)
        assert run("subscribers", "erase", CANARY, "--yes").exit_code == 0
        ended.result()
    engine.dispose()
    assert _traces(_data(database_url, tmp_path)) == set()


@pytest.fixture
def administrator(postgresql: str) -> Iterator[Connection]:
    """Whoever may change the settings of the server; they are put back."""
    engine = open_engine(postgresql % "postgres")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
        connection.exec_driver_sql("ALTER SYSTEM RESET wal_recycle")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_erasure_reaches_the_log_of_a_server_that_lets_it(
    run: Run, database_url: str, tmp_path: Path, administrator: Connection
) -> None:
    """Where segments are not recycled nothing stays even in pg_wal; where they are, it is said."""

    def holding(word: bytes) -> list[str]:
        log = (_data(database_url, tmp_path) / "pg_wal").glob("0*")
        return [file.name for file in log if word in _bytes(file)]

    run("subscribers", "add", "wq1@example.org")
    assert "(wal_recycle is on)" in run("subscribers", "erase", "wq1@example.org", "--yes").stderr
    administrator.exec_driver_sql("ALTER SYSTEM SET wal_recycle = off")
    administrator.exec_driver_sql("SELECT pg_reload_conf()")
    run("subscribers", "add", "wq2@example.org")
    assert holding(b"wq2@example.org")
    assert "administrator" not in run("subscribers", "erase", "wq2@example.org", "--yes").stderr
    assert not holding(b"wq2@example.org")


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_erasure_says_what_its_role_may_not_do(
    run: Run, database_url: str, administrator: Connection
) -> None:
    """An owner of tables who may not turn the log over is told so; who may only delete rows has not wiped them."""
    name = re.findall(r"publisher_[0-9_]+", database_url)[0]
    for role in ("letters", "guest"):
        administrator.exec_driver_sql(f"CREATE ROLE {role}_{name} LOGIN")
    administrator.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO letters_{name}")

    def as_role(role: str) -> None:
        url = database_url.replace("publisher@", f"{role}_{name}@")
        Path("publication.toml").write_text(PROJECT.format(url=url))

    as_role("letters")
    run("subscribers", "add", "a@b.org")
    run("subscribers", "add", "c@b.org")
    assert "(this role may not turn it over)" in run("subscribers", "erase", "a@b.org", "--yes").stderr
    owner = open_engine(database_url.replace("publisher@", f"letters_{name}@"))
    with owner.begin() as connection:
        connection.exec_driver_sql(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO guest_{name}")
        connection.exec_driver_sql(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO guest_{name}")
    owner.dispose()
    as_role("guest")
    refused = run("subscribers", "erase", "c@b.org", "--yes")
    assert isinstance(refused.exception, ForbiddenError)
    assert "subscribers erase 2 --yes" in refused.stderr


def test_a_second_key_is_not_made_beside_the_first(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command without the door's key stops: its links would let nobody leave. An empty list gets a key."""
    monkeypatch.delenv("PUBLISHER_SECRET_KEY")
    assert run("subscribers", "stats").exit_code == 0
    key = tmp_path / "data/secret.key"
    assert run("subscribers", "add", "a@b.org").exit_code == 0
    key.rename(tmp_path / "elsewhere.key")
    lost = run("subscribers", "list")
    assert isinstance(lost.exception, ConfigurationError)
    assert not key.exists()
    monkeypatch.setenv("PUBLISHER_SECRET_KEY", (tmp_path / "elsewhere.key").read_text().strip())
    assert "a@b.org" in run("subscribers", "list").stdout


def _list(folder: Path, addresses: list[str]) -> str:
    (folder / "list.csv").write_text("\n".join(["email", *addresses]), "utf-8")
    return "list.csv"


def _letter(file: Path, recipient: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(f"Subject: x\r\nTo: <{recipient}>\r\n\r\nx\r\n".encode())


def test_a_backup_is_whole_and_private(run: Run, database_url: str, tmp_path: Path) -> None:
    """The copy is 0600 and, on SQLite, a database with everybody in it."""
    run("subscribers", "add", "a@b.org")
    assert run("backup", "copies/readers.db").exit_code == 0
    copy = tmp_path / "copies/readers.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [file.name for file in copy.parent.iterdir()] == ["readers.db"]
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(copy)) as copied:
            assert copied.execute("SELECT address FROM subscribers").fetchall() == [("a@b.org",)]


def test_nothing_is_no_backup(run: Run, database_url: str, tmp_path: Path) -> None:
    """Where the settings lead to no database, no copy of an empty one takes a good one's place."""
    if database_url.startswith("sqlite"):
        (tmp_path / "good.db").write_text("the last good copy")
        assert isinstance(run("backup", "good.db").exception, NothingToDoError)
        assert (tmp_path / "good.db").read_text() == "the last good copy"
        assert not (tmp_path / "data").exists()


def test_a_backup_is_a_file_and_no_device(run: Run, tmp_path: Path) -> None:
    """Root, who may, would put the copy in the place of /dev/stdout."""
    run("subscribers", "add", "a@b.org")
    os.mkfifo(tmp_path / "pipe")
    assert run("backup", "pipe").exit_code == 2
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("damaged", [b"", b"\n", b"\xcb" * 64, b"n" * 31])
def test_a_damaged_key_is_told_by_its_file(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damaged: bytes
) -> None:
    """What to do is to bring the key back, and not to make a second one."""
    monkeypatch.delenv("PUBLISHER_SECRET_KEY")
    run("subscribers", "add", "a@b.org")
    (tmp_path / "data/secret.key").write_bytes(damaged)
    refused = run("subscribers", "list").exception
    assert isinstance(refused, ConfigurationError)
    assert ("data/secret.key" in refused.message, "backup" in refused.hint) == (True, True)


@pytest.mark.parametrize("found", [b"x" * 3000, None])
def test_a_damaged_database_is_no_matter_of_space(
    run: Run, database_url: str, tmp_path: Path, found: bytes | None
) -> None:
    """A file of something else, and one whose pages were overwritten: the hint names the backup."""
    if not database_url.startswith("sqlite"):
        return
    run("subscribers", "add", "a@b.org")
    file = tmp_path / "data/publisher.db"
    whole = file.read_bytes()
    file.write_bytes(found or whole[:4096] + b"\xff" * (len(whole) - 4096))
    refused = run("subscribers", "list").exception
    assert isinstance(refused, OutputError)
    assert "backup" in refused.hint


def test_a_backup_does_not_take_the_place_of_the_database(run: Run, database_url: str) -> None:
    """The door would go on writing into a file that has no name any more."""
    run("subscribers", "add", "a@b.org")
    file = Path("data/publisher.db")
    if database_url.startswith("sqlite"):
        before = file.stat().st_ino
        assert run("backup", "data/../data/publisher.db").exit_code == 2
        assert file.stat().st_ino == before


@pytest.mark.parametrize(
    "command", ["add", "import", "export", "list", "show", "leave", "erase", "takeout", "stats"]
)
def test_every_command_shows_an_example(command: str) -> None:
    """`--help` is enough to use a command."""
    assert (
        f"publisher subscribers {command}"
        in CliRunner().invoke(toolbox, ["subscribers", command, "--help"]).output
    )


@pytest.mark.parametrize("words", [("add", "a@b.org"), ("list",)])
def test_readers_are_kept_and_listed_where_no_temporary_folder_can_be_made(
    run: Run, monkeypatch, words
) -> None:
    """A container with a read-only root has one folder to write to: the publication's data."""
    run("subscribers", "add", "aigul@example.org")
    monkeypatch.setattr("tempfile.tempdir", "/proc/nowhere")
    assert run("subscribers", *words).exit_code == 0
