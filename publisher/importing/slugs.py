"""Titles in any script of the region -> the last part of an address: a-z, 0-9 and hyphens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_SLUG = 60
"""Characters; `Slug` allows more, but an address is read by people."""

# A slug that had to be cut should not end in mid-phrase.
_LOOSE_END = re.compile(r"(?:-(?:a|an|and|at|by|for|from|in|of|on|or|the|to|with|v|na|i|s))+$")
# As newsrooms of the region spell names for English readers.
_LATIN = {
    **dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeezijklmnoprstufye", strict=True)),
    "ж": "zh",
    "й": "y",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ъ": "",
    "ь": "",
    "і": "i",
    "ї": "yi",
    "є": "ye",
    "ґ": "g",
    "ў": "o",
    "қ": "q",
    "ғ": "gh",
    "ҳ": "h",
    "ә": "a",
    "ң": "ng",
    "ө": "o",
    "ү": "u",
    "ұ": "u",
    "һ": "h",
    "ҷ": "j",
    "ӣ": "i",
    "ӯ": "u",
    "җ": "j",
    "ı": "i",
    "ş": "sh",
    "ß": "ss",
    "ø": "o",
    "æ": "ae",
    "đ": "d",
    "ł": "l",
    "þ": "th",
    **dict.fromkeys("ʻʼ’‘'`", ""),
}


def slugify(title: str, fallback: str = "story") -> str:
    """Spell a title in a-z, 0-9 and hyphens, cut at a word; `fallback` where no letter is known."""
    spelled = "".join(_spell(sign) for sign in unicodedata.normalize("NFC", title.lower()))
    slug = ""
    for word in re.findall(r"[a-z0-9]+", spelled):
        longer = f"{slug}-{word}" if slug else word[:LONGEST_SLUG]
        if len(longer) > LONGEST_SLUG:
            break
        slug = longer
    return _LOOSE_END.sub("", slug) or fallback


def unique_slugs(titles: Iterable[str]) -> list[str]:
    """One slug a title; a second of the same spelling gets `-2`."""
    slugs: list[str] = []
    for title in titles:
        plain = slug = slugify(title)
        count = 1
        while slug in slugs:
            count += 1
            slug = f"{plain}-{count}"
        slugs.append(slug)
    return slugs


def _spell(sign: str) -> str:
    if sign in _LATIN:
        return _LATIN[sign]
    return "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
