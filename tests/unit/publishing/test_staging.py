"""The folder beside the site: what is the same in both stays, and nothing in it is trusted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.errors import OutputError
from publisher.publishing.writing import write_site

FILES = {"index.html": b"<p>one", "2025-12-10/index.html": b"<p>ten", "feeds/rss.xml": b"<rss/>"}


def put_out(output: Path, **changed: bytes | None) -> dict[str, bytes]:
    """Publish the files with changes (`_` stands for a slash and `0` for a dot) and give what is public."""
    wanted = FILES | {name.replace("_", "/").replace("0", "."): data for name, data in changed.items()}
    files = {name: data for name, data in wanted.items() if data is not None}
    write_site(files.items(), output, "2025-12-10")
    found = {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file() and path.name[0] != "."
    }
    assert found == files
    return found


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A site that was changed once, so that a folder stands beside it."""
    put_out(tmp_path / "public")
    put_out(tmp_path / "public", index0html=b"<p>two")
    assert (tmp_path / ".public.new").is_dir()
    return tmp_path / "public"


def test_what_stays_is_never_touched_again(output: Path) -> None:
    """Not even a link is made: the time of an inode's change tells of every one."""
    path = output / "2025-12-10/index.html"
    before = path.stat()
    put_out(output, index0html=b"<p>three")
    after = path.stat()
    assert (after.st_ino, after.st_ctime_ns) == (before.st_ino, before.st_ctime_ns)


def test_withdrawn_words_stay_nowhere(output: Path) -> None:
    """What was changed or taken from the site does not lie beside it until the next publish."""
    put_out(output, index0html=b"<p>three", feeds_rss0xml=None)
    beside = output.with_name(".public.new")
    assert [path.name for path in beside.rglob("*") if path.is_file()] == ["index.html"]
    assert (beside / "2025-12-10/index.html").samefile(output / "2025-12-10/index.html")


def _delete(beside: Path) -> None:
    shutil.rmtree(beside)


def _overwrite(beside: Path) -> None:
    (beside / "2025-12-10/index.html").unlink()
    (beside / "2025-12-10/index.html").write_bytes(b"spoilt")


def _half_done(beside: Path) -> None:
    (beside / "new/story").mkdir(parents=True)
    (beside / "new/story/index.html").write_bytes(b"of a publish that was killed")
    (beside / "feeds/rss.xml").unlink()


def _folder_for_a_file(beside: Path) -> None:
    (beside / "index.html").unlink(missing_ok=True)
    (beside / "index.html/deep").mkdir(parents=True)
    (beside / "index.html/deep/file").write_bytes(b"spoilt")


def _link_outside(beside: Path) -> None:
    shutil.rmtree(beside / "feeds")
    (beside / "feeds").symlink_to(beside.parent)


@pytest.mark.parametrize(
    "spoil",
    [_delete, _overwrite, _half_done, _folder_for_a_file, _link_outside],
    ids=lambda spoil: spoil.__name__,
)
def test_whatever_lies_beside_the_site_never_shows(output: Path, spoil: Callable[[Path], None]) -> None:
    """Deleted, written into, left half done by a kill, or full of folders and links."""
    spoil(output.with_name(".public.new"))
    put_out(output, index0html=b"<p>three")
    assert {path.name for path in output.rglob("*")} == {
        ".publisher.json",
        "2025-12-10",
        "feeds",
        "index.html",
        "rss.xml",
    }


@pytest.mark.parametrize("way", ["file", "link"])
def test_what_stands_where_a_folder_of_ours_belongs_gives_way(output: Path, way: str) -> None:
    """A file called `feeds`, or a link that leads elsewhere, would take all feeds from the site without a word."""
    shutil.rmtree(output / "feeds")
    elsewhere = output.with_name("elsewhere")
    elsewhere.mkdir()
    for name in ("theirs", "rss.xml"):
        (elsewhere / name).write_bytes(b"stays")
    (output / "feeds").write_bytes(b"x") if way == "file" else (output / "feeds").symlink_to(elsewhere)
    put_out(output, index0html=b"<p>three")
    assert {path.name: path.read_bytes() for path in elsewhere.iterdir()} == {
        "theirs": b"stays",
        "rss.xml": b"stays",
    }


def test_a_link_beside_the_site_empties_no_folder(output: Path) -> None:
    """What lies behind it is neither taken out nor put in the place of the site."""
    beside, elsewhere = output.with_name(".public.new"), output.with_name("elsewhere")
    shutil.rmtree(beside)
    (elsewhere / "deep").mkdir(parents=True)
    (elsewhere / "deep/theirs").write_bytes(b"stays")
    beside.symlink_to(elsewhere)
    put_out(output, index0html=b"<p>three")
    assert [path.name for path in elsewhere.rglob("*")] == ["deep", "theirs"]
    assert not output.is_symlink()


def test_a_folder_where_a_file_of_ours_belongs_gives_way(output: Path) -> None:
    """Else no publish would succeed any more, and none would say which folder is in the way."""
    (output / "index.html").unlink()
    (output / "index.html").mkdir()
    (output / "index.html/deep").write_bytes(b"x")
    put_out(output, index0html=b"<p>three")


def test_a_file_may_become_a_folder_and_a_folder_a_file(output: Path) -> None:
    """An address that was a page's may be that of a list later."""
    put_out(output, about=b"a page")
    put_out(output, about=b"a page", index0html=b"<p>three")
    put_out(output, about_index0html=b"a list")
    put_out(output, about_index0html=b"a list", index0html=b"<p>four")
    put_out(output, about=b"a page")


def test_without_links_nothing_is_kept(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that must copy would hold everything twice."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    shutil.rmtree(output.with_name(".public.new"))
    monkeypatch.setattr(os, "link", refused)
    put_out(output, index0html=b"<p>three")
    assert not output.with_name(".public.new").exists()


def test_a_failure_leaves_nothing_beside_the_site(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is given back what the new site took."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "mkdir", full)
    with pytest.raises(OutputError, match="No space left"):
        put_out(output, new_index0html=b"<p>new")
    assert not output.with_name(".public.new").exists()
    assert (output / "index.html").read_bytes() == b"<p>two"
