"""Long lists cut into pages: everything exactly once, and a full page stays as it is."""

from __future__ import annotations

from datetime import date, timedelta

import builders
from builders import daily
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from publisher.rendering.pages.plan import page_files
from publisher.rendering.paging import BUDGET, FULL, story_pages, with_neighbours

ECONOMY = builders.publication().sections[0]
DAY = date(2024, 1, 1)


def cut(lengths):
    """Cut a section into pages of ids; `lengths` are the numbers of stories of each issue, oldest first."""
    issues = [
        builders.issue(
            *(builders.article(id=f"{n}.{place}", slug=f"s{place}") for place in range(length)),
            date=DAY + timedelta(days=n),
        ).model_copy(update={} if length else {"articles": ()})
        for n, length in enumerate(lengths)
    ]
    pages = story_pages(builders.site(*issues[::-1]), ECONOMY)
    return {page.number: [article.id for _, article in page.stories] for page in pages}


@given(st.lists(st.integers(0, 8), max_size=25))
def test_each_story_stands_on_one_page(lengths):
    """Read from the open page to page 1, the pages hold every story once, the newest first."""
    pages = cut(lengths)
    expected = [f"{n}.{place}" for n in reversed(range(len(lengths))) for place in range(lengths[n])]
    assert [story for stories in pages.values() for story in stories] == expected or not lengths
    assert list(pages) == [0, *range(len(pages) - 1, 0, -1)]


@given(st.lists(st.integers(0, 8), min_size=1, max_size=25), st.integers(0, 8))
def test_tomorrow_moves_nothing_from_a_full_page(lengths, tomorrow):
    """A page that is full keeps its number and its stories; the open one is never nearly empty."""
    before, after = cut(lengths), cut([*lengths, tomorrow])
    assert {number: after[number] for number in before if number} == {
        number: stories for number, stories in before.items() if number
    }
    assert len(after[0]) < 2 * FULL
    assert len(after[0]) >= FULL or len(after) == 1


def test_neighbours_are_in_time():
    """Newest first: what is before in the list is after in time."""
    assert list(with_neighbours("cba")) == [(None, "c", "b"), ("c", "b", "a"), ("b", "a", None)]
    assert list(with_neighbours("")) == []


def test_a_year_of_dailies_is_told_by_month():
    """366 Cyrillic issues: the year lists its months, each month its issues, and all stay light."""
    files = page_files(builders.site(*daily(366)))
    year = html.fromstring(files["archive/2024/index.html"])
    months = [f"archive/2024/{month:02}/index.html" for month in range(12, 0, -1)]
    assert [f"archive/2024/{a.get('href')[-3:]}index.html" for a in year.xpath("//h2/a")] == months
    assert [len(html.fromstring(files[path]).xpath("//ul[@class='issues']/li")) for path in months] == [
        31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 29, 31,
    ]  # fmt: skip  # the days of a leap year's months, December first
    assert (
        max(len(files[path]) for path in ("archive/index.html", "archive/2024/index.html", *months)) < 30_000
    )


def test_a_weekly_has_its_year_on_one_page():
    """Fifty issues of a year are a list, and need no months of their own."""
    files = page_files(builders.site(*daily(50)))
    assert len(html.fromstring(files["archive/2024/index.html"]).xpath("//ul[@class='issues']/li")) == 50
    assert "archive/2024/01/index.html" not in files


def test_a_reader_walks_through_a_whole_section():
    """From the section's front, 'Older stories' leads to every story; each page stays in its budget."""
    files = page_files(builders.site(*daily(30, stories=8)))
    path, met, spans = "sections/economy/", [], set()
    while path:
        page = html.fromstring(files[f"{path}index.html"], base_url=f"https://letter.example/{path}")
        assert len(files[f"{path}index.html"]) < BUDGET
        met += page.xpath("//article//h2/a/@href")
        spans.add(page.findtext(".//title"))
        page.make_links_absolute()
        path = next(iter(page.xpath("//a[@rel='prev']/@href")), "").removeprefix("https://letter.example/")
    stories = {link.replace("../", "") for link in met}
    assert (len(met), len(stories)) == (240, 240)
    assert len(spans) == 20  # no two pages are called the same


def test_a_full_page_changes_only_when_its_neighbour_closes():
    """One more issue touches the open page, and the newest full one once another has closed after it."""
    before = page_files(builders.site(*daily(29, stories=8)))
    after = page_files(builders.site(*daily(30, stories=8)))
    pages = [path for path in before if path.startswith("sections/economy/")]
    changed = [path for path in pages if before[path] != after[path]]
    assert changed == ["sections/economy/index.html", "sections/economy/18/index.html"]
    assert "sections/economy/19/index.html" in after


def test_titles_and_summaries_of_the_greatest_length_fit():
    """Two dozen stories with Cyrillic titles of 500 letters and summaries of 1,000 stay in the budget."""
    files = page_files(builders.site(*daily(23, title="Ш" * 249 + " " + "щ" * 250)))
    page = files["sections/economy/index.html"]
    assert len(html.fromstring(page).xpath("//article")) == 23
    assert len(page) < BUDGET
