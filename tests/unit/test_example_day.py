"""Which day a new publication's example issue is of."""

from datetime import UTC, date, datetime, time

import pytest

from publisher.cli.init import USUAL_TIME, example_day
from publisher.content.models import Publication


@pytest.mark.parametrize(("clock", "day"), [("00:30", 30), ("06:59", 30), ("07:00", 31), ("23:59", 31)])
def test_the_example_is_never_of_the_future(clock: str, day: int) -> None:
    """Before its hour of publication has come, it is yesterday's."""
    now = datetime.combine(date(2025, 12, 31), time.fromisoformat(clock), UTC)
    assert example_day(now) == date(2025, 12, day)


def test_the_hour_is_the_one_that_issues_have_by_default() -> None:
    """A change of the default would bring the warning back."""
    usual = time.fromisoformat(Publication.model_fields["publish_time"].default)
    assert datetime.combine(date.min, usual) - datetime.combine(date.min, time()) == USUAL_TIME
