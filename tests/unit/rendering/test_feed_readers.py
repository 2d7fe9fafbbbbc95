"""Random issues, written in every format and read back by four independent readers.

feedparser, reader, fastfeedparser and atoma know nothing of us: what they find must be what the
editor wrote, whatever characters it is made of.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import atoma
import builders
import fastfeedparser
import feed_samples
import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html
from reader import make_reader

from publisher.rates.models import RateRow, RatesTable
from publisher.rendering.feed_entries import Entries
from publisher.rendering.feed_rates import rates_words
from publisher.rendering.feeds import feed_files
from publisher.rendering.language import Language

# Whatever a keyboard can make, of any script, but nothing that a reader would take for markup, or
# (feedparser, of U+0080 to U+00FF in a row) for UTF-8 that was decoded twice.
LATIN_1 = "".join(map(chr, range(0x80, 0x100)))
CHARACTERS = st.characters(
    codec="utf-8", categories=("L", "N", "P", "S", "Mn", "Zs"), exclude_characters="<>&`" + LATIN_1
)
WORDS = st.text(CHARACTERS, min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)
NAMES = WORDS.map(lambda text: text.replace("@", "&"))  # a name with an address in it is refused
TITLES = WORDS | st.sampled_from(
    ["Ends ]]> here", "🚀 👩‍👩‍👧", "سد ۳۳۵ متر", "Рубль – тенге", "Fish & chips", "Café à Och", "5 < 6"]
)
MODEST = settings(max_examples=15)
ISSUE_TIME = datetime(2025, 12, 10, 1, 0, tzinfo=UTC)
PICTURE = builders.picture(20, 10)


@st.composite
def sites(draw):
    """One issue of up to four articles with random words, authors, tags, pictures and corrections."""
    articles = []
    for number in range(draw(st.integers(1, 4))):
        corrected = draw(st.booleans())
        picture = {"path": "images/a.jpg", "alt": draw(WORDS)} if draw(st.booleans()) else None
        fixes = (
            [{"at": ISSUE_TIME + timedelta(minutes=draw(st.integers(1, 9))), "text": draw(WORDS)}]
            if corrected
            else []
        )
        articles.append(
            builders.article(
                id=f"story-{number}",
                slug=f"story-{number}",
                title=draw(TITLES),
                summary=draw(WORDS),
                tags=draw(st.lists(WORDS, max_size=3, unique=True)),
                authors=[{"name": name} for name in draw(st.lists(NAMES, max_size=2, unique=True))],
                image=picture,
                corrections=fixes,
                published=ISSUE_TIME,
                body=draw(WORDS),
            )
        )
    issue = builders.issue(*articles, title=draw(TITLES))
    return feed_samples.site_of(issue, images={f"{issue.slug}/images/a.jpg": PICTURE})


def entries_of(site):
    """What every reader must find, newest first."""
    entries, links = Entries(site), site.links
    return [entries[links.article_id(article)] for article in site.editions[0].issue.articles]


def told(entry):
    """What all formats carry, in one shape."""
    enclosure = (
        [(entry.enclosure.url, entry.enclosure.media_type, entry.enclosure.length)] if entry.enclosure else []
    )
    return {
        "id": entry.id,
        "title": entry.title,
        "link": entry.url,
        "published": entry.published,
        "updated": entry.updated,
        "enclosures": enclosure,
        "categories": list(entry.categories),
    }


def moment(struct):
    """What feedparser makes of a time, as a time."""
    return datetime(*struct[:6], tzinfo=UTC) if struct else None


def by_feedparser(data, media_type):
    """Read as the library behind most Python readers does."""
    headers = {"content-type": media_type, "content-location": "https://letter.example/feeds/x.xml"}
    parsed = feedparser.parse(data, response_headers=headers)
    assert not parsed.bozo, parsed.bozo_exception
    return [
        {
            "id": entry.id,
            "title": entry.title,
            "link": entry.link,
            "published": moment(entry.published_parsed),
            "updated": moment(entry.get("updated_parsed")) or moment(entry.published_parsed),
            "enclosures": [(e.href, e.type, int(e.length)) for e in entry.enclosures],
            "categories": [tag.term for tag in entry.get("tags", [])],
        }
        for entry in parsed.entries
    ]


@MODEST
@given(sites())
def test_feedparser_reads_what_was_written(site):
    """Titles with markup aside (it cleans them as HTML): see the readers below for those."""
    expected = [told(entry) for entry in entries_of(site)]
    files = feed_files(site)
    for path, media_type in (
        ("feeds/rss.xml", "application/rss+xml"),
        ("feeds/atom.xml", "application/atom+xml"),
    ):
        found = by_feedparser(files[path], media_type)
        assert [without_markup(one) for one in found] == [without_markup(one) for one in expected]


def without_markup(told):
    """Leave out a title that looks like HTML to feedparser."""
    return told | ({"title": ""} if set("<&") & set(told["title"]) else {})


@MODEST
@given(sites())
def test_fastfeedparser_reads_what_was_written(site):
    """The fast one, which knows no second date in RSS and no enclosures in Atom."""
    files = feed_files(site)
    for path in ("feeds/rss.xml", "feeds/atom.xml"):
        found = fastfeedparser.parse(files[path])["entries"]
        assert [
            (one["id"], one["title"], one["link"], datetime.fromisoformat(one["published"]).astimezone(UTC))
            for one in found
        ] == [(one.id, one.title, one.url, one.published) for one in entries_of(site)]


@MODEST
@given(sites())
def test_atoma_reads_what_was_written(site):
    """The strict one."""
    files, expected = feed_files(site), entries_of(site)
    atom = atoma.parse_atom_bytes(files["feeds/atom.xml"]).entries
    rss = atoma.parse_rss_bytes(files["feeds/rss.xml"]).items
    assert [(one.id_, one.title.value, one.published, one.updated) for one in atom] == [
        (one.id, one.title, one.published, one.updated) for one in expected
    ]
    assert [
        [(link.href, link.type_, link.length) for link in one.links if link.rel == "enclosure"]
        for one in atom
    ] == [told(one)["enclosures"] for one in expected]
    assert [(one.guid, one.title, one.link, one.pub_date) for one in rss] == [
        (one.id, one.title, one.url, one.published) for one in expected
    ]
    assert [[(e.url, e.type, e.length) for e in one.enclosures] for one in rss] == [
        told(one)["enclosures"] for one in expected
    ]


@MODEST
@given(sites())
def test_json_says_the_same(site):
    """The third format, field by field."""
    items = json.loads(feed_files(site)["feeds/feed.json"])["items"]
    found = [
        {
            "id": item["id"],
            "title": item["title"],
            "link": item["url"],
            "published": datetime.fromisoformat(item["date_published"]),
            "updated": datetime.fromisoformat(item.get("date_modified", item["date_published"])),
            "enclosures": [
                (a["url"], a["mime_type"], a["size_in_bytes"]) for a in item.get("attachments", [])
            ],
            "categories": item["tags"],
        }
        for item in items
    ]
    assert found == [told(entry) for entry in entries_of(site)]


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(site=sites())
@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_a_subscriber_keeps_what_was_written(tmp_path, site, name):
    """`reader`, a whole feed reader with a database: entries, order and enclosures."""
    (tmp_path / name).write_bytes(feed_files(site)[f"feeds/{name}"])
    with make_reader(":memory:", feed_root=str(tmp_path)) as subscriber:
        subscriber.add_feed(name)
        subscriber.update_feeds()
        found = {entry.id: entry for entry in subscriber.get_entries()}
    for entry in entries_of(site):
        kept = found[entry.id]
        assert (kept.link, kept.published) == (entry.url, entry.published)
        assert (kept.updated or kept.published) == entry.updated
        assert [(e.href, e.type, e.length) for e in kept.enclosures] == told(entry)["enclosures"]
    assert len(found) == len(entries_of(site))


VALUES = st.decimals(Decimal("0.00001"), Decimal(20000), places=5).map(lambda value: value.normalize() + 0)


@MODEST
@given(st.lists(VALUES, min_size=1, max_size=6))
def test_the_cells_of_the_rates_come_back(values):
    """In the issues feed, as a plain table with one head row, in every format."""
    rows = tuple(
        RateRow(base=code, quote="USD", local=code, value=value)
        for code, value in zip(("KGS", "KZT", "TJS", "UZS", "TMT", "CNY"), values, strict=False)
    )
    table = RatesTable(rows=rows, as_of=ISSUE_TIME.date(), sources=("A & B",))
    site = feed_samples.site_of(builders.issue())
    site = feed_samples.with_rates(site, table)
    files = feed_files(site)
    expected = rates_words(table, Language("en"))
    for text in (
        json.loads(files["feeds/issues/feed.json"])["items"][0]["content_html"],
        etree.fromstring(files["feeds/issues/rss.xml"]).findtext(".//{*}encoded"),
        feedparser.parse(files["feeds/issues/atom.xml"]).entries[0].content[0].value,
    ):
        found = html.fromstring(f"<div>{text}</div>").find("table")
        assert found.findtext("caption") == expected.caption
        cells = [tuple(cell.text for cell in row) for row in found.iter("tr")]
        assert cells == [expected.headings, *expected.rows]
