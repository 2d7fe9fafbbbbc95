"""Site -> every feed document, and the lists of what there is: OPML, site map, robots.txt.

Families: the whole publication (`""`), each section (its id), and `issues` with one entry an issue.
Every family has an RSS, an Atom and a JSON document, and archives behind it (RFC 5005).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import partial

from publisher.rendering.archives import Part, cut
from publisher.rendering.atom import render_atom
from publisher.rendering.feed_directory import ISSUES, FeedListing, directory
from publisher.rendering.feed_entries import Entries
from publisher.rendering.feed_models import Feed
from publisher.rendering.feed_style import STYLESHEET, render_stylesheet, stylesheet_address
from publisher.rendering.jsonfeed import render_json
from publisher.rendering.models import Site
from publisher.rendering.opml import render_opml
from publisher.rendering.rss import render_rss
from publisher.rendering.sitemap import render_robots, render_sitemaps

__all__ = ["FeedFiles", "FeedListing", "directory", "feed_files"]

_RENDERERS: Mapping[str, Callable[[Feed], bytes]] = {
    "rss": render_rss,
    "atom": render_atom,
    "json": render_json,
}


@dataclass(frozen=True)
class _Document:
    """A file that is made when it is asked for."""

    make: Callable[[], bytes]
    updated: datetime | None = None
    order: float = float("inf")


class FeedFiles(Mapping[str, bytes]):
    """Path -> bytes, made when asked for and not kept: memory stays flat in the archive's size.

    Archives come first, the oldest first; reading all in order renders each article once.
    """

    def __init__(self, documents: Mapping[str, _Document]) -> None:
        """Keep what makes each file."""
        self._documents = documents

    def __getitem__(self, path: str) -> bytes:
        """Make one file."""
        return self._documents[path].make()

    def __iter__(self) -> Iterator[str]:
        """All paths."""
        return iter(self._documents)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._documents)

    @property
    def updated(self) -> dict[str, datetime]:
        """What each feed says of its last change: the time its file should bear (Last-Modified)."""
        return {path: found.updated for path, found in self._documents.items() if found.updated}


def feed_files(site: Site) -> FeedFiles:
    """All documents by site-relative path."""
    entries = Entries(site)
    feeds = {
        path: document
        for listing in directory(site)
        for path, document in _family(site, listing, entries).items()
    }
    others: dict[str, Callable[[], bytes]] = {
        "feeds/feeds.opml": partial(render_opml, site),
        "robots.txt": partial(render_robots, site),
        STYLESHEET: partial(render_stylesheet, site),
        **render_sitemaps(site),
    }
    ordered = sorted(feeds.items(), key=lambda found: found[1].order)
    return FeedFiles({**dict(ordered), **{path: _Document(make) for path, make in others.items()}})


def _family(site: Site, listing: FeedListing, entries: Entries) -> dict[str, _Document]:
    """Every document of one feed."""
    newest = site.feeds.issues if listing.family == ISSUES else site.feeds.entries
    parts = cut(_ids(site, listing.family), newest=newest, archive_issues=site.feeds.archive_issues)
    parts = (_with_late_changes(parts, entries), *parts[1:])
    documents = {}
    for place, part in enumerate(parts):
        feed = partial(_feed, site, listing, entries, parts, place)
        updated = _updated(site, entries, part)
        for kind, render in _RENDERERS.items():
            path = site.links.feed_path(kind, listing.family, part.folder)
            documents[path] = _Document(partial(_render, render, feed), updated, part.archive or float("inf"))
    return documents


def _render(render: Callable[[Feed], bytes], feed: Callable[[], Feed]) -> bytes:
    return render(feed())


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
    """
    newest, *archives = parts
    since = min((entries.times[entry].published for entry in newest.entries), default=None)
    late = [
        entry
        for part in archives
        for entry in part.entries
        if since and entries.times[entry].updated > max(entries.times[entry].published, since)
    ]
    return replace(newest, entries=(*newest.entries, *late))


def _feed(site: Site, listing: FeedListing, entries: Entries, parts: Sequence[Part], place: int) -> Feed:
    links, part = site.links, parts[place]
    folders = [links.feed_folder(listing.family, found.folder) for found in parts]
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
        folder=folders[place],
        subscription=folders[0],
        previous="" if oldest else folders[place + 1],
        following=folders[place - 1] if oldest and place else "",
        hub=str(site.feeds.hub or ""),
        stylesheet=stylesheet_address(site),
        entries=tuple(entries[identity] for identity in part.entries),
    )


def _updated(site: Site, entries: Entries, part: Part) -> datetime:
    """The newest change of its entries; a feed that never had any is as old as the publication."""
    founded = datetime.combine(site.publication.founded, time(), UTC)
    return max((entries.times[entry].updated for entry in part.entries), default=founded)
