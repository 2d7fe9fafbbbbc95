"""The one line that an editor watches while letters leave."""

from collections import Counter

import pytest

from publisher.cli.sending import progress_line
from publisher.delivery.desk import Progress
from publisher.delivery.models import DeliveryStatus, Tally

S = DeliveryStatus
BEFORE = Tally(400, {S.SENT: 100, S.QUEUED: 300})


def test_it_says_how_far_how_fast_and_how_long() -> None:
    """Those of an earlier run count as done, and not into the rate."""
    progress = Progress(Counter({S.SENT: 100, S.FAILED: 1}), "250 queued")
    assert progress_line(BEFORE, progress, 10) == (
        "████████████░░░░░░░░░░░░ 200/400  10/s  0:19 left  1 failed  250 queued"
    )


def test_while_all_that_is_left_waits_it_says_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar that stands still would look broken."""
    monkeypatch.setenv("TZ", "UTC")
    progress = Progress(Counter({S.SENT: 298, S.DEFERRED: 2}), "250", "450 later", next_due=1_765_350_000.0)
    line = progress_line(BEFORE, progress, 100)
    assert line.endswith("3/s  next try at 07:00  2 deferred  450 later")
