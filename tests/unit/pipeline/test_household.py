"""What must be in order on this machine is looked at, and named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import publication

from publisher.config import Settings
from publisher.pipeline.doctor import check_settings
from publisher.pipeline.household import DRIFT, check_clock, check_modes, database_files, secret_files

NOW = datetime(2025, 12, 10, 6, 0, tzinfo=UTC)


def settings(root: Path, **tables: object) -> Settings:
    """The publication of all tests, in a folder."""
    return Settings.model_validate({"root": root, "publication": publication(), **tables})


@pytest.mark.parametrize(
    ("mode", "expected"), [(0o600, []), (0o400, []), (0o640, ["M201"]), (0o604, ["M201"]), (0o620, ["M201"])]
)
def test_a_secret_is_for_its_owner_alone(tmp_path: Path, mode: int, expected: list[str]) -> None:
    """Neither group nor others may read or write it; the hint names the file as one would type it."""
    file = tmp_path / "secret.key"
    file.write_text("x")
    file.chmod(mode)
    found = list(check_modes([file, tmp_path / "missing"], tmp_path))
    assert [finding.code for finding in found] == expected
    assert all("chmod 600 secret.key" in finding.hint for finding in found)


def test_every_secret_is_looked_at(tmp_path: Path) -> None:
    """Database and its log, our keys, the passwords."""
    dkim = {"key_file": "data/a.pem", "ed25519_key_file": "data/b.pem"}
    files = secret_files(settings(tmp_path, delivery={"dkim": dkim}))
    assert {file.name for file in files} == {
        "publisher.db",
        "publisher.db-wal",
        "publisher.db-shm",
        "secret.key",
        "a.pem",
        "b.pem",
        ".env",
    }


def test_a_database_on_a_server_is_no_file(tmp_path: Path) -> None:
    """Its modes are that server's business."""
    there = settings(tmp_path, subscribers={"database": "postgresql://letter@db.example/letter"})
    assert database_files(there) == []


@pytest.mark.parametrize(
    ("ahead", "expected"), [(timedelta(days=-1), []), (DRIFT, []), (timedelta(hours=1), ["M202"])]
)
def test_a_clock_that_was_set_back_is_noticed(ahead: timedelta, expected: list[str]) -> None:
    """It cannot be earlier now than when something was written here."""
    written = [("issue.md", NOW - timedelta(days=9)), ("the last delivery", NOW + ahead)]
    found = list(check_clock(written, NOW))
    assert [finding.code for finding in found] == expected
    assert all("the last delivery" in finding.message for finding in found)


def test_a_machine_that_has_written_nothing_has_no_wrong_clock() -> None:
    """There is nothing to compare it with."""
    assert list(check_clock([], NOW)) == []


def test_settings_that_a_send_would_stumble_over_are_told(tmp_path: Path) -> None:
    """No https, no relay, no seal; and nothing where all three are there."""
    bare = settings(tmp_path, publication=publication(url="http://letter.example/"))
    assert [finding.code for finding in check_settings(bare)] == ["M203", "M204", "M205"]
    whole = {"servers": [{"host": "smtp.letter.example"}], "dkim": {"key_file": "data/dkim.pem"}}
    assert list(check_settings(settings(tmp_path, delivery=whole))) == []
