"""The times of entries: no two the same, the lead story first, and what was published stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import builders
from hypothesis import given
from hypothesis import strategies as st

from publisher.rendering.feed_times import article_times, issue_times, spaced

SEVEN = datetime(2025, 12, 10, 7, 0, tzinfo=UTC)
MOMENTS = st.integers(-400_000, 4).map(lambda seconds: SEVEN + timedelta(seconds=seconds))


def story(number, published=SEVEN, **more):
    """Make an article published at the given time."""
    return builders.article(id=f"story-{number}", slug=f"s{number}", published=published, **more)


def clock(times):
    """Show times of the day."""
    return [f"{at:%H:%M:%S}" for at in times]


def test_stories_of_one_minute_are_spaced_by_a_second():
    """The lead story keeps its time; each one after it is a second older."""
    assert clock(spaced([story(0), story(1), story(2)])) == ["07:00:00", "06:59:59", "06:59:58"]


def test_honest_times_stay():
    """Times that already fall from story to story are not touched."""
    articles = [story(0), story(1, SEVEN - timedelta(hours=1)), story(2, SEVEN - timedelta(days=9))]
    assert spaced(articles) == [article.published for article in articles]


def test_an_old_story_in_the_middle_does_not_drag_the_rest_down():
    """It is lifted to its place in the issue instead."""
    articles = [story(0), story(1, SEVEN - timedelta(days=30)), story(2)]
    assert clock(spaced(articles)) == ["07:00:00", "06:59:59", "06:59:58"]


@given(st.lists(MOMENTS, min_size=1, max_size=8))
def test_the_order_of_an_issue_survives_sorting_by_date(published):
    """Times fall strictly, and none is later than the latest that the editor wrote."""
    times = spaced([story(number, at) for number, at in enumerate(published)])
    assert times == sorted(set(times), reverse=True)
    assert times[0] <= max(published)


def test_a_correction_moves_updated_and_not_published():
    """Readers see the same story with a newer `updated`."""
    at = SEVEN + timedelta(hours=2)
    plain = article_times([builders.issue(story(0), story(1))])
    corrected = article_times(
        [builders.issue(story(0), story(1, corrections=[{"at": at, "text": "Was 5."}]))]
    )
    assert corrected["story-1"] == (plain["story-1"].published, at)
    assert corrected["story-0"] == plain["story-0"]


def test_two_corrections_at_one_time_stay_apart():
    """No two entries of a feed have the same `updated`."""
    fix = [{"at": SEVEN + timedelta(hours=2), "text": "Was 5."}]
    times = article_times([builders.issue(story(0, corrections=fix), story(1, corrections=fix))])
    assert clock(sorted(at.updated for at in times.values())) == ["09:00:00", "09:00:01"]


def test_a_new_issue_at_the_time_of_an_old_correction_yields():
    """What was published keeps its times; the newcomer moves by a second."""
    old = builders.issue(story(0, corrections=[{"at": SEVEN + timedelta(days=1), "text": "Was 5."}]))
    new = builders.issue(story(1, SEVEN + timedelta(days=1)), date=date(2025, 12, 11))
    before, after = article_times([old]), article_times([new, old])
    assert after["story-0"] == before["story-0"]
    assert clock(after["story-1"]) == ["07:00:01", "07:00:01"]


def test_an_issue_is_updated_when_one_of_its_stories_is():
    """The issues feed brings corrections too."""
    at = SEVEN + timedelta(hours=3)
    issue = builders.issue(story(0, corrections=[{"at": at, "text": "Was 5."}]), published=SEVEN)
    assert issue_times([issue])[issue.slug] == (SEVEN, at)
