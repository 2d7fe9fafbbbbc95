"""Site -> every feed document, and the lists of what there is: OPML, site map, robots.txt.

Families: the whole publication (`""`), each section (its id), and `issues` with one entry an issue.
Every family has an RSS, an Atom and a JSON document, and archives behind it (RFC 5005).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from typing import NamedTuple

from publisher.rendering.archives import Part, cut
from publisher.rendering.atom import render_atom
from publisher.rendering.documents import Document, Documents
from publisher.rendering.feed_directory import ISSUES, FeedListing, directory
from publisher.rendering.feed_entries import Entries, Recall, make_anew
from publisher.rendering.feed_models import Feed
from publisher.rendering.feed_style import STYLESHEET, render_stylesheet, stylesheet_address
from publisher.rendering.jsonfeed import render_json
from publisher.rendering.links import Links
from publisher.rendering.models import Site
from publisher.rendering.opml import render_opml
from publisher.rendering.rss import render_rss
from publisher.rendering.sitemap import render_robots, render_sitemaps

__all__ = ["FeedListing", "directory", "feed_files"]

_RENDERERS: Mapping[str, Callable[[Feed], bytes]] = {
    "rss": render_rss,
    "atom": render_atom,
    "json": render_json,
}


def feed_files(site: Site, recall: Recall = make_anew) -> Documents:
    """All documents by site-relative path.

    Archives come first, the oldest first; reading all in order renders each article once. `recall`
    may know what became of an article before.
    """
    entries = Entries(site, recall)
    families = [_family(site, listing, entries) for listing in directory(site)]
    ordered = sorted((found for family in families for found in family), key=lambda found: found.order)
    return Documents(
        {
            **{found.path: found.document for found in ordered},
            "feeds/feeds.opml": Document(partial(render_opml, site), ()),
            "robots.txt": Document(partial(render_robots, site), ()),
            STYLESHEET: Document(partial(render_stylesheet, site), ()),
            **{path: Document(make) for path, make in render_sitemaps(site).items()},
        }
    )


class _Placed(NamedTuple):
    """A document of a feed, and its place among all: archives first, the oldest first."""

    order: float
    path: str
    document: Document


def _family(site: Site, listing: FeedListing, entries: Entries) -> Iterator[_Placed]:
    """Every document of one feed."""
    newest = site.feeds.issues if listing.family == ISSUES else site.feeds.entries
    parts = cut(_ids(site, listing.family), newest=newest, archive_issues=site.feeds.archive_issues)
    parts = (_with_late_changes(parts, entries), *parts[1:])
    for place, part in enumerate(parts):
        header = _header(site, listing, entries, parts, place)
        shows = (header, *map(entries.origin, part.entries))
        for kind, render in _RENDERERS.items():
            path = site.links.feed_path(kind, listing.family, part.folder)
            make = partial(_render, render, header, part, entries)
            yield _Placed(part.archive or float("inf"), path, Document(make, shows, header.updated))


def _render(render: Callable[[Feed], bytes], header: Feed, part: Part, entries: Entries) -> bytes:
    return render(replace(header, entries=tuple(entries[identity] for identity in part.entries)))


def _ids(site: Site, family: str) -> list[list[str]]:
    """The ids of a family's entries: a list an issue, newest first."""
    links, issues = site.links, [edition.issue for edition in site.editions]
    if family == ISSUES:
        return [[links.issue_id(issue)] for issue in issues]
    return [[links.article_id(a) for a in issue.articles if family in ("", a.section)] for issue in issues]


def _with_late_changes(parts: tuple[Part, ...], entries: Entries) -> Part:
    """Let an older entry that was corrected lately stand in the newest document too.

    Readers never look at an archive again; a newer document's version of an entry is the one that
    counts (RFC 5005 sec. 4). It leaves again when the newest document has moved past the change.
    Issues tell how far that reaches back: one story of years ago, told again, would bring along all
    that was corrected since.
    """
    newest, *archives = parts
    since = min((entries.origin(entry)[-1].published for entry in newest.entries), default=None)
    late = [
        entry
        for part in archives
        for entry in part.entries
        if since and entries.times[entry].updated > max(entries.times[entry].published, since)
    ]
    return replace(newest, entries=(*newest.entries, *late))


def _header(site: Site, listing: FeedListing, entries: Entries, parts: Sequence[Part], place: int) -> Feed:
    """A feed without its entries."""
    links, part = site.links, parts[place]
    folder = partial(_folder, links, listing, parts)
    oldest = place == len(parts) - 1
    return Feed(
        id=links.feed_id(listing.family),
        title=listing.title,
        subtitle=listing.description,
        home=listing.home,
        language=site.publication.language,
        updated=_updated(site, entries, part),
        publisher=site.publication.publisher,
        copyright=site.publication.copyright,
        links=links,
        folder=folder(place),
        subscription=folder(0),
        previous="" if oldest else folder(place + 1),
        following=folder(place - 1) if oldest and place else "",
        hub=str(site.feeds.hub or ""),
        stylesheet=stylesheet_address(site),
        entries=(),
    )


def _folder(links: Links, listing: FeedListing, parts: Sequence[Part], place: int) -> str:
    return links.feed_folder(listing.family, parts[place].folder)


def _updated(site: Site, entries: Entries, part: Part) -> datetime:
    """The newest change of its entries; a feed that never had any is as old as the publication."""
    founded = datetime.combine(site.publication.founded, time(), UTC)
    return max((entries.times[entry].updated for entry in part.entries), default=founded)
