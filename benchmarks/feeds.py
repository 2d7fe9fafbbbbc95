"""Building RSS and Atom, as a ratio to lxml written by hand for the same entries; and memory over an archive.

    ./run bench feeds

Both sides build both documents of the same entries in the same process, in turn; the best of five
rounds counts. The peak of memory is that of building and dropping every document of the archive.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from lxml import etree

from publisher.content.models import Publisher
from publisher.rendering.atom import render_atom
from publisher.rendering.feed_models import Feed, FeedEntry
from publisher.rendering.feed_xml import rfc3339
from publisher.rendering.links import Links
from publisher.rendering.rss import render_rss

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
import builders
import feed_samples

from publisher.rendering.feeds import feed_files

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"


def make_feed(count: int) -> Feed:
    """Make a feed whose entries have four kilobytes of HTML each."""
    publication = builders.publication()
    start = datetime(2025, 1, 6, 1, 0, tzinfo=UTC)
    body = "<p>The bridge opened on <strong>Monday</strong> &amp; it is long.</p>\n" * 60
    entries = tuple(
        FeedEntry(
            id=f"tag:letter.example,2025-01-01:article/{n}",
            url=f"https://letter.example/{n}/",
            title=f"Story {n}",
            summary="The new bridge halves the way to work.",
            content=body,
            published=start - timedelta(seconds=n),
            updated=start - timedelta(seconds=n),
            authors=builders.article().authors,
            categories=("Economy",),
        )
        for n in range(count)
    )
    return Feed(
        id="tag:letter.example,2025-01-01:feed/all",
        title="Steppe Letter",
        subtitle="Central Asia in ten minutes",
        home="https://letter.example/",
        language="en",
        updated=start,
        publisher=Publisher(name="Steppe Letter"),
        copyright="",
        links=Links(publication),
        folder="feeds/",
        subscription="feeds/",
        entries=entries,
    )


def by_hand(feed: Feed) -> None:
    """Write both documents with nothing between us and lxml."""
    rss = etree.Element("rss", nsmap={"atom": ATOM, "content": CONTENT, "dc": DC}, version="2.0")
    channel = etree.SubElement(rss, "channel")
    for name, text in (("title", feed.title), ("link", feed.home), ("description", feed.subtitle)):
        etree.SubElement(channel, name).text = text
    etree.SubElement(channel, f"{{{ATOM}}}link", rel="self", href=feed.url("rss"), type="application/rss+xml")
    atom = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    for name, text in (("id", feed.id), ("title", feed.title), ("updated", rfc3339(feed.updated))):
        etree.SubElement(atom, f"{{{ATOM}}}{name}").text = text
    for entry in feed.entries:
        _item_by_hand(channel, entry)
        _entry_by_hand(atom, entry)
    for root in (rss, atom):
        etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _item_by_hand(channel: etree._Element, entry: FeedEntry) -> None:
    item = etree.SubElement(channel, "item")
    etree.SubElement(item, "title").text = entry.title
    etree.SubElement(item, "link").text = entry.url
    etree.SubElement(item, "description").text = entry.summary
    etree.SubElement(item, f"{{{CONTENT}}}encoded").text = entry.content
    etree.SubElement(item, "guid", isPermaLink="false").text = entry.id
    for category in entry.categories:
        etree.SubElement(item, "category").text = category
    for author in entry.authors:
        etree.SubElement(item, f"{{{DC}}}creator").text = author.name
    etree.SubElement(item, "pubDate").text = format_datetime(entry.published)


def _entry_by_hand(atom: etree._Element, entry: FeedEntry) -> None:
    element = etree.SubElement(atom, f"{{{ATOM}}}entry")
    for name, text in (("id", entry.id), ("title", entry.title), ("summary", entry.summary)):
        etree.SubElement(element, f"{{{ATOM}}}{name}").text = text
    etree.SubElement(element, f"{{{ATOM}}}published").text = rfc3339(entry.published)
    etree.SubElement(element, f"{{{ATOM}}}updated").text = rfc3339(entry.updated)
    etree.SubElement(element, f"{{{ATOM}}}content", type="html").text = entry.content
    etree.SubElement(element, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=entry.url)
    for author in entry.authors:
        etree.SubElement(etree.SubElement(element, f"{{{ATOM}}}author"), f"{{{ATOM}}}name").text = author.name
    for category in entry.categories:
        etree.SubElement(element, f"{{{ATOM}}}category", term=category)


def ours(feed: Feed) -> None:
    """Write both documents as a publish does."""
    render_rss(feed)
    render_atom(feed)


def best(work: Callable[[Feed], None], feed: Feed, rounds: int = 5) -> float:
    """The CPU seconds of the best round."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work(feed)
        times.append(time.process_time() - start)
    return min(times)


def archive_peak(issues: int) -> float:
    """Megabytes in use at most while every document of an archive is made and dropped.

    The site map is left out: it names every page in one file, and so grows with their number.
    """
    files = feed_files(feed_samples.long_site(issues, 4))
    tracemalloc.start()
    for path in files:
        if not path.startswith("sitemap"):
            _ = files[path]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    """Print the ratios."""
    for count in (100, 1000):
        feed = make_feed(count)
        hand, publisher = best(by_hand, feed), best(ours, feed)
        print(
            f"{count:>5} entries, RSS and Atom: {publisher / hand:.2f} x lxml by hand (target: at most 1.30)"
        )
    archive_peak(5)  # templates and grammars are loaded once
    small, large = (
        archive_peak(125),
        archive_peak(500),
    )  # from 100 on, as many entries are remembered as may be
    print(f"memory over 500 issues: {large / small:.2f} x that over 125 ({large:.1f} MB)")


if __name__ == "__main__":
    main()
