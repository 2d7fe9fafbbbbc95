"""The table as files for others to use: `rates.json` and `rates.csv` at the root of the site.

Values are strings of exactly the digits that are shown; JSON's numbers would lose them.
"""

from __future__ import annotations

import json
from datetime import date

from publisher.rates.history import History, to_csv
from publisher.rates.models import Change, Peg, RateRow, RatesTable
from publisher.rates.notation import plain

Json = dict[str, object]


def export_rates(table: RatesTable, history: History) -> dict[str, bytes]:
    """Make `rates.json`, the latest table with its changes, and `rates.csv`, all history.

    The same table and history give the same bytes. The CSV has the columns of
    `rates/history.csv`, and holds nothing later than the table.
    """
    document = {
        "base": table.base,
        "as_of": _day(table.as_of),
        "effective": _day(table.effective),
        "sources": list(table.sources),
        "note": table.note,
        "rates": [_row(row) for row in table.rows],
    }
    known = [q for q in history.quotes if table.as_of is None or (q.as_of and q.as_of <= table.as_of)]
    return {
        "rates.csv": to_csv(History(tuple(known))).encode(),
        "rates.json": (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode(),
    }


def _row(row: RateRow) -> Json:
    return {
        "pair": row.pair,
        "base": row.base,
        "quote": row.quote,
        "value": plain(row.value),
        "as_of": _day(row.as_of),
        "effective": _day(row.effective),
        "source": row.source,
        "kind": row.kind.value,
        "peg": _peg(row.peg),
        "through": row.through,
        "imprecise": row.imprecise,
        "change": _change(row.change, row.local),
        "change_week": _change(row.change_week, row.local),
        "change_month": _change(row.change_month, row.local),
    }


def _peg(peg: Peg | None) -> Json | None:
    """So many units of the row's currency for one of the anchor."""
    if peg is None:
        return None
    return {
        "anchor": peg.anchor,
        "value": plain(peg.value),
        "since": _day(peg.since),
        "authority": peg.authority,
    }


def _change(change: Change | None, local: str) -> Json | None:
    """The percent is unsigned; `currency` is the one that grew stronger or weaker."""
    if change is None:
        return None
    return {
        "currency": local,
        "direction": change.direction.value,
        "percent": plain(change.percent),
        "since": _day(change.since),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
