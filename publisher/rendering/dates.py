"""Dates as each language writes them: CLDR's patterns, and ours where its press writes otherwise.

Patterns are those of Unicode TR 35. CLDR 46 writes Tajik months with a capital, Uzbek months in
Cyrillic letters without their soft sign, and a day below ten with a nought in some languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date

from publisher.rendering.catalogue import fallbacks


class _Patterns(NamedTuple):
    """What a language writes unlike CLDR: the whole date, the same shorter, without year, without day."""

    long: str = ""
    medium: str = ""
    short: str = ""
    month_and_year: str = ""


_PATTERNS: Mapping[str, _Patterns] = MappingProxyType(
    {
        "en-GB": _Patterns(long="EEEE d MMMM y"),
        "kk": _Patterns(medium="y 'ж'. d MMMM"),
        "ky": _Patterns(medium="y-'ж'., d-MMMM"),
        "tg": _Patterns("EEEE, d MMMM'и соли' y", "d MMMM'и' y", "d MMMM", "MMMM'и соли' y"),
        "tk": _Patterns("d MMMM y, EEEE", "d MMMM y", "d MMMM", "MMMM y"),
        "uz": _Patterns("y-'yil' d-MMMM, EEEE", "y-'yil' d-MMMM", "d-MMMM", "y-'yil' MMMM"),
        "uz-Cyrl": _Patterns("y 'йил' d MMMM, EEEE", "y 'йил' d MMMM", "d MMMM", "y 'йил' MMMM"),
    }
)

_TAJIK = "январ феврал март апрел май июн июл август сентябр октябр ноябр декабр"
_UZBEK = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
_MONTHS: Mapping[str, list[str]] = MappingProxyType({"tg": _TAJIK.split(), "uz-Cyrl": _UZBEK.split()})


def long_date(day: date, locale: Locale) -> str:
    """`Wednesday 10 December 2025`."""
    return _written(day, _patterns(locale).long or str(locale.date_formats["full"].pattern), locale)


def medium_date(day: date, locale: Locale) -> str:
    """`10 Dec 2025`."""
    return _written(day, _patterns(locale).medium or str(locale.date_formats["medium"].pattern), locale)


def short_date(day: date, locale: Locale) -> str:
    """`10 Dec`, for days near a date that names the year."""
    return _written(day, _patterns(locale).short or _skeleton(locale, "MMMd", "d MMM"), locale)


def month(day: date, locale: Locale) -> str:
    """`December`, alone as at the head of a list."""
    return _written(day, "LLLL", locale)


def month_and_year(day: date, locale: Locale) -> str:
    """`December 2025`, alone."""
    return _written(day, _patterns(locale).month_and_year or _skeleton(locale, "yMMMM", "LLLL y"), locale)


def _skeleton(locale: Locale, name: str, otherwise: str) -> str:
    usual = locale.datetime_skeletons.get(name)
    return str(usual.pattern) if usual else otherwise


def _patterns(locale: Locale) -> _Patterns:
    return next((_PATTERNS[tag] for tag in _tags(locale) if tag in _PATTERNS), _Patterns())


def _written(day: date, pattern: str, locale: Locale) -> str:
    """Format a day; months that CLDR spells otherwise go into the pattern as quoted words."""
    own = next((_MONTHS[tag][day.month - 1] for tag in _tags(locale) if tag in _MONTHS), "")
    if own:
        pattern = pattern.replace("MMMM", f"'{own}'").replace("LLLL", f"'{own}'").replace("''", "")
    return format_date(day, pattern, locale=locale)


def _tags(locale: Locale) -> list[str]:
    return fallbacks(str(locale).replace("_", "-"))
