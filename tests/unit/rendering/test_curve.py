"""Values become a line that tells the truth about how much they moved."""

from __future__ import annotations

from decimal import Decimal

import pytest

from publisher.rendering.pages.curve import HEIGHT, WIDTH, curve


def values(*numbers: str):
    """Make decimals."""
    return [Decimal(number) for number in numbers]


@pytest.mark.parametrize("few", [[], ["87.45"]])
def test_one_value_makes_no_line(few):
    """A line has two ends; with fewer values nothing is drawn."""
    assert curve(values(*few)) is None


def test_the_line_runs_from_left_to_right_inside_its_box():
    """The oldest value stands at the left, the highest at the top (y grows downwards)."""
    line = curve(values("1", "3", "2"))
    assert line is not None
    assert line.points == ((3.0, 21.0), (48.0, 3.0), (93.0, 12.0))
    assert line.polyline == "3,21 48,3 93,12"
    assert line.end == (93.0, 12.0)


def test_a_flat_som_looks_flat():
    """A move of 0.02 % stays in the middle of the box."""
    line = curve(values("87.45", "87.4655", "87.45"))
    assert line is not None
    heights = [y for _, y in line.points]
    assert max(heights) - min(heights) < 1
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in line.points)
