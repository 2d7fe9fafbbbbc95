"""Token buckets: how fast letters may leave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.delivery.pace import CAUTIOUS_RATE, PAUSE, SLOWEST_RATE, Bucket, Limit, Pace

NOW = 1000.0


def test_a_full_bucket_lets_its_burst_leave_at_once_and_then_keeps_the_rate() -> None:
    """Three at once, then two a second."""
    pace = Pace({"run": Limit(rate=2, burst=3)})
    times = [pace.reserve(["run"], NOW) - NOW for _ in range(6)]
    assert times == [0, 0, 0, 0.5, 1.0, 1.5]


@given(
    rate=st.floats(0.1, 1000),
    burst=st.integers(1, 50),
    gaps=st.lists(st.floats(0, 10), min_size=1, max_size=60),
)
def test_no_window_ever_holds_more_than_rate_times_length_plus_burst(rate, burst, gaps) -> None:
    """The promise of a token bucket, for any pattern of arrivals."""
    pace, now, times = Pace({"run": Limit(rate, burst)}), NOW, []
    for gap in gaps:
        now += gap
        times.append(pace.reserve(["run"], now))
    for i, start in enumerate(times):
        for j in range(i, len(times)):
            assert j - i + 1 <= burst + rate * (times[j] - start) * (1 + 1e-6) + 1e-3


def test_the_slowest_of_several_buckets_decides() -> None:
    """A letter passes the run's bucket and its domain's."""
    pace = Pace({"run": Limit(100), "domain:slow.example": Limit(1)})
    names = ("run", "domain:slow.example")
    assert [pace.reserve(names, NOW) - NOW for _ in range(3)] == [0, 1, 2]


def test_what_has_no_limit_does_not_wait() -> None:
    """No bucket, no delay."""
    pace = Pace({})
    assert pace.reserve(["run", "domain:any.example"], NOW) == NOW
    assert not pace


def test_a_pace_has_something_to_say_once_somebody_asked_for_less() -> None:
    """Senders ask nothing of a pace without buckets, so the first one must show."""
    pace = Pace({})
    pace.slow("domain:wary.example", NOW)
    assert pace


def test_queued_letters_come_back_one_after_another_without_taking_the_place_of_others() -> None:
    """Half a million readers at one domain are spread over time, and none is counted twice."""
    pace = Pace({"domain:slow.example": Limit(2)})
    assert [pace.queue(["domain:slow.example"], NOW) - NOW for _ in range(3)] == [0, 0.5, 1.0]
    assert pace.ready(["domain:slow.example"], NOW) == NOW


def test_a_domain_that_asks_for_patience_gets_silence_and_then_one_a_second() -> None:
    """421 and 4.7.x mean: not now, and less."""
    pace = Pace({})
    pace.slow("domain:wary.example", NOW)
    times = [pace.reserve(["domain:wary.example"], NOW) - NOW for _ in range(3)]
    assert times == [PAUSE, PAUSE + 1 / CAUTIOUS_RATE, PAUSE + 2 / CAUTIOUS_RATE]
    assert pace.ready(["domain:other.example"], NOW) == NOW


def test_many_refusals_at_once_count_as_one() -> None:
    """Ten connections hear the same 421; the rate is halved once, not ten times."""
    bucket = Bucket(8, 4)
    slowed = bucket.slowed(NOW)
    assert slowed.slowed(NOW + 1) == slowed
    assert (slowed.rate, slowed.burst) == (4, 1)


def test_a_domain_is_never_given_up() -> None:
    """However often it refuses, one letter a minute is tried."""
    bucket, now = Bucket(1), NOW
    for _ in range(20):
        bucket, now = bucket.slowed(now), now + 10 * PAUSE
    assert bucket.rate == SLOWEST_RATE


def test_letters_that_are_taken_bring_the_rate_back_up_to_its_limit() -> None:
    """Trust grows by one per cent a letter and ends at what the settings allow."""
    bucket = Bucket(10, ceiling=10).slowed(NOW)
    for _ in range(200):
        bucket = bucket.eased()
    assert bucket.rate == pytest.approx(10)


def test_a_restart_remembers_a_slowed_domain_but_not_above_todays_limit() -> None:
    """What was kept comes back; the settings have the last word."""
    first = Pace({})
    first.slow("domain:wary.example", NOW)
    kept = first.changes()
    assert first.changes() == {}
    later = Pace({"domain:wary.example": Limit(0.25)}, kept)
    assert later.ready(["domain:wary.example"], NOW) == NOW + PAUSE
    later.reserve(["domain:wary.example"], NOW)
    assert later.changes()["domain:wary.example"].rate == 0.25
