"""Article, Issue, Publication: what an editor wrote, checked and frozen.

Three dates are never mixed: an issue's date, its rates' as-of date, and an article's
published time. Every time carries a zone. Ids are minted once and stored (RFC 4151 `tag:`
URIs are made from them); URLs may change, ids may not.

    publication    what all issues share
    issue          one dated briefing
    article        one story in it
    people         who wrote it, and where it comes from
    addresses      slugs, ids and web addresses, as they may be typed
    base           what all models share
"""

from __future__ import annotations

from publisher.content.models.addresses import WebAddress
from publisher.content.models.article import Article, Correction, Image
from publisher.content.models.base import SET_BY_LOADER
from publisher.content.models.issue import Issue
from publisher.content.models.people import Person, Source
from publisher.content.models.publication import Publication, Publisher, Section

__all__ = [
    "SET_BY_LOADER",
    "Article",
    "Correction",
    "Image",
    "Issue",
    "Person",
    "Publication",
    "Publisher",
    "Section",
    "Source",
    "WebAddress",
]
