"""The HTML of an entry: what is left of it in any reader."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import builders
import feed_samples
import pytest
from lxml import html

from publisher.rendering.direction import directed, isolated
from publisher.rendering.feed_entries import Entries
from publisher.rendering.feeds import feed_files
from publisher.rendering.language import Language

GOLDEN = Path(__file__).resolve().parents[2] / "samples/feeds"
AT = datetime(2025, 12, 11, 4, 0, tzinfo=UTC)
PICTURE = {"path": "images/dam.jpg", "alt": "A dam", "caption": "The crest", "credit": "Photo: Kabar"}


def entry_of(site, **changes):
    """The entry of the one article of an issue."""
    issue = builders.issue(builders.article(**changes))
    found = replace(feed_samples.site_of(issue, images={"2025-12-10/images/dam.jpg": b"123456789"}), **site)
    return Entries(found)[found.links.article_id(issue.articles[0])]


def test_the_picture_comes_first_with_its_words():
    """And goes along as a file of nine bytes."""
    entry = entry_of({}, image=PICTURE)
    assert entry.content.startswith(
        '<figure><img src="https://letter.example/2025-12-10/images/dam.jpg" alt="A dam">'
        "<figcaption>The crest. Photo: Kabar</figcaption></figure>\n<p>The bridge opened"
    )
    assert (entry.enclosure.media_type, entry.enclosure.length) == ("image/jpeg", 9)


def test_a_headline_alone_is_told_again():
    """A story without a text is rare, and an entry without content a fault to validators."""
    assert entry_of({}, body="", summary="", title="5 < 6").content == "<p>5 &lt; 6</p>"


@pytest.mark.parametrize(
    ("caption", "credit", "expected"),
    [
        ("The crest", "Photo: Kabar", "The crest. Photo: Kabar"),
        ("The crest.", "Photo: Kabar", "The crest. Photo: Kabar"),
        ("Whose is it?", "Photo: Kabar", "Whose is it? Photo: Kabar"),
        ("The crest", "", "The crest"),
        ("", "Photo: Kabar", "Photo: Kabar"),
    ],
)
def test_what_is_seen_and_who_made_it_are_two_sentences(caption, credit, expected):
    """With one full stop between them, whether it was typed or not."""
    entry = entry_of({}, image=PICTURE | {"caption": caption, "credit": credit})
    assert f"<figcaption>{expected}</figcaption>" in entry.content


def test_a_correction_stands_above_the_story():
    """In words that need no colour."""
    entry = entry_of({}, corrections=[{"at": AT, "text": "It is 214 metres, not 241."}])
    expected = "<p><strong>Corrected on 11 Dec 2025, 10:00:</strong> It is 214 metres, not 241.</p>\n<p>The bridge opened"
    assert entry.content.startswith(expected)


def test_a_withdrawn_story_is_its_notice_alone():
    """Same id and date; no text, no picture, no sources, and the notice for a summary."""
    notice = {"at": AT, "text": "The source withdrew it.", "retraction": True}
    plain = entry_of({}, image=PICTURE)
    entry = entry_of({}, image=PICTURE, corrections=[notice], sources=[{"name": "Kabar"}])
    assert entry.content == "<p><strong>Withdrawn on 11 Dec 2025, 10:00:</strong> The source withdrew it.</p>"
    assert (entry.summary, entry.enclosure) == ("The source withdrew it.", None)
    assert (entry.id, entry.published) == (plain.id, plain.published)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("[x](../2025-12-09/dam/)", 'href="https://letter.example/2025-12-09/dam/"'),
        ("[x](#sources)", 'href="https://letter.example/2025-12-10/bridge/#sources"'),
        ("![x](images/dam.jpg)", 'src="https://letter.example/2025-12-10/images/dam.jpg"'),
        ("[x](//other.example/a)", 'href="https://other.example/a"'),
    ],
)
def test_addresses_lead_to_the_site(markdown, expected):
    """From wherever an entry is read."""
    assert expected in entry_of({}, body=markdown).content


def test_sources_are_named_once():
    """The original first."""
    kabar = {"name": "Kabar", "url": "https://kabar.example/"}
    entry = entry_of({}, source=kabar, sources=[kabar, {"name": "NBKR"}])
    assert entry.content.endswith('<p>Sources: <a href="https://kabar.example/">Kabar</a>, NBKR</p>')
    assert entry.via == "https://kabar.example/"


def test_a_story_in_another_language_says_so():
    """Its blocks run from the right, and its numbers stay as they are."""
    entry = entry_of({}, language="fa", body="نرخ −0.28% شد.\n\n- USD/KGS 87.45")
    assert entry.language == "fa"
    assert '<p dir="rtl">نرخ \u2066−0.28%\u2069 شد.</p>' in entry.content
    assert '<ul dir="rtl">' in entry.content
    assert "\u2066USD/KGS\u2069 \u206687.45\u2069" in entry.content


@pytest.mark.parametrize(("around", "own", "marked"), [("en", "fa", "rtl"), ("fa", "en", "ltr")])
def test_in_an_issue_each_story_keeps_its_direction(around, own, marked):
    """The blocks of one that runs otherwise say so, once; those of the others are as the issue is."""
    guest, host = builders.article(language=own, body="> 12:30"), builders.article(id="2", slug="two")
    site = feed_samples.site_of(builders.issue(guest, host))
    site = replace(site, publication=site.publication.model_copy(update={"language": around}))
    content = Entries(site)[site.links.issue_id(site.editions[0].issue)].content
    found = html.fromstring(f"<div>{content}</div>")
    assert [element.get("dir") for element in found.find("blockquote").iter("blockquote", "p")] == [
        marked
    ] * 2
    assert content.count(f'dir="{marked}"') == 2
    assert {block.get("dir") for block in found.iterfind("ul")} == {"rtl" if around == "fa" else None}


def test_left_to_right_html_is_left_alone():
    """No attribute that says nothing."""
    assert directed("<p>1–2</p>", Language("ru")) == "<p>1–2</p>"


@pytest.mark.parametrize("text", ["&#34;x&#x27;", "5 metres", "&amp;"])
def test_what_needs_no_isolate_gets_none(text):
    """Entities stay whole; a single digit cannot be turned round."""
    assert isolated(text) == text


def test_an_issue_tells_everything_in_its_order():
    """Key number, table, lead, contents, stories."""
    site = feed_samples.long_site(1)
    content = html.fromstring(
        "<div>" + Entries(site)[site.links.issue_id(site.editions[0].issue)].content + "</div>"
    )
    assert [child.tag for child in content][:5] == ["p", "table", "p", "ol", "h2"]
    assert content[0].text == "1 KGS is worth 0.01144 US dollars: som weaker 0.28% since 5 Jan 2025."
    assert [link.get("href") for link in content.iterfind("ol/li/a")] == [
        f"https://letter.example/2025-01-06/story-{place}/" for place in range(4)
    ]
    assert [len(row) for row in content.find("table").iter("tr")] == [4, 4, 4]


@pytest.mark.parametrize(
    "path",
    ["feeds/rss.xml", "feeds/atom.xml", "feeds/feed.json", "feeds/issues/atom.xml", "feeds/feeds.opml"],
)
def test_documents_are_as_they_were(path):
    """Golden files: a change of a byte is seen, and meant (UPDATE_GOLDEN=1 writes them anew)."""
    issue = builders.issue(
        builders.article(
            image=PICTURE, tags=["Osh"], corrections=[{"at": AT, "text": "It is 214 metres, not 241."}]
        ),
        builders.article(
            id="2025-12-10.fish", slug="fish", title="Fish & <chips>", section="nature", authors=()
        ),
    )
    site = feed_samples.site_of(
        issue, images={"2025-12-10/images/dam.jpg": b"123456789"}, hub="https://hub.example/"
    )
    expected = GOLDEN / path.removeprefix("feeds/").replace("/", "-")
    data = feed_files(site)[path]
    if os.environ.get("UPDATE_GOLDEN"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_bytes(data)
    assert data == expected.read_bytes()
