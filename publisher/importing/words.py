"""What the words of a line tell without any dictionary: names, content, repeated stems."""

from __future__ import annotations

import re
from collections.abc import Iterable

WORD = re.compile(r"[^\W\d_](?:[\w’'ʻʼ-]*\w)?")
# A capital after a small letter, a comma or a bracket; not after a full stop or a quotation mark.
_AMID = re.compile(rf"(?:[\w)’],?\s\(?|[-–—]\s)(?=(?P<name>{WORD.pattern}))")
_LONGEST_STEM = 6
# Only so many that a headline's small words do not count as its content: en, ru, kk, ky, uz.
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "and",
        "or",
        "by",
        "with",
        "from",
        "as",
        "is",
        "are",
        "was",
        "be",
        "its",
        "it",
        "this",
        "that",
        "these",
        "new",
        "says",
        "said",
        "after",
        "over",
        "amid",
        "into",
        "how",
        "why",
        "what",
        "who",
        "when",
        "where",
        "will",
        "has",
        "have",
        "more",
        "their",
        "his",
        "her",
        "в",
        "на",
        "и",
        "с",
        "по",
        "о",
        "об",
        "из",
        "к",
        "ко",
        "за",
        "для",
        "от",
        "до",
        "не",
        "что",
        "как",
        "это",
        "его",
        "её",
        "их",
        "при",
        "или",
        "но",
        "а",
        "у",
        "же",
        "және",
        "мен",
        "үшін",
        "туралы",
        "бойынша",
        "бұл",
        "осы",
        "дейін",
        "кейін",
        "болды",
        "болып",
        "жана",
        "менен",
        "үчүн",
        "боюнча",
        "бул",
        "чейин",
        "кийин",
        "болду",
        "va",
        "uchun",
        "bilan",
        "haqida",
        "bu",
        "ham",
        "boʻyicha",
        "keyin",
        "qadar",
        "yangi",
    ]
)


def words(text: str) -> list[str]:
    """Every word, without numbers and punctuation."""
    return WORD.findall(text)


def content(text: str) -> set[str]:
    """Stems of the words that carry the meaning; six letters are enough to see past an ending."""
    return _stems(word for word in words(text) if len(word) > 2)  # noqa: PLR2004  # "of", "на"  # shorter ones are no names


def proper_names(texts: Iterable[str]) -> set[str]:
    """Stems of the names in running text: people, places, organisations.

    A name has a capital amid a sentence; a word that only ever begins one may be any word.
    """
    amid = (found["name"] for text in texts for found in _AMID.finditer(text))
    return _stems(word for word in amid if word[0].isupper() and len(word) > 2)  # noqa: PLR2004


def capitalised(text: str) -> float:
    """Share of longer words with a capital: about 1 in Title Case and CAPITALS, low in a sentence."""
    longer = [word for word in words(text) if len(word) > 3]  # noqa: PLR2004  # "with", not "the"
    return sum(word[0].isupper() for word in longer) / len(longer) if longer else 1.0


def _stems(found: Iterable[str]) -> set[str]:
    lowered = (word.lower() for word in found)
    return {word[:_LONGEST_STEM].rstrip("'’s") for word in lowered if word not in _SMALL}
