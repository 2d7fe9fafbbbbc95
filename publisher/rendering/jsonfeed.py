"""Feed -> JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from publisher.content.models import Person
from publisher.rendering.feed_models import Feed, FeedEntry
from publisher.rendering.feed_xml import rfc3339


class _Part(BaseModel):
    """A part of the document; what is not known is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class JsonAuthor(_Part):
    """Who wrote it."""

    name: str
    url: str | None = None


class JsonAttachment(_Part):
    """A file that goes with an item."""

    url: str
    mime_type: str
    size_in_bytes: int


class JsonHub(_Part):
    """Where changes are announced at once."""

    type: str
    url: str


class JsonItem(_Part):
    """One entry."""

    id: str
    url: str
    title: str
    summary: str | None = None
    content_html: str
    image: str | None = None
    date_published: str
    date_modified: str | None = None
    authors: tuple[JsonAuthor, ...] | None = None
    tags: tuple[str, ...] | None = None
    language: str | None = None
    attachments: tuple[JsonAttachment, ...] | None = None


class JsonFeed(_Part):
    """The whole document."""

    version: str = "https://jsonfeed.org/version/1.1"
    title: str
    home_page_url: str
    feed_url: str
    description: str | None = None
    next_url: str | None = None
    authors: tuple[JsonAuthor, ...]
    language: str
    hubs: tuple[JsonHub, ...] | None = None
    items: tuple[JsonItem, ...]


def render_json(feed: Feed) -> bytes:
    """Write the document; the same feed gives the same bytes."""
    document = JsonFeed(
        title=feed.title,
        home_page_url=feed.home,
        feed_url=feed.url("json"),
        description=feed.subtitle or None,
        next_url=feed.url("json", feed.previous) if feed.previous else None,
        authors=(_author(Person(name=feed.publisher.name, url=feed.publisher.url)),),
        language=feed.language,
        hubs=(JsonHub(type="WebSub", url=feed.hub),) if feed.hub and not feed.archived else None,
        items=tuple(_item(entry) for entry in feed.entries),
    )
    return document.model_dump_json(indent=1, exclude_none=True).encode() + b"\n"


def _item(entry: FeedEntry) -> JsonItem:
    found = entry.enclosure
    attachment = found and JsonAttachment(
        url=found.url, mime_type=found.media_type, size_in_bytes=found.length
    )
    return JsonItem(
        id=entry.id,
        url=entry.url,
        title=entry.title,
        summary=entry.summary or None,
        content_html=entry.content,
        image=found.url if found else None,
        date_published=rfc3339(entry.published),
        date_modified=rfc3339(entry.updated) if entry.changed else None,
        authors=tuple(map(_author, entry.authors)) or None,
        tags=entry.categories or None,
        language=entry.language or None,
        attachments=(attachment,) if attachment else None,
    )


def _author(person: Person) -> JsonAuthor:
    return JsonAuthor(name=person.name, url=str(person.url) if person.url else None)
