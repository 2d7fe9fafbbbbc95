"""Who filled the form in, and how fast."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.subscribers.tokens import Keyring
from publisher.webapp.forms import Haste, judge, make_stamp

RING = Keyring((b"n" * 32,))
NOON = datetime(2025, 12, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, Haste.QUICK),
        (2, Haste.QUICK),
        (3, Haste.HUMAN),
        (7200, Haste.HUMAN),
        (7204, Haste.STALE),
        (-1, Haste.STALE),
    ],
)
def test_a_person_needs_three_seconds_and_less_than_two_hours(seconds: int, expected: Haste) -> None:
    """A stamp is right within its hours; the time before three seconds belongs to robots."""
    stamp = make_stamp(RING, NOON)
    assert judge(RING, stamp, "", NOON + timedelta(seconds=seconds)) is expected


@pytest.mark.parametrize(
    ("stamp", "trap", "expected"),
    [
        ("", "", Haste.HUMAN),
        ("", "https://spam.example", Haste.TRAPPED),
        ("f.0-x.aa.forged", "", Haste.STALE),
    ],
)
def test_a_form_without_a_stamp_is_taken_and_a_forged_one_is_not(
    stamp: str, trap: str, expected: Haste
) -> None:
    """Embedded forms carry no stamp; the hidden field catches who fills in everything."""
    assert judge(RING, stamp, trap, NOON) is expected
