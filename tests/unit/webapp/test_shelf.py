"""Published files in memory: as they stand now, never more than they may take."""

from __future__ import annotations

import os

import pytest

from publisher.webapp.shelf import Shelf


@pytest.fixture
def public(tmp_path):
    """A published folder with a page and a feed."""
    root = tmp_path / "public"
    (root / "feeds").mkdir(parents=True)
    (root / "feeds/rss.xml").write_bytes(b"<rss/>")
    (root / "feeds/rss.xml.gz").write_bytes(b"packed")
    (root / ".publisher.json").write_bytes(b"{}")
    (tmp_path / "secret").write_bytes(b"key")
    return root


def test_a_file_is_read_once_while_it_stays_the_same(public):
    """The very same object comes back."""
    shelf = Shelf(public)
    assert shelf.take("feeds/rss.xml") is shelf.take("feeds/rss.xml")


def test_a_file_that_changes_is_read_again(public):
    """New bytes, another tag."""
    shelf = Shelf(public)
    before = shelf.take("feeds/rss.xml")
    (public / "feeds/rss.xml").write_bytes(b"<RSS/>")
    os.utime(public / "feeds/rss.xml", (2_000_000_000, 2_000_000_000))
    after = shelf.take("feeds/rss.xml")
    assert after.data == b"<RSS/>"
    assert after.validators.etag != before.validators.etag


def test_a_whole_folder_may_be_swapped_while_it_is_served(public):
    """A publish trades one folder for another; the next answer is from the new one."""
    shelf = Shelf(public)
    shelf.take("feeds/rss.xml")
    public.rename(public.with_name("old"))
    assert shelf.take("feeds/rss.xml") is None
    public.with_name("old").rename(public)
    assert shelf.take("feeds/rss.xml").data == b"<rss/>"


def test_variants_are_found_beside_a_file(public):
    """Only those that are there."""
    shelf = Shelf(public)
    assert shelf.encodings("feeds/rss.xml") == ["gzip"]
    assert shelf.take("feeds/rss.xml", "gzip").data == b"packed"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "feeds",
        "feeds/",
        ".publisher.json",
        "../secret",
        "feeds/../../secret",
        "/secret",
        "a\0b",
        "x" * 5000,
    ],
)
def test_nothing_hidden_or_outside_is_on_the_shelf(public, name):
    """Folders, dot files, and whatever a path could climb to."""
    assert Shelf(public).take(name) is None


def test_memory_has_a_limit(public):
    """What was asked for longest ago goes first."""
    for number in range(10):
        (public / f"{number}.txt").write_bytes(bytes(100))
    shelf = Shelf(public, capacity=250)
    first = shelf.take("0.txt")
    for number in range(10):
        shelf.take(f"{number}.txt")
    assert shelf._held <= 250
    assert shelf.take("0.txt") is not first
