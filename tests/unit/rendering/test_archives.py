"""A feed cut into documents: everything exactly once, and nothing that was closed ever moves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from publisher.rendering.archives import Part, cut

LENGTHS = st.lists(st.integers(0, 6), max_size=40)
SIZES = st.integers(1, 12)


def issues_of(lengths):
    """Make issues of the given numbers of entries, newest first."""
    oldest_first = [[f"{number}.{place}" for place in range(length)] for number, length in enumerate(lengths)]
    return oldest_first[::-1]


def closed(parts):
    """What stands in each closed archive, by folder, with the folder of the archive before it."""
    older = [part.folder for part in parts[1:]] + [""]
    return {
        part.folder: (part.entries, previous)
        for part, previous in zip(parts, older, strict=True)
        if part.closed
    }


def test_a_short_feed_is_one_document():
    """A publication with fewer entries than the newest document holds has no archives."""
    expected = (Part(("1.0", "0.0", "0.1")),)
    assert cut(issues_of([2, 1]), newest=3, archive_issues=2) == expected


def test_archives_are_counted_from_the_oldest():
    """The first archive holds the first issues, whatever comes later."""
    parts = cut(issues_of([1] * 7), newest=2, archive_issues=2)
    expected = [
        ("", ("6.0", "5.0")),
        ("archive/3-1/", ("4.0",)),
        ("archive/2/", ("3.0", "2.0")),
        ("archive/1/", ("1.0", "0.0")),
    ]
    assert [(part.folder, part.entries) for part in parts] == expected


@given(lengths=LENGTHS, newest=SIZES, size=SIZES)
def test_a_walk_meets_every_entry_once_in_order(lengths, newest, size):
    """Reading all documents from the newest to the oldest gives each entry once, newest first."""
    issues = issues_of(lengths)
    walked = [entry for part in cut(issues, newest=newest, archive_issues=size) for entry in part.entries]
    assert walked == [entry for issue in issues for entry in issue]


@given(lengths=LENGTHS, newest=SIZES, size=SIZES, more=st.integers(0, 6))
def test_one_more_issue_changes_no_closed_archive(lengths, newest, size, more):
    """A closed archive keeps its entries, its name and its place in the chain."""
    before = closed(cut(issues_of(lengths), newest=newest, archive_issues=size))
    after = closed(cut(issues_of([*lengths, more]), newest=newest, archive_issues=size))
    assert before.items() <= after.items()


@given(lengths=LENGTHS, newest=SIZES, size=SIZES)
def test_the_newest_document_is_full_when_there_is_enough(lengths, newest, size):
    """It holds as many entries as asked for, or all there are."""
    parts = cut(issues_of(lengths), newest=newest, archive_issues=size)
    assert len(parts[0].entries) == min(newest, sum(lengths))
