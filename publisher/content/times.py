"""Dates and times as editors type them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, WithJsonSchema

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,6})? ?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
YEARS = range(1970, 2200)  # a clock's epoch; beyond it zones have odd seconds and 1 BC is near


def _check_day(value: object) -> object:
    """Accept YYYY-MM-DD only: pydantic would read 1765324800 as a date too."""
    text = value.isoformat() if isinstance(value, date) else value
    if not isinstance(text, str) or not _DAY.fullmatch(text[:10]):
        raise ValueError("is not a date; write it as 2025-12-10")
    if int(text[:4]) not in YEARS:
        raise ValueError(f"has the year {text[:4]}; type one from {YEARS[0]} to {YEARS[-1]}")
    return value


def _check_moment(value: object) -> object:
    """Accept a full date and time only: pydantic would read 2025 as a minute of 1970."""
    if not isinstance(value, datetime) and not (isinstance(value, str) and _MOMENT.fullmatch(value)):
        raise ValueError("is not a date and time; write it as 2025-12-10T07:00+06:00")
    return _check_day(value)


def _check_zone(value: str) -> str:
    """Accept names that this machine knows the rules of."""
    try:
        ZoneInfo(value)
    except (LookupError, ValueError, OSError):
        raise ValueError("is not a known time zone; type a name such as Asia/Bishkek") from None
    return value


Day = Annotated[
    date, BeforeValidator(_check_day), WithJsonSchema({"type": "string", "pattern": f"^{_DAY.pattern}$"})
]
"""A calendar day, typed as 2025-12-10."""

Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_check_moment),
    WithJsonSchema({"type": "string", "pattern": f"^(?:{_DAY.pattern}|{_MOMENT.pattern})$"}),
]
"""A time with its zone, typed as 2025-12-10T07:00+06:00."""


def localised(value: object, zone: tzinfo, at: time) -> object:
    """Complete what an editor left out: the zone, or the time of a bare day.

    Anything that is not a plain date or a plain local time is given back as it came.
    """
    if not isinstance(value, str):
        return value
    found = _MOMENT.fullmatch(value)
    whole_day = _DAY.fullmatch(value)
    if not whole_day and not (found and not found[3]):
        return value
    try:
        moment = (
            datetime.combine(date.fromisoformat(value), at) if whole_day else datetime.fromisoformat(value)
        )
    except ValueError:
        return value
    return moment.replace(tzinfo=zone)


TimeZone = Annotated[str, AfterValidator(_check_zone)]
"""A name of the IANA time zone database, such as Asia/Bishkek."""
