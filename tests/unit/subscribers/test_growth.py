"""The small picture of how a list grew."""

from datetime import date

from publisher.subscribers.growth import active_by_day, plot
from publisher.subscribers.models import State

TALLIES = [
    (date(2025, 11, 1), State.ACTIVE, 100),
    (date(2025, 12, 8), State.ACTIVE, 20),
    (date(2025, 12, 9), State.LEFT, 5),
    (date(2025, 12, 9), State.ACTIVE, -5),
]


def test_the_days_before_the_window_are_in_its_first_column() -> None:
    """The series begins with everybody who was there already, and counts only the active."""
    series = active_by_day(TALLIES, date(2025, 12, 10), 4)
    assert series == [
        (date(2025, 12, 7), 100),
        (date(2025, 12, 8), 120),
        (date(2025, 12, 9), 115),
        (date(2025, 12, 10), 115),
    ]


def test_the_plot_has_a_scale_and_two_days() -> None:
    """Zero stands at the foot, the greatest of the columns at the top; a year fits on a line."""
    lines = list(plot(active_by_day(TALLIES, date(2025, 12, 10), 365)))
    assert lines[0].startswith("115 ┤")
    assert lines[5].startswith("  0 ┤")
    assert lines[6].split() == ["2024-12-11", "2025-12-10"]
    assert max(len(line) for line in lines) < 80


def test_an_empty_list_is_a_flat_line() -> None:
    """Nobody yet is a picture too, not a division by zero."""
    lines = list(plot(active_by_day([], date(2025, 12, 10), 10)))
    assert lines[5] == "0 ┤"
