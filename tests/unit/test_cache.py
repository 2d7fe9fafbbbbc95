"""The cache: what was kept comes back whole, for the same key and program, or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.cache import Cache


def keep(cache: Cache) -> None:
    """One entry, as a run that succeeds leaves it."""
    cache.write("one", "key", b"words")
    cache.keep()


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    """The same name and key give the same bytes."""
    cache = Cache(tmp_path / "cache", "1")
    cache.write("issues/2025-12-10", "key", b"words")
    cache.keep()
    assert Cache(tmp_path / "cache", "1").read("issues/2025-12-10", "key") == b"words"


@pytest.mark.parametrize(
    ("version", "name", "key"), [("2", "one", "key"), ("1", "two", "key"), ("1", "one", "other")]
)
def test_nothing_else_comes_back(tmp_path: Path, version: str, name: str, key: str) -> None:
    """Another program, name or key finds nothing."""
    keep(Cache(tmp_path, "1"))
    assert Cache(tmp_path, version).read(name, key) is None


@given(place=st.integers(0, 68), byte=st.integers(0, 255))
def test_a_spoilt_entry_counts_as_none(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    """Any changed byte shows, wherever it stands."""
    folder = tmp_path_factory.mktemp("cache")
    keep(Cache(folder))
    data = bytearray((folder / "one").read_bytes())
    changed = data[place] != byte
    data[place] = byte
    (folder / "one").write_bytes(data)
    assert (Cache(folder).read("one", "key") is None) == changed


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    """Nothing is kept, and nothing is said."""
    (tmp_path / "cache").write_text("a file where the folder should be")
    cache = Cache(tmp_path / "cache")
    keep(cache)
    assert cache.read("one", "key") is None


def test_git_leaves_the_folder_alone(tmp_path: Path) -> None:
    """Also in a publication that began before there was a cache."""
    keep(Cache(tmp_path / "cache"))
    assert (tmp_path / "cache/.gitignore").read_text() == "*\n"
    assert stat.S_ISREG((tmp_path / "cache/one").stat().st_mode)


def test_links_are_not_written_through(tmp_path: Path) -> None:
    """Neither the one that a publication came with, nor one under the name that an entry has while it is written."""
    theirs = tmp_path / "passwords"
    theirs.write_text("stays")
    (tmp_path / "cache").mkdir()
    for name in (".gitignore", f"one.{os.getpid()}"):
        (tmp_path / "cache" / name).symlink_to(theirs)
    keep(Cache(tmp_path / "cache"))
    assert theirs.read_text() == "stays"


def test_without_a_folder_nothing_is_kept() -> None:
    """A run that must not leave anything behind."""
    keep(Cache())
    assert Cache().read("one", "key") is None


def test_what_is_not_kept_leaves_no_trace(tmp_path: Path) -> None:
    """A run that fails, or only looks, writes nothing at all."""
    Cache(tmp_path / "cache").write("one", "key", b"words")
    assert list(tmp_path.iterdir()) == []
