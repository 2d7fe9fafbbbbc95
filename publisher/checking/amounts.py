"""Sums of money as English and Russian texts write them, and what they are converted into.

UZS 1.5 trillion ($115.38 million)      3 million soms, or about $34,000
1,5 трлн сумов (115,38 млн долларов)    £144 million (more than $180 million)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

_SCALES: Mapping[str, int] = MappingProxyType(
    {
        r"thousand|тыс(?:яч[аиу]?|\.)?": 3,
        r"million|mln|mn|m|млн\.?|миллион(?:а|ов)?": 6,
        r"billion|bln|bn|b|млрд\.?|миллиард(?:а|ов)?": 9,
        r"trillion|trln|tn|трлн\.?|триллион(?:а|ов)?": 12,
    }
)
_SIGNS: Mapping[str, str] = MappingProxyType({"US$": "USD", "$": "USD", "€": "EUR", "£": "GBP"})
_CODES = ("USD", "EUR", "GBP", "RUB", "CNY", "KGS", "KZT", "TJS", "UZS", "TMT")
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        r"(?:U\.?S\.?\s+)?dollars?|долл(?:ар(?:а|ов)?|\.)?(?:\s+США)?": "USD",
        r"euros?|евро": "EUR",
        r"pounds?(?:\s+sterling)?|фунт(?:а|ов)?(?:\s+стерлингов)?": "GBP",
        r"(?:Russian\s+)?r(?:ou|u)bles?|(?:российских\s+)?рубл(?:ь|я|ей)": "RUB",
        r"(?:Chinese\s+)?yuan|юан(?:ь|я|ей)": "CNY",
        r"(?:Uzbek(?:istani)?\s+)?(?:so?ums?|so[ʻ'’‘`]m)|Uzbek(?:istani)?\s+soms?|сум(?:а|ов)?": "UZS",
        r"(?:Kyrgyz(?:stani)?\s+)?soms?|сом(?:а|ов)?": "KGS",
        r"(?:Kazakh(?:stani)?\s+)?tenge|тенге": "KZT",
        r"(?:Tajik(?:istani)?\s+)?somoni|сомони": "TJS",
        r"(?:Turkmen(?:istani)?\s+)?manats?|манат(?:а|ов)?": "TMT",
    }
)
_NUMBER = (
    r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3}){1,5}(?:[.,][0-9]{1,12})?"
    r"|[0-9]{1,16}(?:,[0-9]{3}){0,5}(?:[.,][0-9]{1,12})?"
)


def _amount(group: str) -> str:
    """A pattern for one sum, its parts named after the group."""
    scales, words = "|".join(_SCALES), "|".join(_WORDS)
    signs, codes = "|".join(map(re.escape, _SIGNS)), "|".join(_CODES)
    return rf"""(?:(?<![\w$.,])(?P<{group}before>{signs}|(?:{codes})(?![a-z]))[ \u00a0]?|(?<![\w.,]))
        (?P<{group}number>{_NUMBER})
        (?:[ \u00a0-]?(?P<{group}scale>{scales})(?!\w))?
        (?:(?:[ \u00a0-]|(?=[$€£]))(?P<{group}after>{words}|{codes}|{signs})(?!\w))?"""


_LEADS = (
    r"\s*\(",
    r",?\s+(?:or|или|equivalent\sto|the\sequivalent\sof|which\sis|что\sсоставляет|что\sравно)\s",
    r"\s+[–—]\s+(?=about|around|roughly|nearly|almost|около|примерно|почти)",
)
"""What stands between a sum and what it is worth; a few words such as 'more than' may follow."""

_CONVERSION = re.compile(
    rf"(?P<whole>{_amount('a')}(?:{'|'.join(_LEADS)})(?:[^()\d$€£]{{0,40}}?){_amount('b')})",
    re.VERBOSE | re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:[-–—]|\b(?:to|and|до|и)\b)\s*[$€£]?[0-9]")
"""'$57,000–80,000' answers to two sums, of which only one was read."""

_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+")


@dataclass(frozen=True)
class Money:
    """A sum: so much of a currency, known to half a unit of its last digit that is not a nought."""

    currency: str
    value: Decimal
    half_unit: Decimal


@dataclass(frozen=True)
class Conversion:
    """A sum and what a text says it is worth."""

    words: str
    original: Money
    converted: Money


def conversions(text: str) -> Iterator[Conversion]:
    """Every sum of the text that is followed by its worth in another currency."""
    position = 0
    while found := _CONVERSION.search(text, position):
        position = found.start() + 1
        original, converted = _money(found, "a"), _money(found, "b")
        ranged = _RANGE.match(text, found.end())
        if original and converted and original.currency != converted.currency and not ranged:
            closing = ")" if "(" in found["whole"] and text.startswith(")", found.end()) else ""
            yield Conversion(found["whole"] + closing, original, converted)
            position = found.end()


def _money(found: re.Match[str], group: str) -> Money | None:
    """The sum of one half; None for a number that is no money."""
    currency = _currency(found[f"{group}before"], found[f"{group}after"])
    number = _number(found[f"{group}number"], russian=bool(re.search("[а-яё]", found["whole"])))
    if not currency or not number:
        return None
    power = next((n for name, n in _SCALES.items() if _is(name, found[f"{group}scale"])), 0)
    digits = number.normalize()
    return Money(
        currency, number.scaleb(power), Decimal(5).scaleb(int(digits.as_tuple().exponent) + power - 1)
    )


def _currency(before: str | None, after: str | None) -> str:
    """The ISO code; a sign or code before the number and a word after it must agree."""
    first = _SIGNS.get((before or "").upper(), (before or "").upper())
    if not after:
        return first
    named = (code for name, code in _WORDS.items() if _is(name, after))
    second = next(named, _SIGNS.get(after.upper(), after.upper()))
    return second if first in ("", second) else ""


def _is(pattern: str, word: str | None) -> bool:
    return bool(word and re.fullmatch(pattern, word, re.IGNORECASE))


def _number(text: str, *, russian: bool) -> Decimal:
    """1,500 is a thousand and a half in English; in Russian one comma is the decimal sign."""
    raw = re.sub(r"[ \u00a0\u202f]", "", text)
    if "." in raw or (_AMBIGUOUS.fullmatch(raw) and (not russian or raw.count(",") > 1)):
        raw = raw.replace(",", "")
    return Decimal(raw.replace(",", ".")) if raw.count(",") < 2 else Decimal(0)  # noqa: PLR2004  # 1,2,3 is a list
