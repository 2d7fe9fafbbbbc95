"""What pages say to machines is what they say to people."""

from __future__ import annotations

import json

import builders
import pytest
from lxml import html

from publisher.rendering.pages.plan import page_files
from publisher.rendering.pages.structured_data import as_script


def data_of(site, path: str):
    """Read the data block of a page."""
    return json.loads(html.fromstring(page_files(site)[path]).findtext(".//script"))


def test_a_corrected_story_tells_when_and_what():
    """Dates, author, section, issue and correction of a NewsArticle are the article's own."""
    article = builders.article(
        corrections=[{"at": "2025-12-11T09:30:00+06:00", "text": "It is 214 metres long."}],
        source={"name": "Kabar", "url": "https://kabar.example/1"},
    )
    expected = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": "https://letter.example/2025-12-10/bridge/",
        "headline": "A bridge opens in Osh",
        "description": "The new bridge halves the way to work.",
        "url": "https://letter.example/2025-12-10/bridge/",
        "mainEntityOfPage": "https://letter.example/2025-12-10/bridge/",
        "identifier": "tag:letter.example,2025-01-01:article/2025-12-10.bridge",
        "datePublished": "2025-12-10T01:00:00+00:00",
        "dateModified": "2025-12-11T09:30:00+06:00",
        "inLanguage": "en",
        "articleSection": "Economy",
        "author": [{"@type": "Person", "name": "Aigul Sadykova"}],
        "publisher": {"@type": "Organization", "name": "Steppe Letter", "url": "https://letter.example"},
        "isPartOf": {
            "@type": "PublicationIssue",
            "issueNumber": "128",
            "url": "https://letter.example/2025-12-10/",
        },
        "isBasedOn": "https://kabar.example/1",
        "correction": [
            {
                "@type": "CorrectionComment",
                "text": "It is 214 metres long.",
                "datePublished": "2025-12-11T09:30:00+06:00",
            }
        ],
        "isAccessibleForFree": True,
    }
    assert data_of(builders.site(builders.issue(article)), "2025-12-10/bridge/index.html") == expected


def test_an_issue_lists_its_stories():
    """A PublicationIssue has a number, a date and parts with addresses."""
    data = data_of(builders.site(), "2025-12-10/index.html")
    assert (data["@type"], data["issueNumber"]) == ("PublicationIssue", "128")
    assert [part["@id"] for part in data["hasPart"]] == ["https://letter.example/2025-12-10/bridge/"]


@pytest.mark.parametrize("text", ["</script>", "<!-- <script>", "a & b", "]]>"])
def test_data_cannot_end_its_element(text):
    """Whatever a title holds, the block carries it whole and no HTML reader sees markup in it."""
    block = as_script({"name": text})
    assert json.loads(block) == {"name": text}
    assert not set("<>&") & set(block)
