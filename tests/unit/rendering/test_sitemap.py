"""The site map: every page there is, in one file or in one for each year."""

from __future__ import annotations

import feed_samples
from lxml import etree

from publisher.rendering.pages.plan import page_files
from publisher.rendering.sitemap import render_robots, render_sitemaps


def addresses(data):
    """The addresses that a site map names, without the site's own."""
    return [
        found.text.removeprefix("https://letter.example/") for found in etree.fromstring(data).iter("{*}loc")
    ]


def test_every_page_is_listed_and_every_address_is_a_page():
    """What search engines are told is what is there."""
    site = feed_samples.long_site(3)
    pages = {path.removesuffix("index.html") for path in page_files(site) if path.endswith("index.html")}
    assert set(addresses(render_sitemaps(site)["sitemap.xml"]())) == pages


def test_too_many_pages_are_listed_year_by_year():
    """The protocol allows 50,000 addresses in a file."""
    site = feed_samples.long_site(3)
    files = render_sitemaps(site, limit=10)
    assert addresses(files["sitemap.xml"]()) == ["sitemap-2025.xml", "sitemap-fronts.xml"]
    assert len(addresses(files["sitemap-2025.xml"]())) == 3 * 5


def test_pages_that_list_others_count_too():
    """A section has a page for every dozen stories: an archive near the limit has thousands of them."""
    site = feed_samples.long_site(3)
    count = len(addresses(render_sitemaps(site)["sitemap.xml"]()))
    assert list(render_sitemaps(site, limit=count)) == ["sitemap.xml"]
    assert "sitemap-fronts.xml" in render_sitemaps(site, limit=count - 1)


def test_robots_may_read_everything_but_forms():
    """And are told where the site map is."""
    robots = render_robots(feed_samples.long_site(1)).decode()
    assert "Disallow: /unsubscribe\n" in robots
    assert robots.endswith("Sitemap: https://letter.example/sitemap.xml\n")
