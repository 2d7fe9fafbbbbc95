"""Subscribers who stay: what they see over three publishes, and what a walk back to the beginning finds."""

from __future__ import annotations

import json
from datetime import timedelta

import feed_samples
import feedparser
import pytest
from lxml import etree
from reader import make_reader

from publisher.rendering.feeds import feed_files

FORMATS = ("rss.xml", "atom.xml", "feed.json")


def changed(issue, place, **update):
    """The issue with one of its articles changed."""
    articles = list(issue.articles)
    articles[place] = articles[place].model_copy(update=update)
    return issue.model_copy(update={"articles": tuple(articles)})


@pytest.fixture
def subscriber(tmp_path):
    """A feed reader with a memory."""
    with make_reader(":memory:", feed_root=str(tmp_path)) as reader:
        yield reader


@pytest.mark.parametrize("name", FORMATS)
def test_three_publishes_with_a_correction_and_a_retraction(subscriber, tmp_path, name):
    """New stories are new, corrections and retractions are updates, and a typo is neither a new story nor a new date."""
    first, second, third = (feed_samples.numbered_issue(n) for n in range(3))
    at = second.published + timedelta(hours=2)
    mended = changed(first, 1, corrections=(feed_samples.correction(at),))
    typo = changed(mended, 2, body="The bridge opened on **Tuesday**.")
    gone = changed(typo, 3, corrections=(feed_samples.correction(at + timedelta(days=1), retraction=True),))

    def poll(*issues):
        (tmp_path / name).write_bytes(feed_files(feed_samples.site_of(*issues))[f"feeds/{name}"])
        found = subscriber.update_feed(name)
        return (found.new, found.modified)

    subscriber.add_feed(name)
    assert poll(first) == (4, 0)
    before = {entry.id: entry for entry in subscriber.get_entries()}
    assert poll(second, mended) == (4, 1)
    assert poll(third, second, gone) == (4, 2)
    after = {entry.id: entry for entry in subscriber.get_entries()}
    assert len(after) == 12
    for identity, entry in before.items():
        assert after[identity].published == entry.published
    corrected, withdrawn = (f"tag:letter.example,2025-01-01:article/0.{place}" for place in (1, 3))
    assert after[corrected].updated == at
    assert "214 metres long, not 241" in after[corrected].content[0].value
    assert "Withdrawn on" in after[withdrawn].content[0].value
    assert "The bridge opened" not in after[withdrawn].content[0].value


@pytest.mark.parametrize("name", FORMATS)
def test_an_unpublished_article_goes(name):
    """What was taken out of its issue is in no feed any more."""
    issue = feed_samples.numbered_issue(0)
    less = issue.model_copy(update={"articles": issue.articles[1:]})
    assert b"article/0.0" in feed_files(feed_samples.site_of(issue))[f"feeds/{name}"]
    assert b"article/0.0" not in feed_files(feed_samples.site_of(less))[f"feeds/{name}"]


def test_the_order_of_an_issue_survives_a_reader_that_sorts_by_date(subscriber, tmp_path):
    """Newest first by date is the editor's order."""
    site = feed_samples.long_site(3)
    (tmp_path / "atom.xml").write_bytes(feed_files(site)["feeds/atom.xml"])
    subscriber.add_feed("atom.xml")
    subscriber.update_feeds()
    by_date = sorted(subscriber.get_entries(), key=lambda entry: entry.published, reverse=True)
    expected = [article.title for edition in site.editions for article in edition.issue.articles]
    assert [entry.title for entry in by_date] == expected


def walk(files, name):
    """Follow an archive from the newest document to the oldest; yield (path, ids)."""
    path, seen = f"feeds/{name}", set()
    while path:
        assert path not in seen, f"{path} leads back to itself"
        seen.add(path)
        data = files[path]
        if name == "feed.json":
            document = json.loads(data)
            ids, older = [item["id"] for item in document["items"]], document.get("next_url", "")
        else:
            root = etree.fromstring(data)
            ids = [found.text for found in root.iter("guid", "{http://www.w3.org/2005/Atom}id")]
            ids = [identity for identity in ids if ":article/" in identity]
            links = root.iter("{http://www.w3.org/2005/Atom}link")
            older = next((link.get("href") for link in links if link.get("rel") == "prev-archive"), "")
        yield path, ids
        path = older.removeprefix("https://letter.example/")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("issues", "articles"), [(2, 5), (60, 4), pytest.param(1250, 8, marks=pytest.mark.slow)]
)
def test_a_walk_meets_every_article_once(name, issues, articles):
    """From the newest document to the first article ever published, newest first, with 10 or with 10,000."""
    files = feed_files(feed_samples.long_site(issues, articles))
    met = [identity for _, ids in walk(files, name) for identity in ids]
    expected = [
        f"tag:letter.example,2025-01-01:article/{issue}.{place}"
        for issue in reversed(range(issues))
        for place in range(articles)
    ]
    assert met == expected


def test_one_more_issue_changes_no_closed_archive():
    """Every archive that was closed has the very same bytes afterwards; the open one has a new name."""
    before = feed_files(feed_samples.long_site(47, entries=10, archive_issues=5, issues=3))
    after = feed_files(feed_samples.long_site(48, entries=10, archive_issues=5, issues=3))
    common = [path for path in before if "/archive/" in path and path in after]
    assert len(common) >= 3 * 4 * 7
    assert [path for path in common if before[path] != after[path]] == []


def test_a_correction_of_an_old_story_changes_its_archive_alone():
    """What was wrong does not stay on the web; everything else in the archives does, byte for byte."""
    issues = [feed_samples.numbered_issue(n) for n in reversed(range(47))]
    settings = {"entries": 10, "archive_issues": 5}
    before = feed_files(feed_samples.site_of(*issues, **settings))
    issues[-3] = changed(issues[-3], 0, corrections=(feed_samples.correction(issues[0].published),))
    after = feed_files(feed_samples.site_of(*issues, **settings))
    touched = {path for path in before if "/archive/" in path and before[path] != after[path]}
    expected = {
        f"feeds/{family}archive/1/{name}" for family in ("", "economy/", "issues/") for name in FORMATS
    }
    assert touched == expected


def test_archives_tell_what_they_are():
    """RFC 5005 sec. 4: marked as archives, pointing to the current document; that one is not marked."""
    files = feed_files(feed_samples.long_site(60))
    for path, _ in walk(files, "atom.xml"):
        root = etree.fromstring(files[path])
        marked = root.find("{http://purl.org/syndication/history/1.0}archive") is not None
        current = root.xpath(
            "string(a:link[@rel='current']/@href)", namespaces={"a": "http://www.w3.org/2005/Atom"}
        )
        assert marked == ("/archive/" in path)
        assert current == ("https://letter.example/feeds/atom.xml" if marked else "")


def test_a_summary_feed_is_short_and_leads_to_the_page():
    """`content = summary`: a paragraph and a link, the rest on the site."""
    feed = feedparser.parse(feed_files(feed_samples.long_site(1, content="summary"))["feeds/atom.xml"])
    assert feed.entries[0].content[0].value == (
        "<p>The new bridge halves the way to work.</p>\n"
        '<p><a href="https://letter.example/2025-01-06/story-0/">Read the full story</a></p>'
    )
