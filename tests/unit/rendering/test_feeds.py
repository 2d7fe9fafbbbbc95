"""Every feed document of a site: which there are, and that all say the same."""

from __future__ import annotations

import json
from datetime import timedelta

import feed_samples
import feedparser
import pytest
from lxml import etree

from publisher.rendering.feeds import directory, feed_files

ATOM = "{http://www.w3.org/2005/Atom}"
KINDS = ("rss", "atom", "json")


def entry_ids(kind, data):
    """The ids of a document in its own words."""
    if kind == "json":
        return [item["id"] for item in json.loads(data)["items"]]
    path = "channel/item/guid" if kind == "rss" else f"{ATOM}entry/{ATOM}id"
    return [found.text for found in etree.fromstring(data).findall(path)]


def links_of(kind, data):
    """The feed's own links by relation."""
    root = etree.fromstring(data)
    found = (root[0] if kind == "rss" else root).findall(f"{ATOM}link")
    return {link.get("rel"): link.get("href") for link in found}


def test_every_family_has_three_formats():
    """The publication, its sections and its issues: RSS, Atom and JSON each, and the lists of them."""
    expected = {
        f"feeds/{family}{name}"
        for family in ("", "economy/", "nature/", "issues/")
        for name in ("rss.xml", "atom.xml", "feed.json")
    } | {"feeds/feeds.opml", "feeds/feed.css", "sitemap.xml", "robots.txt"}
    assert set(feed_files(feed_samples.long_site(2))) == expected


def test_ids_are_the_same_in_all_formats_and_families():
    """An article is known by one id wherever it is met."""
    site = feed_samples.long_site(2)
    files = feed_files(site)
    whole = [entry_ids(kind, files[site.links.feed_path(kind)]) for kind in KINDS]
    section = [entry_ids(kind, files[site.links.feed_path(kind, "economy")]) for kind in KINDS]
    expected = [f"tag:letter.example,2025-01-01:article/{n}.{place}" for n in (1, 0) for place in range(4)]
    assert whole == [expected] * 3
    assert section == [[identity for identity in expected if identity[-1] in "02"]] * 3


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_documents_name_themselves_their_hub_and_their_archive(kind):
    """A reader that has one document finds where it lives, who announces it, and what came before."""
    site = feed_samples.long_site(9, entries=8, archive_issues=3, hub="https://hub.example/")
    files = feed_files(site)
    name = site.links.feed_path(kind).removeprefix("feeds/")
    folder = "https://letter.example/feeds/"
    newest = links_of(kind, files[f"feeds/{name}"])
    oldest = links_of(kind, files[f"feeds/archive/1/{name}"])
    assert newest["self"] == folder + name
    assert newest["hub"] == "https://hub.example/"
    assert newest["prev-archive"] == f"{folder}archive/3-4/{name}"
    expected = {
        "self": f"{folder}archive/1/{name}",
        "current": folder + name,
        "next-archive": f"{folder}archive/2/{name}",
    }
    assert oldest.items() >= expected.items()
    assert "prev-archive" not in oldest


def test_the_json_document_leads_to_older_ones():
    """`next_url` walks the same archives."""
    site = feed_samples.long_site(9, entries=8, archive_issues=3)
    files = feed_files(site)
    assert (
        json.loads(files["feeds/feed.json"])["next_url"]
        == "https://letter.example/feeds/archive/3-4/feed.json"
    )
    assert "next_url" not in json.loads(files["feeds/archive/1/feed.json"])


def test_the_channel_leads_to_the_site():
    """RSS names the page, never the feed itself; a section's feed its own page."""
    files = feed_files(feed_samples.long_site(1))
    assert etree.fromstring(files["feeds/rss.xml"]).findtext("channel/link") == "https://letter.example/"
    section = etree.fromstring(files["feeds/nature/rss.xml"]).findtext("channel/link")
    assert section == "https://letter.example/sections/nature/"


def test_a_late_correction_reaches_those_who_read_the_newest_document():
    """An old story that is corrected today stands in the newest document again, and keeps its place in the archive."""
    old, *newer = [feed_samples.numbered_issue(n) for n in range(9)]
    at = newer[-1].published
    corrected = old.articles[0].model_copy(
        update={"corrections": (feed_samples.correction(at),)},
    )
    issue = old.model_copy(update={"articles": (corrected, *old.articles[1:])})
    files = feed_files(feed_samples.site_of(*newer[::-1], issue, entries=8, archive_issues=3))
    newest = entry_ids("atom", files["feeds/atom.xml"])
    assert newest[8:] == ["tag:letter.example,2025-01-01:article/0.0"]
    assert newest[8] in entry_ids("atom", files["feeds/archive/1/atom.xml"])


def test_a_story_of_years_ago_told_again_brings_no_old_corrections_along():
    """Its own date says nothing of how far the newest document reaches back."""
    old, *newer = [feed_samples.numbered_issue(n) for n in range(9)]
    at = newer[0].published
    corrected = old.articles[0].model_copy(update={"corrections": (feed_samples.correction(at),)})
    issue = old.model_copy(update={"articles": (corrected, *old.articles[1:])})
    *stories, last = newer[-1].articles
    again = last.model_copy(update={"published": old.published - timedelta(days=900)})
    newest = newer[-1].model_copy(update={"articles": (*stories, again)})
    site = feed_samples.site_of(newest, *newer[-2::-1], issue, entries=8, archive_issues=3)
    assert len(entry_ids("atom", feed_files(site)["feeds/atom.xml"])) == 8


def test_feeds_say_when_they_last_changed():
    """The time of a file is the newest `updated` of its entries."""
    site = feed_samples.long_site(2)
    files = feed_files(site)
    at = files.updated["feeds/atom.xml"]
    assert feedparser.parse(files["feeds/atom.xml"]).feed.updated == at.isoformat()
    assert at == site.editions[0].issue.published


def test_a_section_without_stories_has_valid_feeds():
    """An empty feed is as old as the publication."""
    files = feed_files(feed_samples.long_site(1, articles=1))
    assert entry_ids("json", files["feeds/nature/feed.json"]) == []
    assert files.updated["feeds/nature/atom.xml"].isoformat() == "2025-01-01T00:00:00+00:00"


def test_the_directory_names_every_feed():
    """Pages and OPML list the same feeds, the whole publication first."""
    listed = directory(feed_samples.long_site(1))
    assert [feed.family for feed in listed] == ["", "issues", "economy", "nature"]
    assert listed[2].urls["atom"] == "https://letter.example/feeds/economy/atom.xml"
