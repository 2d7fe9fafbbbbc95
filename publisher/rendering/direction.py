"""Right-to-left text in readers that know nothing of our pages (UAX #9).

Some sanitisers drop the `dir` attribute, others every style; so blocks carry the attribute, and
numbers with signs or separators stand in isolates, which are characters and survive everything.
"""

from __future__ import annotations

import re

from publisher.rendering.language import Language

_TAG = re.compile(r"(<[^>]*>)")
_BLOCK = re.compile(r"<(p|h[1-6]|ul|ol|blockquote|table|figure|pre)\b(?! dir=)")
_ENTITY = r"&#?\w+;"
_NUMBER = re.compile(_ENTITY + r"|([+−-]?\d[\d.,:/–−-]*\d[%‰]?|[+−-]\d[%‰]?|\d[%‰]|[A-Z]{3}/[A-Z]{3})")
_ISOLATE, _END = "\u2066", "\u2069"


def directed(html: str, language: Language, around: str = "ltr") -> str:
    """Mark every block of clean HTML that runs otherwise than what is around it, and isolate its numbers.

    All other HTML comes back as it is, and so does a block that is marked already: a story in its issue.
    """
    if language.direction == around:
        return html
    marked, isolates = rf'<\1 dir="{language.direction}"', language.direction == "rtl"
    return "".join(
        _BLOCK.sub(marked, part) if part.startswith("<") else isolated(part) if isolates else part
        for part in _TAG.split(html)
    )


def isolated(text: str) -> str:
    """Wrap `−0.28%`, `12:30` or `USD/KGS` so that the words around cannot turn it round; entities stay whole."""
    return _NUMBER.sub(lambda found: _ISOLATE + found[1] + _END if found[1] else found[0], text)
