"""The list of feeds, for people (`/feeds/`), browsers (autodiscovery) and feed readers (OPML)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.rendering.links import FEED_TYPES
from publisher.rendering.models import Site

ISSUES = "issues"
"""The family with one entry an issue; the whole publication's is "", a section's is its id."""


@dataclass(frozen=True)
class FeedListing:
    """A feed as it is listed; the keys of `urls` and `types` are `rss`, `atom` and `json`."""

    family: str
    title: str
    description: str
    home: str  # the page that shows the same
    urls: Mapping[str, str]
    types: Mapping[str, str]


def directory(site: Site) -> tuple[FeedListing, ...]:
    """All families: the whole publication first, then the issues, then the sections."""
    publication, links, say = site.publication, site.links, site.language.text
    whole = (publication.title, publication.tagline or publication.title, links.url(""))
    issues = (
        say("{title}: whole issues", title=publication.title),
        say("One entry an issue: its rates, its contents and every story."),
        links.url(""),
    )
    sections = {
        section.id: (
            f"{publication.title}: {section.title}",
            section.description or section.title,
            links.url(links.section_path(section.id)),
        )
        for section in publication.sections
    }
    listed = {"": whole, ISSUES: issues, **sections}
    return tuple(_listing(site, family, *words) for family, words in listed.items())


def _listing(site: Site, family: str, title: str, description: str, home: str) -> FeedListing:
    urls = {kind: site.links.url(site.links.feed_path(kind, family)) for kind in FEED_TYPES}
    return FeedListing(family, title, description, home, urls, FEED_TYPES)
