"""An issue's folder is written as a whole or not at all."""

from __future__ import annotations

import fcntl
import os
from datetime import date

import pytest

from publisher.errors import BusyError, InputError
from publisher.importing.writing import write_issue

DAY = date(2025, 12, 10)
FILES = {"issue.md": "---\ntitle: A bridge\n---\n", "01-bridge.md": "text\n"}


def test_an_issue_is_written(tmp_path):
    """Every file is there, and nothing else."""
    folder = write_issue(tmp_path, DAY, FILES)
    assert folder == tmp_path / "issues" / "2025-12-10"
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == FILES
    assert [path.name for path in (tmp_path / "issues").iterdir()] == ["2025-12-10"]


def test_an_issue_that_exists_is_never_touched(tmp_path):
    """Neither a full nor an empty folder is written into."""
    folder = tmp_path / "issues" / "2025-12-10"
    folder.mkdir(parents=True)
    with pytest.raises(InputError, match="exists already -> choose another day"):
        write_issue(tmp_path, DAY, FILES)
    assert list(folder.iterdir()) == []


def test_a_failure_leaves_nothing(tmp_path):
    """If a file cannot be written there is no folder, not even a hidden one."""
    with pytest.raises(OSError, match="No such file"):
        write_issue(tmp_path, DAY, FILES | {"no/such/folder.md": ""})
    assert list((tmp_path / "issues").iterdir()) == []


def test_what_a_crash_left_does_not_hinder(tmp_path):
    """The hidden folder of a killed import is replaced."""
    unfinished = tmp_path / "issues" / ".2025-12-10.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "old.md").touch()
    folder = write_issue(tmp_path, DAY, FILES)
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    assert not unfinished.exists()


def test_two_imports_do_not_meet(tmp_path):
    """While one is writing, the other is told to wait."""
    issues = tmp_path / "issues"
    issues.mkdir()
    handle = os.open(issues, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(BusyError, match="another import"):
        write_issue(tmp_path, DAY, FILES)
    os.close(handle)


def test_rates_that_were_fetched_first_stay(tmp_path):
    """`publisher rates update` may come before `publisher new`; the rates.yml of a pasted page gives way."""
    folder = tmp_path / "issues" / str(DAY)
    folder.mkdir(parents=True)
    (folder / "rates.yml").write_text("quotes: [USD/KGS = 87.45]\n")
    write_issue(tmp_path, DAY, FILES | {"rates.yml": "quotes: [KGS/USD = 0.01144]\n"})
    assert (folder / "rates.yml").read_text() == "quotes: [USD/KGS = 87.45]\n"
    assert {path.name for path in folder.iterdir()} == {*FILES, "rates.yml"}
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_folder_that_no_command_could_read_is_not_made(tmp_path):
    """`publisher new 2225-12-10` is a slip: the loader knows no such year, and every command would stop at it."""
    with pytest.raises(InputError, match="2225-12-10: has the year 2225 -> type one from 1970 to 2199"):
        write_issue(tmp_path, date(2225, 12, 10), FILES)
    assert list((tmp_path / "issues").iterdir()) == []
