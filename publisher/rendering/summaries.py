"""A story, or its picture, in a sentence or two."""

from __future__ import annotations

from publisher.content.markup import excerpt, parse
from publisher.content.models import Article, Image


def summary_of(article: Article) -> str:
    """The editor's summary, else the beginning; plain text. A withdrawn story's is its notice."""
    if article.retracted:
        return next(c.text for c in article.corrections if c.retraction)
    return article.summary or excerpt(parse(article.body))


def caption_of(image: Image) -> str:
    """What is seen, and who made it: two sentences."""
    return f"{seen_in(image)} {image.credit}".strip()


def seen_in(image: Image) -> str:
    """What is seen; before who made it with the full stop that somebody may not have typed."""
    told = image.caption
    return f"{told}." if told and image.credit and not told.endswith((".", "!", "?", "…", "؟", "۔")) else told
