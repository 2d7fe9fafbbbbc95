"""The output folder becomes the plan, or stays what it was."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.errors import BusyError, OutputError
from publisher.publishing import writing
from publisher.publishing.site import Fate
from publisher.publishing.writing import MANIFEST, plan_site, published_until, write_site

FILES = {"index.html": b"<p>one", "feeds/rss.xml": b"<rss/>"}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def test_a_first_publish_writes_every_file(tmp_path: Path) -> None:
    """The folder is made, and holds what was rendered."""
    plan = write_site(FILES.items(), tmp_path / "public", "2025-12-10")
    assert plan.paths(Fate.NEW) == (MANIFEST, "feeds/rss.xml", "index.html")
    assert {k: v for k, v in tree(tmp_path / "public").items() if k != MANIFEST} == FILES


def test_unchanged_files_are_not_touched(tmp_path: Path) -> None:
    """Their time stamps stay, so that web servers keep answering 304."""
    out = tmp_path / "public"
    write_site(FILES.items(), out, "2025-12-10")
    os.utime(out / "index.html", ns=(1, 1))
    plan = write_site({**FILES, "feeds/rss.xml": b"<rss>2"}.items(), out, "2025-12-10")
    assert plan.paths(Fate.CHANGED) == ("feeds/rss.xml",)
    assert (out / "index.html").stat().st_mtime_ns == 1


def test_a_publish_of_the_same_words_does_nothing(tmp_path: Path) -> None:
    """Not even the folder itself is exchanged."""
    out = tmp_path / "public"
    write_site(FILES.items(), out, "2025-12-10")
    before = out.stat().st_ino
    assert not write_site(FILES.items(), out, "2025-12-10").changes
    assert out.stat().st_ino == before


def test_what_is_no_longer_rendered_is_removed_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    """A host's own file, and a link beside it, survive each publish."""
    out = tmp_path / "public"
    write_site(FILES.items(), out, "2025-12-10")
    (out / "CNAME").write_text("letter.example")
    (out / "shared").symlink_to(tmp_path)
    write_site({"index.html": b"<p>two"}.items(), out, "2025-12-10")
    assert sorted(path.name for path in out.iterdir()) == [MANIFEST, "CNAME", "index.html", "shared"]


@pytest.mark.parametrize("absolute", [True, False])
def test_a_list_of_our_files_never_reaches_out_of_the_site(tmp_path: Path, absolute: bool) -> None:
    """Whoever may write into the site must not have other files deleted, by root perhaps."""
    out, theirs = tmp_path / "public", tmp_path / "passwords"
    theirs.write_text("stays")
    write_site(FILES.items(), out, "2025-12-10")
    named = str(theirs) if absolute else "../passwords"
    (out / MANIFEST).write_text(json.dumps({"files": [named], "until": "2025-12-10"}))
    assert plan_site(FILES.items(), out, "2025-12-10").paths(Fate.REMOVED) == ()
    write_site({"index.html": b"<p>two"}.items(), out, "2025-12-10")
    assert theirs.read_text() == "stays"


def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path: Path) -> None:
    """What `-n` says is what a publish then does."""
    out = tmp_path / "public"
    said = plan_site(FILES.items(), out, "2025-12-10")
    assert not out.exists()
    assert write_site(FILES.items(), out, "2025-12-10") == said


def test_a_failure_while_rendering_leaves_the_old_site(tmp_path: Path) -> None:
    """Half a site is never shown, and no debris stays behind."""
    out = tmp_path / "public"
    write_site(FILES.items(), out, "2025-12-10")
    before = tree(tmp_path)

    def breaks() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"<p>two"
        raise RuntimeError("rendering failed")

    with pytest.raises(RuntimeError):
        write_site(breaks(), out, "2025-12-10")
    assert tree(tmp_path) == before


def test_a_full_disk_is_told_plainly_and_leaves_the_old_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what happened and that nothing was lost."""
    out = tmp_path / "public"
    write_site(FILES.items(), out, "2025-12-10")

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "settle", full)
    with pytest.raises(OutputError, match=r"No space left.*the site stands as it was"):
        write_site({"index.html": b"new"}.items(), out, "2025-12-10")
    assert (out / "index.html").read_bytes() == b"<p>one"


def test_two_publishers_at_once_do_not_mix(tmp_path: Path) -> None:
    """The second is told to wait."""
    out = tmp_path / "public"
    with writing._locked(out), pytest.raises(BusyError, match="Another run is publishing"):
        write_site(FILES.items(), out, "2025-12-10")


def test_a_link_where_the_lock_belongs_is_refused(tmp_path: Path) -> None:
    """The file it leads to would be emptied."""
    theirs = tmp_path / "passwords"
    theirs.write_text("stays")
    (tmp_path / ".public.lock").symlink_to(theirs)
    with pytest.raises(OutputError, match=r"delete the link .*\.public\.lock"):
        write_site(FILES.items(), tmp_path / "public", "2025-12-10")
    assert theirs.read_text() == "stays"


def test_a_folder_with_other_work_in_it_is_refused(tmp_path: Path) -> None:
    """`--output ~` must not turn somebody's home into a web site."""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="did not write"):
        write_site(FILES.items(), tmp_path, "2025-12-10")


def test_the_newest_public_issue_is_remembered(tmp_path: Path) -> None:
    """Publishing an older issue again does not withdraw a newer one."""
    out = tmp_path / "public"
    write_site(FILES.items(), out, "2025-12-10")
    write_site(FILES.items(), out, "2025-12-08")
    assert published_until(out) == "2025-12-10"


@pytest.mark.parametrize("path", ["../escape", "index.html"])
def test_a_path_that_is_unsafe_or_used_twice_stops_the_publish(tmp_path: Path, path: str) -> None:
    """Two renderers that claim one path are a fault of ours, found before anything is shown."""
    with pytest.raises(OutputError, match="unsafe or used twice"):
        write_site([("index.html", b""), (path, b"")], tmp_path / "public", "2025-12-10")
    assert not (tmp_path / "public").exists()


def test_a_feed_bears_the_time_that_it_tells(tmp_path: Path) -> None:
    """Last-Modified then equals the feed's own `updated`, for its variants too."""
    out, at = tmp_path / "public", datetime(2025, 12, 10, 1, 0, tzinfo=UTC)
    files = {"feeds/rss.xml": b"<rss/>", "feeds/rss.xml.gz": b"packed"}
    write_site(files.items(), out, "2025-12-10", times={"feeds/rss.xml": at})
    assert [(out / path).stat().st_mtime for path in files] == [at.timestamp()] * 2


def test_two_contents_never_share_a_time(tmp_path: Path) -> None:
    """A typo is mended without a new `updated`: the file is a second newer all the same."""
    out, at = tmp_path / "public", datetime(2025, 12, 10, 1, 0, tzinfo=UTC)
    for text in (b"<rss>1", b"<rss>2", b"<rss>3"):
        write_site([("feeds/rss.xml", text)], out, "2025-12-10", times={"feeds/rss.xml": at})
    assert (out / "feeds/rss.xml").stat().st_mtime == at.timestamp() + 2


def test_no_file_is_of_tomorrow(tmp_path: Path) -> None:
    """An issue dated later than the clock does not give a Last-Modified in the future (RFC 9110 sec. 8.8.2.1)."""
    out = tmp_path / "public"
    write_site(FILES.items(), out, "2099-12-10", times={"feeds/rss.xml": datetime(2099, 1, 1, tzinfo=UTC)})
    assert (out / "feeds/rss.xml").stat().st_mtime <= (out / "index.html").stat().st_mtime + 1
