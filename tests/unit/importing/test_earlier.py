"""What the issues so far teach a new one."""

from __future__ import annotations

from datetime import date

import pytest

from publisher.importing.earlier import Earlier, read_earlier

TODAY = date(2025, 12, 1)


@pytest.mark.parametrize(
    ("cadence", "last", "expected"),
    [
        ("daily", date(2025, 12, 12), date(2025, 12, 13)),
        ("weekdays", date(2025, 12, 11), date(2025, 12, 12)),
        ("weekdays", date(2025, 12, 12), date(2025, 12, 15)),
        ("weekdays", date(2025, 12, 13), date(2025, 12, 15)),
        ("weekly", date(2025, 12, 12), date(2025, 12, 19)),
        ("monthly", date(2025, 12, 31), date(2026, 1, 31)),
        ("monthly", date(2026, 1, 31), date(2026, 2, 28)),
        ("daily", date(2025, 3, 1), TODAY),
        ("daily", None, TODAY),
    ],
)
def test_the_next_day_follows_the_cadence(cadence, last, expected):
    """It is never in the past, never on a weekend of a weekday letter, and months keep their end."""
    assert Earlier(last_day=last).next_day(cadence, TODAY) == expected


def write(folder, name, text):
    """A file of an issue."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_numbers_sections_ids_and_words_are_read(tmp_path):
    """From all issues the ids and the highest number, from the newest the sections in order."""
    old, new = tmp_path / "issues" / "2025-12-01", tmp_path / "issues" / "2025-12-02"
    write(old, "issue.md", "---\nnumber: 41\n---\n")
    write(old, "01-a.md", "---\nid: a\nsection: nature\ntitle: Snow\n---\nIt fell.\n")
    write(new, "issue.md", "---\nnumber: 42\n---\n")
    write(new, "01-b.md", "---\nid: b\nsection: economy\ntitle: Rates\n---\nThey rose.\n")
    write(new, "02-c.md", "---\nid: c\nsection: nature\ntitle: Rain\n---\nIt fell too.\n")
    earlier = read_earlier(tmp_path)
    assert (earlier.last_day, earlier.last_number) == (date(2025, 12, 2), 42)
    assert earlier.last_sections == ("economy", "nature")
    assert earlier.ids == {"a", "b", "c"}
    assert [len(texts) for texts in (earlier.texts["nature"], earlier.texts["economy"])] == [2, 1]


def test_what_cannot_be_read_is_passed_over(tmp_path):
    """A broken file, a folder that is no issue, and no issues at all hinder nobody."""
    assert read_earlier(tmp_path) == Earlier()
    write(tmp_path / "issues" / "2025-12-02", "issue.md", "no front matter")
    write(tmp_path / "issues" / "2025-12-02", "01-a.md", "---\n: [\n---\n")
    write(tmp_path / "issues" / "drafts", "01-a.md", "---\nid: a\n---\n")
    assert read_earlier(tmp_path) == Earlier(last_day=date(2025, 12, 2))
