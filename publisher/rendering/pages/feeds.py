"""What feeds are, and all of ours."""

from __future__ import annotations

from functools import partial

from publisher.rendering.feed_directory import directory
from publisher.rendering.models import Site
from publisher.rendering.pages.frame import Frame, Head, Pages, file_of


def pages(press: Frame, site: Site) -> Pages:
    """One page."""
    del site  # whatever is published, the feeds are the same
    yield file_of("feeds/"), partial(_feeds, press)


def _feeds(press: Frame) -> str:
    language = press.language
    head = Head(
        path="feeds/",
        title=language.text("Feeds"),
        description=language.text("Read us in your own reader: RSS, Atom and JSON Feed."),
    )
    return press.page("web/feeds.html", head, listings=directory(press.site))
