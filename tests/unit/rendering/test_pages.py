"""The plan of the pages: which there are, and on what each depends."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import builders
import pytest
from lxml import html

from publisher.rendering.models import Edition, Site
from publisher.rendering.pages.plan import page_files
from publisher.rendering.settings import PageSettings

DAY = date(2025, 12, 10)


def numbered(days_ago: int, **changes):
    """Make an issue some days before the tenth of December, with two articles of its own."""
    day = DAY - timedelta(days=days_ago)
    at = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    articles = [
        builders.article(id=f"{day}.{slug}", slug=slug, title=f"{slug} of {day}", published=at)
        for slug in ("first", "second")
    ]
    fields = {"date": day, "number": 1000 - days_ago, "title": f"Issue of {day}", "published": at} | changes
    return builders.issue(*articles, **fields)


def page(site: Site, path: str):
    """Read one page of a site."""
    return html.fromstring(page_files(site)[path])


def text_of(element) -> str:
    """All words of an element, with single blanks."""
    return " ".join(element.text_content().split())


def test_every_kind_of_page_is_there():
    """A site has a front page, issues, articles, sections, an archive by year, feeds and a 404."""
    files = page_files(builders.site(numbered(0), numbered(345)))
    pages = {path for path in files if path.endswith(".html")}
    expected = {
        "index.html",
        "2025-12-10/index.html",
        "2025-12-10/first/index.html",
        "2025-12-10/second/index.html",
        "2024-12-30/index.html",
        "2024-12-30/first/index.html",
        "2024-12-30/second/index.html",
        "sections/economy/index.html",
        "sections/nature/index.html",
        "archive/index.html",
        "archive/2025/index.html",
        "archive/2024/index.html",
        "feeds/index.html",
        "404.html",
    }
    assert pages == expected


def test_a_publication_without_issues_has_pages():
    """Before the first issue the site stands already, and says so."""
    site = replace(builders.site(), editions=())
    assert "The first issue is being written." in text_of(page(site, "index.html"))
    assert "archive/index.html" in page_files(site)


def test_a_small_publication_shows_no_empty_frames():
    """One issue of one story without lead, rates, pictures or tagline: nothing stands that holds nothing."""
    issue = builders.issue(lead="")
    site = builders.site(issue, tagline="")
    site = replace(site, editions=(Edition(issue),))
    for path in ("index.html", "2025-12-10/index.html", "2025-12-10/bridge/index.html"):
        found = page(site, path)
        assert [
            e.tag
            for e in found.find(".//body").iter("div", "p", "ul", "ol", "nav", "section")
            if not text_of(e)
        ] == []
        assert found.xpath("//table | //nav[@class='contents'] | //nav[@class='turn']") == []


def test_the_same_site_gives_the_same_bytes():
    """Nothing in a page comes from the clock, chance or order of a hash."""
    images = {"2025-12-10/images/dam.jpg": builders.picture()}
    assert dict(page_files(builders.site(images=images))) == dict(page_files(builders.site(images=images)))


def test_one_more_issue_changes_few_pages():
    """Tomorrow's issue touches its neighbour, the front, the sections and the archive; no article."""
    before = page_files(builders.site(*(numbered(n) for n in range(1, 20))))
    after = page_files(builders.site(*(numbered(n) for n in range(20))))
    changed = {path for path in before if before[path] != after[path]}
    expected = {
        "index.html",
        "2025-12-09/index.html",
        "sections/economy/index.html",
        "archive/index.html",
        "archive/2025/index.html",
    }
    assert changed == expected


@pytest.mark.parametrize(
    "path", ["index.html", "2025-12-10/index.html", "2025-12-10/first/index.html", "404.html"]
)
def test_every_page_has_one_heading_and_the_landmarks(path):
    """One h1, a main, a header, a footer and a way to skip to the text."""
    found = page(builders.site(numbered(0), numbered(1)), path)
    counts = {name: len(found.findall(f".//{name}")) for name in ("h1", "main")}
    assert counts == {"h1": 1, "main": 1}
    assert found.xpath("//a[@class='skip']/@href") == ["#main_"]
    assert found.xpath("//main/@id") == ["main_"]


def test_links_work_below_a_path():
    """Links inside the site are relative; only the page for lost readers says the site's path."""
    site = builders.site(numbered(0), url="https://example.org/briefing/")
    links = page(site, "2025-12-10/first/index.html").xpath("//a/@href | //link[@rel='stylesheet']/@href")
    assert [link for link in links if not link.startswith(("../../", "#", "mailto:"))] == []
    lost = page(site, "404.html").xpath("//a/@href | //link[@rel='stylesheet']/@href")
    assert [link for link in lost if not link.startswith(("/briefing/", "#", "mailto:"))] == []


def test_every_link_inside_the_site_leads_somewhere():
    """No page points to a page that is not written; feeds are written elsewhere."""
    site = builders.site(numbered(0), numbered(1), numbered(400))
    files = page_files(site)
    missing = []
    for path, data in files.items():
        if not path.endswith(".html"):
            continue
        base = f"https://letter.example/{path}"
        document = html.fromstring(data)
        document.make_links_absolute(base)
        for _, _, link, _ in document.iterlinks():
            inside = link.removeprefix("https://letter.example/").partition("#")[0]
            target = f"{inside}index.html" if inside.endswith("/") or not inside else inside
            if (
                link.startswith("https://letter.example/")
                and not target.startswith("feeds/")
                and target not in files
            ):
                missing.append((path, link))
    assert missing == []


def test_an_article_knows_its_neighbours_and_its_issue():
    """Previous and next stay inside the issue; its contents mark the story that is being read."""
    found = page(builders.site(numbered(0)), "2025-12-10/second/index.html")
    assert found.xpath("//a[@rel='prev']/@href") == ["../../2025-12-10/first/"]
    assert found.xpath("//a[@rel='next']/@href") == []
    assert [text_of(a) for a in found.xpath("//nav[@class='contents']//a[@aria-current]")] == [
        "second of 2025-12-10"
    ]


def test_a_correction_is_seen_first():
    """A reader of a corrected story meets the correction, with its time, before the text."""
    corrected = builders.article(
        corrections=[{"at": "2025-12-11T09:30:00+06:00", "text": "The bridge is 214 metres long, not 241."}]
    )
    found = page(builders.site(builders.issue(corrected)), "2025-12-10/bridge/index.html")
    notice = found.xpath("//aside[contains(@class, 'notice')]")[0]
    assert text_of(notice) == "Correction, 11 Dec 2025, 09:30 The bridge is 214 metres long, not 241."
    assert notice.getnext().get("class") == "prose"
    assert text_of(found.xpath("//*[@class='updated']")[0]) == "Updated 11 Dec 2025, 09:30"


def test_a_withdrawn_story_says_so_everywhere():
    """The notice stands on the story's page and in the issue, and lists mark the title."""
    withdrawn = builders.article(
        corrections=[{"at": "2025-12-11T09:30:00+06:00", "text": "There is no bridge.", "retraction": True}]
    )
    site = builders.site(builders.issue(withdrawn))
    for path in ("2025-12-10/bridge/index.html", "2025-12-10/index.html"):
        assert "Withdrawn, 11 Dec 2025, 09:30 There is no bridge." in text_of(page(site, path))
        assert text_of(page(site, path).find(".//main")).count("There is no bridge.") == 1
        assert "Read the full story" not in text_of(page(site, path))
    assert "Withdrawn" in text_of(page(site, "sections/economy/index.html").find(".//main"))


def test_an_old_address_leads_to_the_new_one():
    """A moved story leaves a page behind that names, links and refreshes to the new address."""
    moved = builders.article(moved_from=("2025-12-10/viaduct/", "old/bridge.html"))
    site = builders.site(builders.issue(moved))
    found = page(site, "2025-12-10/viaduct/index.html")
    assert found.xpath("//link[@rel='canonical']/@href") == ["https://letter.example/2025-12-10/bridge/"]
    assert found.xpath("//meta[@http-equiv]/@content") == ["0; url=../../2025-12-10/bridge/"]
    assert page(site, "old/bridge.html").xpath("//a/@href") == ["../2025-12-10/bridge/"]


def test_a_page_that_stands_is_never_overwritten_by_a_redirect():
    """An old address that another story took since stays that story's."""
    thief = builders.article(id="a", slug="a", moved_from=("2025-12-10/b/",))
    owner = builders.article(id="b", slug="b", title="The owner")
    found = page(builders.site(builders.issue(thief, owner)), "2025-12-10/b/index.html")
    assert text_of(found.find(".//h1")) == "The owner"


def test_reading_about_us_where_we_are_found():
    """Canonical address, Open Graph and feeds are in the head of every ordinary page."""
    found = page(builders.site(numbered(0)), "sections/economy/index.html")
    assert found.xpath("//link[@rel='canonical']/@href") == ["https://letter.example/sections/economy/"]
    assert found.xpath("//meta[@property='og:url']/@content") == ["https://letter.example/sections/economy/"]
    feeds = found.xpath("//link[@rel='alternate']")
    assert [(feed.get("type"), feed.get("href")) for feed in feeds] == [
        ("application/rss+xml", "../../feeds/rss.xml"),
        ("application/atom+xml", "../../feeds/atom.xml"),
        ("application/feed+json", "../../feeds/feed.json"),
        ("application/rss+xml", "../../feeds/economy/rss.xml"),
        ("application/atom+xml", "../../feeds/economy/atom.xml"),
        ("application/feed+json", "../../feeds/economy/feed.json"),
    ]


def test_the_sign_up_form_is_a_setting():
    """With an address the pages carry a form that posts there; without one they point to the feeds."""
    site = builders.site()
    assert page(site, "index.html").xpath("//form") == []
    assert page(site, "index.html").xpath("//p[@class='subscribe']/a/@href") == ["./feeds/"]
    settings = PageSettings(subscribe="https://letter.example/subscribe")
    form = page(replace(site, pages=settings), "index.html").find(".//form")
    assert (form.get("method"), form.get("action")) == ("post", "https://letter.example/subscribe")
    assert form.xpath(".//label/@for") == form.xpath(".//input/@id")


def test_no_slug_is_an_id_of_the_page_itself():
    """A story's slug is its id on its issue's page, where links lead to it."""
    slugs = ("main", "email", "subscribe")
    site = builders.site(builders.issue(*(builders.article(id=slug, slug=slug) for slug in slugs)))
    form = replace(site, pages=PageSettings(subscribe="https://letter.example/subscribe"))
    ids = page(form, "2025-12-10/index.html").xpath("//@id")
    assert sorted(ids) == sorted({*ids, *slugs})


def test_no_page_needs_a_script_or_an_inline_style():
    """A strict Content-Security-Policy holds: data blocks are the only scripts, styles are in the sheet."""
    for path, data in page_files(builders.site(numbered(0), numbered(1))).items():
        if path.endswith(".html"):
            text = data.decode()
            assert set(re.findall(r"<script[^>]*>", text)) <= {'<script type="application/ld+json">'}
            assert not re.search(r"<[^>]*\s(style|on\w+)=", text), path
            assert "<style" not in text


def test_an_issue_too_long_for_one_page_is_shortened():
    """Forty long stories stay below sixty kilobytes: the longest are told in short and linked."""
    articles = [
        builders.article(
            id=f"a{n}", slug=f"a{n}", title=f"Story {n}", body="Words and words. " * 40 * (n + 1)
        )
        for n in range(40)
    ]
    data = page_files(builders.site(builders.issue(*articles)))["2025-12-10/index.html"]
    found = html.fromstring(data)
    assert len(data) < 60_000
    assert found.xpath("//article[@id='a0']//div[@class='prose']")
    assert found.xpath("//article[@id='a39']//p[@class='more']/a/@href") == ["../2025-12-10/a39/"]


def test_the_front_page_stays_small():
    """Sixty stories with summaries of a thousand Cyrillic letters: the front shows some, and leads on."""
    articles = [
        builders.article(id=f"a{n}", slug=f"a{n}", title=f"Story {n}", summary="слово " * 160)
        for n in range(60)
    ]
    data = page_files(builders.site(builders.issue(*articles)))["index.html"]
    found = html.fromstring(data)
    assert len(data) < 60_000
    assert 10 < len(found.xpath("//article")) < 60
    assert found.xpath("//p[@class='more']/a/@href") == ["./2025-12-10/"]


def test_a_long_story_is_never_cut():
    """Ten thousand Cyrillic words stand on one page; what is around them weighs a tenth of the budget."""
    long = builders.article(body="Водохранилище " * 10_000)
    data = page_files(builders.site(builders.issue(long)))["2025-12-10/bridge/index.html"]
    assert data.decode().count("Водохранилище ") >= 9_999
    assert len(data) - len(("Водохранилище " * 10_000).encode()) < 6_000


def test_hostile_words_stay_words():
    """Markup in a title is shown, not obeyed; a title cannot end the data block."""
    nasty = builders.article(
        title='</script><script>alert("1")</script> & <b>', summary='"><img src=x onerror=y>'
    )
    site = builders.site(builders.issue(nasty))
    found = page(site, "2025-12-10/bridge/index.html")
    assert text_of(found.find(".//h1")) == '</script><script>alert("1")</script> & <b>'
    assert found.xpath("//script/@type") == ["application/ld+json"]
    assert found.xpath("//img") == []


def test_a_story_in_another_language_says_so():
    """Words that are not the page's language carry their own language and direction."""
    persian = builders.article(language="fa", title="پل تازه", body="پل باز شد.")
    found = page(builders.site(builders.issue(persian)), "2025-12-10/bridge/index.html")
    story = found.xpath("//article[contains(@class, 'text')]")[0]
    assert (story.get("lang"), story.get("dir")) == ("fa", "rtl")
    assert (found.get("lang"), found.get("dir")) == ("en", "ltr")
