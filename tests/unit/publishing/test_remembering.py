"""What stands already is taken as it is; everything else is made."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from publisher.publishing.batches import Batch
from publisher.publishing.remembering import Memory, remembered
from publisher.publishing.writing import write_site

PAGE = b"<p>one</p>"


def batch(recipe: str = "recipe", name: str = "page", **files: bytes) -> Batch:
    """A batch of files, whose names may not be spelt with a dot here."""
    return Batch(name, recipe, (files or {"page": PAGE}).items)


def published(output: Path, note: bytes, *batches: Batch) -> tuple[list[str], bytes]:
    """Publish; give the paths of what was made, and the note for the next time."""
    memory = remembered(output, note)
    files = list(memory.files(batches))
    plan = write_site(files, output, "2025-12-10")
    return [path for path, data in files if data is not None], memory.note(plan.touched)


def test_the_same_recipe_is_not_followed_twice(tmp_path: Path) -> None:
    """Nothing is made, and the file stands."""
    made, note = published(tmp_path / "public", b"", batch())
    again, _ = published(tmp_path / "public", note, batch())
    assert (made, again) == (["page"], [])
    assert (tmp_path / "public/page").read_bytes() == PAGE


def test_another_recipe_is_followed(tmp_path: Path) -> None:
    """Also where the file stands as it was left."""
    _, note = published(tmp_path / "public", b"", batch("one"))
    assert published(tmp_path / "public", note, batch("two"))[0] == ["page"]


def _write(path: Path) -> None:
    path.write_bytes(b"<p>two</p>")


def _grow(path: Path) -> None:
    before = path.stat()
    path.write_bytes(PAGE + b"!")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _write_unnoticed(path: Path) -> None:
    """The same length, and the time set back: only the inode's own time tells."""
    before = path.stat()
    path.write_bytes(b"<p>two</p>")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _replace_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("meddle", [_write, _write_unnoticed, _grow, Path.unlink, _replace_by_a_folder])
def test_a_file_that_somebody_touched_is_made_anew(tmp_path: Path, meddle) -> None:
    """Written over, grown, gone, or something else by now."""
    _, note = published(tmp_path / "public", b"", batch())
    meddle(tmp_path / "public/page")
    assert published(tmp_path / "public", note, batch())[0] == ["page"]
    assert (tmp_path / "public/page").read_bytes() == PAGE


def test_a_site_that_was_only_copied_is_not_made_anew(tmp_path: Path) -> None:
    """A backup that came back, another machine, a link to a file: the bytes are compared, and are the same."""
    _, note = published(tmp_path / "public", b"", batch())
    (tmp_path / "public").rename(tmp_path / "backup")
    shutil.copytree(tmp_path / "backup", tmp_path / "public", copy_function=shutil.copy)
    assert published(tmp_path / "public", note, batch())[0] == []


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b'{"page": 1}', b"\xff", b"[" * 100_000])
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, note: bytes) -> None:
    """Everything is made."""
    published(tmp_path / "public", b"", batch())
    assert published(tmp_path / "public", note, batch())[0] == ["page"]


def test_what_stands_is_known_by_its_look_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it was written, linked, or made for nothing: the next publish but one reads no file of it."""
    _, note = published(tmp_path / "public", b"", batch())
    _, made_for_nothing = published(tmp_path / "public", b"", batch())
    monkeypatch.setattr(Memory, "_digest_of", lambda *_: "unread")
    assert published(tmp_path / "public", made_for_nothing, batch())[0] == []
    assert published(tmp_path / "public", note, batch())[0] == ["page"]  # it was linked since


def test_two_batches_may_bring_the_same_picture(tmp_path: Path) -> None:
    """It is written once, and stays while one of them still brings it."""
    one, two = (batch("r", name, **{"assets/dam.png": b"png", name: PAGE}) for name in ("one", "two"))
    _, note = published(tmp_path / "public", b"", one, two)
    made, _ = published(tmp_path / "public", note, two)
    assert made == []
    assert {path.name for path in (tmp_path / "public").rglob("*") if path.is_file()} >= {"dam.png", "two"}
    assert not (tmp_path / "public/one").exists()
