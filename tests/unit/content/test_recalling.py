"""Issues that are remembered are those that would be read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import builders
import pytest
from commands import ROOT, example

from publisher.cache import Cache
from publisher.config import load_settings
from publisher.content import remembering
from publisher.content.loading import load_issue
from publisher.content.models import Issue
from publisher.content.remembering import folder_digest, folder_look, recall_issue
from publisher.errors import InputError

PUBLICATION = load_settings(ROOT / "publication.toml", {}).publication
FOLDERS = sorted((ROOT / "issues").glob("2*"))


LATER = 4e9
"""Unix seconds: no file was changed lately."""


def _same_length(path: Path) -> None:
    before = path.stat()
    path.write_bytes(bytes(before.st_size))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _moved_over(path: Path) -> None:
    shutil.copy2(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def _touched(path: Path) -> None:
    path.touch()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_is_remembered_is_what_was_read(folder: Path, tmp_path: Path) -> None:
    """Every field, the lines for messages and the sizes of pictures included."""
    cache = Cache(tmp_path)
    read = recall_issue(folder, PUBLICATION, cache=cache)
    cache.keep()
    assert recall_issue(folder, PUBLICATION, cache=cache) == read
    assert Issue.model_validate_json(read.model_dump_json()) == read
    assert read == load_issue(folder, PUBLICATION).model_copy(update={"digest": read.digest})


def test_an_issue_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time nobody parses anything."""
    cache = Cache(tmp_path)
    recall_issue(FOLDERS[0], PUBLICATION, cache=cache)
    cache.keep()
    monkeypatch.setattr(remembering, "load_issue", None)
    assert recall_issue(FOLDERS[0], PUBLICATION, cache=Cache(tmp_path)).slug == FOLDERS[0].name


def test_a_folder_that_looks_as_it_did_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files are looked at, one by one, and not opened."""
    read = recall_issue(FOLDERS[0], PUBLICATION, cache=(cache := Cache(tmp_path, opened=LATER)))
    cache.keep()
    monkeypatch.setattr(remembering, "folder_digest", None)
    assert recall_issue(FOLDERS[0], PUBLICATION, cache=Cache(tmp_path)) == read


def test_a_look_that_is_too_fresh_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writes within one step of the clock look the same, so the bytes are read the next time too."""
    folder = example(tmp_path) / "issues/2025-12-10"
    changed = folder_look(folder)[1]
    recall_issue(folder, PUBLICATION, cache=(cache := Cache(tmp_path / "cache", opened=changed + 1)))
    cache.keep()
    (folder / "issue.md").write_text((folder / "issue.md").read_text().replace("title: ", "title: Z", 1))
    monkeypatch.setattr(remembering, "folder_look", lambda _: ("the same", changed))
    assert recall_issue(folder, PUBLICATION, cache=Cache(tmp_path / "cache")).title.startswith("Z")


@pytest.mark.parametrize("change", [_same_length, _moved_over, _touched], ids=lambda change: change.__name__)
def test_a_write_that_hides_is_seen(tmp_path: Path, change: Callable[[Path], None]) -> None:
    """The same length, and the time set back, or another file under the name."""
    folder = example(tmp_path) / "issues/2025-12-10"
    before = folder_look(folder)
    change(folder / "issue.md")
    assert folder_look(folder) != before


def test_any_change_in_the_folder_counts(tmp_path: Path) -> None:
    """A word, a name, a picture, a file more or less."""
    folder = example(tmp_path) / "issues/2025-12-10"
    seen = {folder_digest(folder)}
    (folder / "images/new.png").write_bytes(builders.picture(10, 10, "PNG"))
    seen.add(folder_digest(folder))
    (folder / "images/new.png").rename(folder / "images/other.png")
    seen.add(folder_digest(folder))
    (folder / "issue.md").write_text("words")
    seen.add(folder_digest(folder))
    (folder / "rates.yml").unlink()
    seen.add(folder_digest(folder))
    assert len(seen) == 5


def test_pipes_and_circles_are_never_followed(tmp_path: Path) -> None:
    """A digest comes back at once, whatever lies in the folder."""
    (tmp_path / "issue").mkdir()
    os.mkfifo(tmp_path / "issue/pipe.md")
    (tmp_path / "issue/circle").symlink_to(tmp_path / "issue")
    (tmp_path / "issue/endless").symlink_to("/dev/zero")
    (tmp_path / "issue/nowhere").symlink_to("nowhere")
    (tmp_path / "issue").joinpath(os.fsdecode(b"caf\xe9.md")).write_text("not UTF-8")
    assert folder_digest(tmp_path / "issue") == folder_digest(tmp_path / "issue")


def test_what_is_wrong_is_not_remembered(tmp_path: Path) -> None:
    """The fault is told every time."""
    folder = example(tmp_path) / "issues/2025-12-10"
    (folder / "issue.md").write_text("no front matter")
    cache = Cache(tmp_path / "cache")
    for _ in range(2):
        with pytest.raises(InputError, match="front matter"):
            recall_issue(folder, PUBLICATION, cache=cache)
    assert cache.drafts == {}


def test_a_folder_that_changes_while_it_is_read_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read may be neither the old words nor the new ones."""
    folder = example(tmp_path) / "issues/2025-12-10"

    def reading(*arguments):
        issue = load_issue(*arguments)
        (folder / "issue.md").write_text("saved meanwhile")
        return issue

    monkeypatch.setattr(remembering, "load_issue", reading)
    cache = Cache(tmp_path / "cache")
    recall_issue(folder, PUBLICATION, cache=cache)
    assert cache.drafts == {}
