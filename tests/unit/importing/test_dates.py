"""Dates in the languages of the region."""

from __future__ import annotations

from datetime import date

import pytest

from publisher.importing.dates import date_line, dates_in, month_number

DAY = date(2025, 12, 10)


@pytest.mark.parametrize(
    "text",
    [
        "10 December 2025",
        "December 10, 2025",
        "Wednesday, 10 December 2025",
        "Wed, 10 Dec 2025 07:30:00 +0600",
        "Published: 10th December 2025, 14:30",
        "2025-12-10",
        "10.12.2025",
        "14:30, 10.12.2025",
        "Bishkek, 10 December 2025",
        "10 декабря 2025 г.",
        "10 декабря 2025 года",
        "Среда, 10 декабря 2025",
        "2025 жылғы 10 желтоқсан",
        "10 желтоқсан 2025 жыл",
        "2025-жылдын 10-декабры",
        "10-декабрь, 2025-жыл",
        "2025-yil 10-dekabr",
        "10-dekabr, 2025-yil",
        "2025 йил 10 декабрь",
        "10 декабри соли 2025",
        "2025-nji ýylyň 10-njy dekabry",
    ],
)
def test_a_date_line_is_read(text):
    """However a page of the region writes its date, it is the tenth of December."""
    assert date_line(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "The bridge was closed on 10 December 2025",
        "31 February 2025",
        "10 bridges 2025",
        "2025",
        "December 2025",
        "",
        "10 December 2025 and so much more that it is a sentence about the date, not a date line",
    ],
)
def test_other_lines_are_not(text):
    """A sentence with a date in it, a day that never was and a bare year are no date lines."""
    assert date_line(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It opened on February 13.", [date(2025, 2, 13)]),
        ("Мост открыли 13 февраля.", [date(2025, 2, 13)]),
        ("Koʻprik 13-fevralda ochildi.", [date(2025, 2, 13)]),
        ("Көпір 13 ақпанда ашылды.", [date(2025, 2, 13)]),
        ("It will open on December 24.", [date(2025, 12, 24)]),
        ("The games are held every year on December 10-20.", []),
        ("From 3 to 5 May 2024, and again on 2023-06-01.", [date(2023, 6, 1), date(2024, 5, 5)]),
        ("In 2024 nothing happened. You may 5 times ask.", []),
    ],
)
def test_days_without_a_year_are_the_last_such_day(text, expected):
    """News looks back, or a month ahead; a range is a plan and tells nothing."""
    assert dates_in(text, DAY) == expected


@pytest.mark.parametrize(
    ("word", "number"), [("январю", 1), ("Sentabrda", 9), ("мая", 5), ("marching", 3), ("snow", 0)]
)
def test_months_are_known_by_their_beginning(word, number):
    """Every case form of a month's name is the month."""
    assert month_number(word) == number
