"""A story too long for one page is published as several, each light, and together the whole."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import builders
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import ChoiceLoader, DictLoader
from long_reads import long_read, long_site, prose, stories, told
from lxml import html
from lxml.html import HtmlElement

from publisher.rendering.feeds import feed_files
from publisher.rendering.models import Site
from publisher.rendering.pages import leaves as leaves_module
from publisher.rendering.pages import lengths as lengths_module
from publisher.rendering.pages.check import page_remarks
from publisher.rendering.pages.lengths import counted, may_be_long
from publisher.rendering.pages.plan import page_files
from publisher.rendering.pages.views import html_of
from publisher.rendering.paging import BUDGET
from publisher.rendering.sitemap import render_sitemaps

FIRST = "2025-12-10/bridge/"
SIGNS = st.text('a*_`~[]()<>#-+.1:!\\&" \n|я/', min_size=1, max_size=8)


def leaves_of(site: Site, folder: str = FIRST) -> dict[str, bytes]:
    """The pages of a story, in order, by their paths."""
    files = page_files(site)
    return {path: files[path] for path in sorted(files, key=number_of) if path.startswith(folder)}


def number_of(path: str) -> int:
    """The number in a page's address."""
    found = re.search(r"/(\d+)/index\.html$", path)
    return int(found[1]) if found else 1


def elements(data: bytes) -> HtmlElement:
    """A page to look into."""
    return html.fromstring(data.decode())


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    """The pages of a long read with everything around it."""
    site = long_site(
        sources=["Kabar"],
        corrections=[{"at": "2025-12-11T09:30+06:00", "text": "It is 9 metres."}],
        image={"path": "images/gate.png", "alt": "A gate"},
    )
    return leaves_of(site)


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_a_long_read_stands_on_light_pages(language):
    """Each is below the budget, all together are the story, and none is nearly empty."""
    site = long_site(language)
    found = leaves_of(site)
    whole = html_of(site.editions[0].issue.articles[1].body, base_url="https://letter.example/", heading=2)
    assert list(found) == [
        f"{FIRST}index.html",
        *(f"{FIRST}{n}/index.html" for n in range(2, len(found) + 1)),
    ]
    assert all(BUDGET // 3 < len(data) <= BUDGET for data in found.values())
    assert [line for data in found.values() for line in told(prose(data))] == told(
        html.fragment_fromstring(str(whole), create_parent="div")
    )
    assert list(page_remarks(site, site.editions[0])) == []


@settings(max_examples=25, deadline=None)
@given(stories(), st.sampled_from(["en", "fa"]))
def test_any_story_stands_on_light_pages(markdown, language):
    """Whatever its blocks: with a tenth of the budget, pages are light unless one block alone is too heavy."""
    budget = 9_500
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leaves_module, "BUDGET", budget)
        patch.setattr(leaves_module, "LEAST", 1_000)
        patch.setattr(lengths_module, "may_be_long", lambda article: article.slug == "bridge")
        found = leaves_of(long_site(language, body=markdown))
    for data in found.values():
        assert len(data) <= budget or len(list(prose(data))) == 1
    whole = html.fragment_fromstring(str(html_of(markdown, base_url="x", heading=2)), create_parent="div")
    assert [line for data in found.values() for line in told(prose(data))] == told(whole)


def test_each_page_leads_to_the_ones_beside_it(pages):
    """By links that work without a script, one before and one after; the next story is not in the series."""
    count = len(pages)
    for number, (path, data) in enumerate(pages.items(), 1):
        page = elements(data)
        up = "../" * path.count("/")
        (turn,) = page.find_class("leaves")
        assert f"Page {number} of {count}" in turn.text_content()
        links = {
            link.get("rel"): link.get("href")
            for link in page.iter("a")
            if link.get("rel") in {"prev", "next"}
        }
        before = {"prev": f"{up}{FIRST}" + (f"{number - 1}/" if number > 2 else "")} if number > 1 else {}
        after = {"next": f"{up}{FIRST}{number + 1}/"} if number < count else {}
        assert links == before | after
        assert [link.text_content().split() for link in page.find_class("turn")[0].iter("a")][1][:2] == [
            "Next",
            "story",
        ]


def test_each_page_has_its_own_name_and_address(pages):
    """In the title, the canonical address, Open Graph; to machines it is the same story on another page."""
    for number, data in enumerate(pages.values(), 1):
        page = elements(data)
        address = f"https://letter.example/{FIRST}" + (f"{number}/" if number > 1 else "")
        name = "A bridge opens in Osh" + (f" · Page {number} of {len(pages)}" if number > 1 else "")
        assert page.findtext(".//title") == f"{name} · Steppe Letter"
        assert page.xpath("//link[@rel='canonical']/@href") == [address]
        assert page.xpath("//meta[@property='og:url']/@content") == [address]
        assert page.xpath("//meta[@property='og:title']/@content") == [name]
        story = json.loads(page.findtext(".//script"))
        assert (story["@type"], story["@id"]) == ("NewsArticle", f"https://letter.example/{FIRST}")
        assert story["mainEntityOfPage"]["@id"] == address
        assert len(story["correction"]) == 1


def test_what_belongs_to_the_story_is_said_once(pages):
    """Notices, byline and picture on the first page, sources on the last; later pages say 'Corrected'."""
    found = [elements(data) for data in pages.values()]
    assert [bool(page.find_class("notice")) for page in found] == [True, *[False] * (len(found) - 1)]
    assert [bool(page.find_class("byline")) for page in found] == [True, *[False] * (len(found) - 1)]
    assert [bool(page.xpath("//figure")) for page in found] == [True, *[False] * (len(found) - 1)]
    assert [bool(page.find_class("sources")) for page in found] == [*[False] * (len(found) - 1), True]
    for page in found[1:]:
        (link,) = [mark.getparent() for mark in page.find_class("mark")]
        assert (link.tag, link.get("href")) == ("a", f"../../../{FIRST}")


def test_each_page_has_the_contents_of_the_issue(pages):
    """The story is marked in it: as the page itself on the first, as what the page belongs to on the others."""
    for number, data in enumerate(pages.values(), 1):
        (here,) = elements(data).xpath("//nav[@class='contents']//a[@aria-current]")
        assert here.get("aria-current") == ("page" if number == 1 else "true")
        assert here.get("href").endswith(f"../{FIRST}")


def test_pictures_and_links_lead_home_from_every_page():
    """Paths are relative to the page, and later pages lie one folder deeper."""
    site = long_site()
    files = page_files(site)
    for path, data in leaves_of(site).items():
        for picture in prose(data).iter("img"):
            sources = [picture.get("src"), *re.findall(r"\S+(?= \d+w)", picture.get("srcset", ""))]
            for source in sources:
                up = path.count("/")
                assert source.startswith("../" * up + "assets/")
                assert source[3 * up :] in files


def test_links_into_the_issue_lead_there_from_every_page():
    """`[x](#before)` is the issue's story of that name, wherever in the story it stands."""
    body = f"See [one](#before).\n\n{long_read()}\n\nSee [two](#before)."
    found = list(leaves_of(long_site(body=body)).values())
    for data in (found[0], found[-1]):
        assert 'href="https://letter.example/2025-12-10/#before"' in data.decode()


def test_reference_links_work_on_every_page():
    """A link whose address stands at the story's end is a link on the first page too."""
    body = f"See [the decree][1].\n\n{long_read()}\n\n[1]: https://decree.example/"
    data = next(iter(leaves_of(long_site(body=body)).values()))
    assert 'href="https://decree.example/"' in data.decode()


def test_the_site_map_names_every_page():
    """Each with the time of the story's last change."""
    site = long_site()
    named = re.findall(
        r"<loc>https://letter.example/(.*?)</loc>", render_sitemaps(site)["sitemap.xml"]().decode()
    )
    pages = {path.removesuffix("index.html") for path in page_files(site) if path.endswith("index.html")}
    assert set(named) == pages
    assert f"{FIRST}2/" in named


def test_a_withdrawn_story_has_one_page_and_the_others_lead_to_it():
    """Who kept the address of its third page finds the notice, and none of the words."""
    notice = [{"at": "2025-12-11T09:30+06:00", "text": "It was not so.", "retraction": True}]
    before, after = leaves_of(long_site()), leaves_of(long_site(corrections=notice))
    assert list(before) == list(after)
    first, *others = after.values()
    assert "It was not so." in first.decode()
    assert elements(first).find_class("prose") == []
    for data in others:
        assert b'url=../../../2025-12-10/bridge/"' in data
        assert b"the last gate" not in data
    assert f"{FIRST}2/" not in render_sitemaps(long_site(corrections=notice))["sitemap.xml"]().decode()


def test_every_page_of_a_moved_story_leads_to_its_new_address():
    """The second to the second; an address that was one file never had a second."""
    site = long_site(moved_from=["2025-12-10/viaduct/", "old/bridge.html"])
    files = page_files(site)
    for number in range(2, len(leaves_of(site)) + 1):
        assert f"url=../../../{FIRST}{number}/".encode() in files[f"2025-12-10/viaduct/{number}/index.html"]
    assert b"url=../" in files["old/bridge.html"]
    assert not [path for path in files if path.startswith("old/bridge.html/")]


@pytest.mark.parametrize("notices", [1, 30])
def test_what_stands_around_a_story_counts(notices):
    """Thirty corrections leave the first page less room, and no word of the story is lost for them."""
    corrections = [
        {"at": "2025-12-11T09:30+06:00", "text": f"{n} " + "It is 9 metres. " * 20} for n in range(notices)
    ]
    site = long_site(corrections=corrections)
    found = leaves_of(site)
    assert all(len(data) <= BUDGET for data in found.values())
    whole = html_of(site.editions[0].issue.articles[1].body, base_url="https://letter.example/", heading=2)
    assert [line for data in found.values() for line in told(prose(data))] == told(
        html.fragment_fromstring(str(whole), create_parent="div")
    )


def test_feeds_keep_the_whole_story():
    """And its permalink."""
    site = long_site()
    (entry,) = [
        item
        for item in json.loads(feed_files(site)["feeds/feed.json"])["items"]
        if item["url"] == f"https://letter.example/{FIRST}"
    ]
    lines = told(html.fragment_fromstring(entry["content_html"], create_parent="div"))
    assert [words for _, words in lines if words.startswith("219 ")] != []


def test_a_template_that_does_not_lead_on_keeps_the_story_whole():
    """A publication whose own template knows nothing of pages loses no word, and is told of the weight."""
    own = (
        "{% extends 'web/base.html' %}{% block main %}<h1>{{ head.title }}</h1>{{ story.html }}{% endblock %}"
    )
    site = long_site()
    loader = ChoiceLoader([DictLoader({"web/article.html": own}), site.templates.loader])
    site = replace(site, templates=site.templates.overlay(loader=loader))
    assert list(leaves_of(site)) == [f"{FIRST}index.html"]
    assert [remark.code for remark in page_remarks(site, site.editions[0])] == ["S101"]


def test_who_has_counted_is_believed():
    """A publish that knows the lengths sets no page to learn them again."""
    site = counted(long_site())
    assert counted(site) is site
    assert site.lengths is not None
    assert set(site.lengths) == {FIRST}


@given(SIGNS)
def test_what_cannot_be_long_is_not(unit):
    """The longest body that is let through unseen becomes less than half a page, whatever it is made of."""
    fits, too_long = 0, 20_000
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        fits, too_long = (
            (middle, too_long) if not may_be_long(builders.article(body=unit * middle)) else (fits, middle)
        )
    try:
        text = html_of(unit * fits, base_url="https://letter.example/2025-12-10/", heading=2)
    except ValueError:
        return  # nested too deeply: refused where it is loaded
    assert len(text.encode()) <= BUDGET // 2
