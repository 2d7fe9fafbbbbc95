"""Dates in running text, in the languages of the region: a page's own date, and what the text tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

# A month is known by how its name begins, so that every case ending is covered:
# января, декабрында, oktyabrda. Names of three letters stand whole.
_MONTHS = (
    "jan янв yan қаңтар qańtar qañtar ýanw",
    "feb фев fev ақпан aqpan few",
    "march mar март mart наурыз nauryz",
    "apr апр сәуір säuır sáýir",
    "may май мая maý мамыр mamyr",
    "jun июн iyun маусым maýsym mausym iýun",
    "jul июл iyul шілде şılde shilde iýul",
    "aug авг avg тамыз tamyz awg",
    "sep sent сент сен қыркүйек qyrkúıek qyrküiek",
    "oct окт okt қазан qazan",
    "nov ноя noy қараша qaraşa qarasha",
    "dec дек dek желтоқсан jeltoqsan",
)
_WHOLE = {"may", "mar", "май", "мая", "сен", "maý"}
_STEMS = {stem: number for number, names in enumerate(_MONTHS, 1) for stem in names.split()}
_MONTH = "|".join(
    stem if stem in _WHOLE else stem + r"[^\W\d_]*" for stem in sorted(_STEMS, key=len, reverse=True)
)
_M = rf"(?P<m>{_MONTH})\b\.?"
_D = r"(?P<d>[0-3]?\d)(?:st|nd|rd|th|-nj[iy])?(?!\d)"
_YEAR = r"(?:19[7-9]\d|20\d\d)"  # what an issue can be of
_Y = rf"(?P<y>{_YEAR})(?!\d)"
_YEAR_WORD = r"(?:\s*(?:г\.|года?|жыл\w*|-?\s?жыл\w*|-?\s?yil\w*|йил\w*|-?(?:nji\s|njy\s)?\s?ýyl\w*))?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_D}[\s-]+{_M},?\s+(?:соли\s+)?{_Y}{_YEAR_WORD}",
        rf"\b{_M}\s+{_D},?\s+{_Y}",
        rf"\b{_Y}{_YEAR_WORD}\s+{_D}[\s-]+{_M}",
        rf"\b(?P<y>{_YEAR})-(?P<n>[01]\d)-(?P<d>[0-3]\d)(?!\d)",
        rf"\b(?P<d>[0-3]?\d)[./](?P<n>[01]?\d)[./](?P<y>{_YEAR})(?!\d)",
    )
)
# A day without its year, and not the beginning of a range ("December 10-20" is a plan).
_DAY_ONLY = (
    re.compile(rf"\b{_M}\s+{_D}(?!\s?[-–—]\s?\d|,?\s+{_YEAR})", re.IGNORECASE),
    re.compile(rf"(?<![-–—\d])\b{_D}[\s-]+{_M}(?!,?\s+{_YEAR})", re.IGNORECASE),
)
_MONTH_FIRST = (_FORMS[1], _DAY_ONLY[0])
_AROUND = re.compile(
    r"(?:(?:published|posted|updated|date|дата|опубликовано|обновлено)\s*:?\s*)?"
    r"(?:[^\W\d]+,?\s+)?(?:(?:[01]?\d|2[0-3]):[0-5]\d[\s,]+)?"
    r"@"
    r"(?:[\s,]+(?:at\s+|в\s+)?(?:[01]?\d|2[0-3]):[0-5]\d(?::\d\d)?(?:\s?[ap]m)?(?:\s*(?:[+-]\d{4}|[A-Z]{2,4}))?)?[.]?",
    re.IGNORECASE,
)
_SOON = timedelta(days=31)


def date_line(text: str) -> date | None:
    """The date, if the line is a date and nothing else but a weekday, a town or a time of day."""
    if len(text) > 70:  # noqa: PLR2004  # the longest: a label, a weekday, the date, a time and a zone
        return None
    for form in _FORMS:
        if (found := form.search(text)) and (day := _to_date(found)):
            around = f"{text[: found.start()]}@{text[found.end() :]}"
            if _AROUND.fullmatch(around):
                return day
    return None


def dates_in(text: str, near: date) -> list[date]:
    """All days that a text names; one without a year is the last such day before `near`, or soon after."""
    full = [day for form in _FORMS for found in form.finditer(text) if (day := _to_date(found))]
    return sorted({*full, *_days_without_year(text, near)})


def _days_without_year(text: str, near: date) -> Iterator[date]:
    for form in _DAY_ONLY:
        for found in form.finditer(text):
            years = (near.year + 1, near.year, near.year - 1)
            days = [day for year in years if (day := _to_date(found, year))]
            yield from [day for day in days if day <= near + _SOON][:1]


def _to_date(found: re.Match[str], year: int = 0) -> date | None:
    parts = found.groupdict()
    month = int(parts["n"]) if "n" in parts else month_number(parts["m"])
    if found.re in _MONTH_FIRST and parts["m"].islower():
        return None  # "you may 5 times ask": only English puts the month first, with a capital
    try:
        return date(year or int(parts["y"]), month, int(parts["d"]))
    except ValueError:
        return None


def month_number(name: str) -> int:
    """1 to 12 for a month's name in any case form; 0 if it is none."""
    word = name.lower()
    for stem in sorted(_STEMS, key=len, reverse=True):
        if word == stem or (word.startswith(stem) and stem not in _WHOLE):
            return _STEMS[stem]
    return 0
