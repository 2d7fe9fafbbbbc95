"""A story in a sentence or two, wherever it is not told whole."""

from __future__ import annotations

from publisher.content.markup import excerpt, parse
from publisher.content.models import Article


def summary_of(article: Article) -> str:
    """The editor's summary, else the beginning; plain text. A withdrawn story's is its notice."""
    if article.retracted:
        return next(c.text for c in article.corrections if c.retraction)
    return article.summary or excerpt(parse(article.body))
