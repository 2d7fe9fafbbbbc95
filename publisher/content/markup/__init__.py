"""Markdown -> safe HTML, plain text, an excerpt: all from one stream of tokens.

    parsing      Markdown -> tokens, within limits
    html         tokens -> HTML; an allow-list is the last step, so that even a fault in the parser
                 could not let a script out
    words        tokens -> plain text, paragraphs, an excerpt
    pointers     tokens -> links and pictures
    places       words -> their line and column

Writers of other formats (the letter's text part) read the tokens themselves.
"""

from __future__ import annotations

from publisher.content.markup.html import ATTRIBUTES, SCHEMES, TAGS, leads_somewhere, to_html
from publisher.content.markup.parsing import may_be_deep, parse, walk
from publisher.content.markup.places import find_words
from publisher.content.markup.pointers import Address, addresses
from publisher.content.markup.words import excerpt, leaf_text, paragraphs, shortened, to_text, word_count

__all__ = [
    "ATTRIBUTES",
    "SCHEMES",
    "TAGS",
    "Address",
    "addresses",
    "excerpt",
    "find_words",
    "leads_somewhere",
    "leaf_text",
    "may_be_deep",
    "paragraphs",
    "parse",
    "shortened",
    "to_html",
    "to_text",
    "walk",
    "word_count",
]
