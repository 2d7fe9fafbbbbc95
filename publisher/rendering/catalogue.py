"""Furniture text in other languages: gettext catalogues, read as they are written.

A catalogue is `publisher/locale/<tag>.po`; the English sentence is the key. No compiled form is
kept, so nothing can be stale and a translator sees a change at the next build. What a catalogue
does not say yet is said in English, never left out.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO

from babel.core import get_global
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


@cache
def catalogue(tag: str) -> NullTranslations:
    """Open the catalogue of a BCP 47 tag; without one, every message is its own English."""
    for name in fallbacks(tag):
        source = resources.files("publisher") / "locale" / f"{name}.po"
        if source.is_file():
            return _compiled(source.read_bytes())
    return NullTranslations()


def fallbacks(tag: str) -> list[str]:
    """`ru-KZ` -> `ru-KZ`, `ru`: each more general than the one before (RFC 4647, 3.4).

    The script stays the same: Uzbek in Cyrillic must not fall back to Uzbek in Latin letters, but
    `uz-Latn` is `uz`, because that is how Uzbek is written when nothing is said (CLDR's likely subtags).
    """
    parts = tag.split("-")
    tags = ["-".join(parts[:end]) for end in range(len(parts), 0, -1)]
    return [shorter for shorter in tags if _script(shorter) == _script(tag)]


def _script(tag: str) -> str:
    """The four letters of ISO 15924, said or understood."""
    language, *subtags = tag.split("-")
    said = (part for part in subtags if len(part) == 4 and part.isalpha())  # noqa: PLR2004  # only scripts do
    return next(said, get_global("likely_subtags").get(language, "__").split("_")[1])


def _compiled(source: bytes) -> GNUTranslations:
    memory = BytesIO()
    write_mo(memory, read_po(BytesIO(source), abort_invalid=True))
    memory.seek(0)
    return GNUTranslations(memory)
