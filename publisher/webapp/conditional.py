"""What a request asks for, and which answer fits (RFC 9110): pure functions on header texts."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

ENCODINGS = ("br", "zstd", "gzip")
"""What we keep beside a file, the one we like best first."""

_ETAG = re.compile(r'(?:W/)?("[^"]*")')
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True)
class Validators:
    """By what a reader tells that nothing changed."""

    etag: str  # strong, quotes included
    modified: datetime  # whole seconds, UTC


def best_encoding(accepted: str, kept: Collection[str]) -> str:
    """Choose among what is kept by Accept-Encoding (sec. 12.5.3); "" is the file as it is.

    A list of what a client accepts says nothing against the file as it is, unless it does so in words.
    """
    weights = dict(_weighted(item) for item in accepted.lower().split(",") if item.strip())
    rest = weights.get("*", 0.0)
    offers = [(weights.get(name, rest), name) for name in ENCODINGS if name in kept]
    weight, name = max(offers, default=(0.0, ""), key=lambda offer: offer[0])
    return name if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def _weighted(item: str) -> tuple[str, float]:
    """`gzip;q=0.5` -> ("gzip", 0.5); a weight that is no number counts as a refusal."""
    name, _, parameter = item.strip().partition(";")
    weight = parameter.strip().removeprefix("q=") or "1"
    try:
        return name.strip(), float(weight)
    except ValueError:
        return name.strip(), 0.0


def is_fresh(validators: Validators, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Whether 304 is the answer: the tag decides where one is given, else the date (sec. 13.2.2)."""
    if if_none_match is not None:
        return if_none_match.strip() == "*" or validators.etag in _ETAG.findall(if_none_match)
    since = _http_date(if_modified_since)
    return since is not None and validators.modified <= since


def requested_range(
    header: str | None, if_range: str | None, validators: Validators, size: int
) -> tuple[int, int] | None:
    """The first and the last byte asked for; None for the whole (sec. 14.2).

    Several ranges at once, other units and ranges of a version that is gone are answered with the
    whole. Raises ValueError for a range beyond the end.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if not found or not any(found.groups()) or not _unchanged(if_range, validators):
        return None
    first, last = found.groups()
    if not first:
        begin, end = max(0, size - int(last)), size - 1
    else:
        begin, end = int(first), min(int(last or size), size - 1)
        if last and int(last) < begin:
            return None
    if begin > end:
        raise ValueError("the range begins beyond the end")
    return begin, end


def _unchanged(if_range: str | None, validators: Validators) -> bool:
    """If-Range compares strongly: the very tag, or the very date (sec. 13.1.5)."""
    return if_range is None or if_range == validators.etag or _http_date(if_range) == validators.modified


def _http_date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text) if text else None
    except (ValueError, TypeError):
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
