"""The hub is told what changed, once a feed, and its troubles are its own."""

from __future__ import annotations

import pytest
from hub import Hub
from web_servers import free_port

from publisher.publishing.site import Fate, SitePlan
from publisher.publishing.websub import Ping, announce, changed_topics

TOPICS = ("https://letter.example/feeds/atom.xml", "https://letter.example/feeds/rss.xml")


@pytest.fixture
def hub():
    """A hub for one test."""
    with Hub() as running:
        yield running


def test_one_ping_for_each_changed_feed(hub):
    """A form with the mode and the feed's public address, in order."""
    assert announce(hub.url, TOPICS) == tuple(Ping(topic) for topic in TOPICS)
    assert hub.heard == [{"hub.mode": "publish", "hub.url": topic} for topic in TOPICS]
    assert hub.types == {"application/x-www-form-urlencoded"}


def test_a_busy_hub_is_tried_again(hub):
    """After one second, then after four."""
    hub.answers[TOPICS[0]] = [503, 429]
    waits = []
    assert announce(hub.url, TOPICS[:1], sleep=waits.append) == (Ping(TOPICS[0]),)
    assert (len(hub.heard), waits) == (3, [1.0, 4.0])


def test_a_hub_that_refuses_is_not_asked_again(hub):
    """A 4xx is an answer; the other feeds are announced all the same."""
    hub.answers[TOPICS[0]] = [400]
    assert announce(hub.url, TOPICS) == (Ping(TOPICS[0], "the hub answered 400"), Ping(TOPICS[1]))
    assert len(hub.heard) == 2


def test_a_hub_that_stays_broken_is_given_up(hub):
    """Three tries, and a reason."""
    hub.answers[TOPICS[0]] = [500, 500, 500, 500]
    assert announce(hub.url, TOPICS[:1], sleep=lambda _: None) == (Ping(TOPICS[0], "the hub answered 500"),)
    assert len(hub.heard) == 3


def test_nobody_there_is_no_fault_of_the_publish():
    """A dead hub gives a reason and raises nothing."""
    (ping,) = announce(f"http://127.0.0.1:{free_port()}/", TOPICS[:1], sleep=lambda _: None)
    assert ping.fault.startswith("ConnectError")


def test_a_slow_hub_cannot_hold_up_a_publish(hub):
    """When the time is over, what is left is left."""
    now = iter([0.0, 10.0, 40.0])
    pings = announce(hub.url, TOPICS, clock=lambda: next(now))
    assert pings == (Ping(TOPICS[0]), Ping(TOPICS[1], "no time was left"))


def test_only_feeds_that_changed_are_topics():
    """Neither archives, nor variants, nor pages, nor what stayed the same."""
    plan = SitePlan(
        {
            "feeds/archive/1/rss.xml": Fate.NEW,
            "feeds/atom.xml": Fate.CHANGED,
            "feeds/atom.xml.gz": Fate.CHANGED,
            "feeds/economy/feed.json": Fate.NEW,
            "feeds/index.html": Fate.CHANGED,
            "feeds/rss.xml": Fate.UNCHANGED,
            "index.html": Fate.CHANGED,
        }
    )
    expected = ("https://letter.example/feeds/atom.xml", "https://letter.example/feeds/economy/feed.json")
    assert changed_topics(plan, "https://letter.example") == expected
