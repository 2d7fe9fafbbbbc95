"""Issues that are remembered are those that would be read."""

from __future__ import annotations

import os
from pathlib import Path

import builders
import pytest
from commands import ROOT, example

from publisher.cache import Cache
from publisher.config import load_settings
from publisher.content import remembering
from publisher.content.loading import load_issue
from publisher.content.models import Issue
from publisher.content.remembering import folder_digest, recall_issue
from publisher.errors import InputError

PUBLICATION = load_settings(ROOT / "publication.toml", {}).publication
FOLDERS = sorted((ROOT / "issues").glob("2*"))


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
