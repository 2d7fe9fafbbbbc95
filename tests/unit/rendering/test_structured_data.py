"""What pages say to machines is what they say to people."""

from __future__ import annotations

import json
import re

import builders
import pytest
from hostile import hostile_site
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
        "mainEntityOfPage": {"@type": "WebPage", "@id": "https://letter.example/2025-12-10/bridge/"},
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


def test_a_desk_is_no_person():
    """Who is named as the publication, its publisher or a desk is an organisation; others are people."""
    story = builders.article(
        authors=[
            "Aigul Sadykova",
            "NEWS DESK",
            "Steppe Letter",
            {"name": "Bek", "url": "https://bek.example/"},
        ]
    )
    site = builders.site(builders.issue(story), desks=["News desk"])
    expected = [
        {"@type": "Person", "name": "Aigul Sadykova"},
        {"@type": "Organization", "name": "NEWS DESK", "url": "https://letter.example"},
        {"@type": "Organization", "name": "Steppe Letter", "url": "https://letter.example"},
        {"@type": "Person", "name": "Bek", "url": "https://bek.example/"},
    ]
    assert data_of(site, "2025-12-10/bridge/index.html")["author"] == expected


def test_a_story_without_a_name_is_the_publishers():
    """Nobody signed it, so the publication did; its logo is told where there is one."""
    who = {"name": "Steppe Letter", "url": "https://us.example/", "logo": "https://us.example/logo.png"}
    site = builders.site(builders.issue(builders.article(authors=[])), publisher=who)
    data = data_of(site, "2025-12-10/bridge/index.html")
    logo = {"@type": "ImageObject", "url": "https://us.example/logo.png"}
    expected = {"@type": "Organization", "name": "Steppe Letter", "url": "https://us.example/", "logo": logo}
    assert data["author"] == [expected]
    assert data["publisher"] == expected


def test_a_picture_is_told_with_its_measures():
    """The largest size stands in the data, as an address, with width, height, caption and credit."""
    article = builders.article(image={"path": "images/dam.jpg", "alt": "A dam", "credit": "Drawing: us"})
    images = {"2025-12-10/images/dam.jpg": builders.picture(2000, 1000)}
    site = builders.site(builders.issue(article), images=images)
    picture = data_of(site, "2025-12-10/bridge/index.html")["image"][0]
    assert picture.pop("url").removeprefix("https://letter.example/") in page_files(site)
    assert picture == {
        "@type": "ImageObject",
        "width": 1600,
        "height": 800,
        "caption": "A dam",
        "creditText": "Drawing: us",
    }


# What search engines ask of each type, required or recommended (schema.org; a property -> its form).
TEXT, ADDRESS, TIME, NUMBER, TRUTH = (
    r".+",
    r"https?://[^\s<>\"]+",
    r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d",
    r"\d+",
    "True",
)
SHAPES = {
    "NewsArticle": {
        "headline": TEXT,
        "url": ADDRESS,
        "datePublished": TIME,
        "dateModified": TIME,
        "author": ("Person", "Organization"),
        "publisher": ("Organization",),
        "mainEntityOfPage": ("WebPage",),
        "inLanguage": r"[a-z]{2,3}(-\w+)*",
        "isAccessibleForFree": TRUTH,
        "isPartOf": ("PublicationIssue",),
    },
    "PublicationIssue": {"issueNumber": NUMBER, "url": ADDRESS},
    "WebSite": {"name": TEXT, "url": ADDRESS, "publisher": ("Organization",)},
    "WebPage": {"@id": ADDRESS},
    "Person": {"name": TEXT},
    "Organization": {"name": TEXT, "url": ADDRESS},
    "ImageObject": {"url": ADDRESS},
    "CorrectionComment": {"text": TEXT, "datePublished": TIME},
    "Periodical": {"name": TEXT, "url": ADDRESS},
}


def faults(data, where="") -> list[str]:
    """Look for what is missing, empty or of another form, at any depth."""
    if isinstance(data, list):
        return [fault for n, item in enumerate(data) for fault in faults(item, f"{where}[{n}]")]
    if not isinstance(data, dict):
        return [f"{where} is empty"] if data in ("", None) else []
    found = [fault for key, value in data.items() for fault in faults(value, f"{where}.{key}")]
    for key, form in SHAPES.get(data.get("@type"), {}).items():
        value = data.get(key)
        values = value if isinstance(value, list) else [value]
        for one in values:
            kind = one.get("@type") if isinstance(one, dict) else None
            fits = kind in form if isinstance(form, tuple) else re.fullmatch(form, str(one))
            if not fits:
                found.append(f"{where}.{key} is {one!r}")
    return found


def test_every_page_says_what_search_engines_ask_for():
    """On the dreadful publication, every data block can be read and every object in it is whole."""
    seen = set()
    for path, data in page_files(hostile_site()).items():
        if path.endswith(".html") and (block := html.fromstring(data).findtext(".//script")):
            said = json.loads(block)
            assert faults(said, path) == []
            seen.add(said["@type"])
    assert seen == {"WebSite", "PublicationIssue", "NewsArticle"}


@pytest.mark.parametrize("text", ["</script>", "<!-- <script>", "a & b", "]]>"])
def test_data_cannot_end_its_element(text):
    """Whatever a title holds, the block carries it whole and no HTML reader sees markup in it."""
    block = as_script({"name": text})
    assert json.loads(block) == {"name": text}
    assert not set("<>&") & set(block)
