"""An issue's rates.yml as the copy desk sees it: the gates once more, and what is missing.

R313 a value without a day      R314 a currency of the table without a value
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from publisher.errors import Finding, Severity
from publisher.rates.gates import Circumstances, about, judged, unaccepted
from publisher.rates.models import Quote, RatesFile
from publisher.rates.quote import NOWHERE, Place
from publisher.rates.table import build_table

UNDATED, ROWLESS = "R313", "R314"


def review(rates: RatesFile, around: Circumstances) -> tuple[Finding, ...]:
    """Look at an issue's rates.yml as it stands; what its editor has accepted is not told again.

    The file is her word, so nothing here stops a publish: every finding is a warning.
    """
    found = [f for quote in rates.quotes for f in (*judged(quote, around), *_undated(quote, around))]
    found += _holes(rates, around)
    return tuple(_as_warning(finding, around.day) for finding in unaccepted(found, rates))


def _as_warning(finding: Finding, day: date) -> Finding:
    if finding.severity is not Severity.ERROR:
        return finding
    record = f"accepted: [{{pair: {finding.field}, code: {finding.code}, at: {day}}}]"
    hint = f"look it up elsewhere; if it is right, add {record}"
    return replace(finding, severity=Severity.WARNING, hint=hint)


def _holes(rates: RatesFile, around: Circumstances) -> Iterator[Finding]:
    """The currencies of the table that the file says nothing about."""
    settings = around.settings
    table = build_table(rates, around.history, settings, around.day)
    shown = {row.local for row in table.rows} | {settings.base}
    empty = [f"{settings.base}/{local}" for local in settings.currencies if local not in shown]
    odd = {
        c: q
        for q in rates.quotes
        for c in (q.base, q.quote)
        if c not in (settings.base, *settings.currencies)
    }
    for pair in empty if rates.quotes else []:
        typed = next(iter(difflib.get_close_matches(pair[-3:], odd, 1)), "")
        hint = f"is {typed} a slip for it?" if typed else "fetch it with `publisher rates update`, or type it"
        place = odd[typed].place if typed else NOWHERE
        where = place if place.path else Place(around.path)
        yield Finding(*where, pair, "has no value", hint, ROWLESS, Severity.WARNING)
    if empty and not rates.quotes:
        hint = f"fetch them with: publisher rates update {around.day}"
        yield Finding(around.path, 0, 0, "", "the issue has no rates", hint, ROWLESS, Severity.NOTE)


def _undated(quote: Quote, around: Circumstances) -> Iterator[Finding]:
    if quote.as_of is None:
        hint = "add a line such as as_of: 2025-12-10"
        message = "does not say which day it holds for"
        yield about(quote, around, message, UNDATED, hint=hint, severity=Severity.WARNING)
