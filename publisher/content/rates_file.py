"""An issue's rates.yml: the model of the rates' room, and where each of its numbers stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

from publisher.content import marked_yaml
from publisher.content.marked import Marked
from publisher.content.validation import validate
from publisher.errors import Finding, InputError
from publisher.rates.models import RatesFile
from publisher.rates.notation import parse_number, plain, ticker_fields
from publisher.rates.quote import Place

_EXAMPLE = "quotes: and below it, each behind a hyphen, - USD/KGS = 87.45"


def parse_rates(text: str, file: str) -> RatesFile:
    """Read the file's text. Raises InputError with file:line:column of everything that is wrong."""
    marked = marked_yaml.load(text, file, example=_EXAMPLE)
    twice = list(_contradictions(marked))
    try:
        rates = validate(RatesFile, marked)
    except InputError as error:
        others = (fault for fault in error.findings if not (twice and fault.field == "quotes"))
        raise InputError([*twice, *others]) from None
    places = _places(marked)
    return rates.model_copy(update={"quotes": tuple(q.at(places[q.pair]) for q in rates.quotes)})


def _contradictions(marked: Marked) -> Iterator[Finding]:
    """Pairs with two values, each told where the second one stands; the model knows no lines."""
    first: dict[str, tuple[Decimal, int]] = {}
    quotes = marked.data.get("quotes", ())
    for position, entry in enumerate(quotes if isinstance(quotes, list) else ()):
        with suppress(ValueError, TypeError, KeyError):
            fields: Any = ticker_fields(entry) if isinstance(entry, str) else entry
            pair, value = f"{fields['base']}/{fields['quote']}", parse_number(str(fields["value"]))
            here = ("quotes", position, "value")
            before, line = first.setdefault(pair, (value, marked.value_mark(here).line))
            if value != before:
                message = f"{pair} is {plain(value)} here but {plain(before)} in line {line}"
                yield marked.finding(here, message, "keep the right one", code="F106")


def _places(marked: Marked) -> dict[str, Place]:
    """The first place of every pair: its value, or the ticker line that holds it."""
    places: dict[str, Place] = {}
    for position, entry in enumerate(marked.data.get("quotes", ())):
        fields = ticker_fields(entry) if isinstance(entry, str) else entry
        mark = marked.value_mark(("quotes", position, "value"))
        if fields:
            places.setdefault(f"{fields['base']}/{fields['quote']}", Place(marked.file, *mark))
    return places
