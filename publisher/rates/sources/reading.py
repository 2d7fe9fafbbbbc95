"""What the banks' formats have in common: XML and JSON read safely, nominals divided exactly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import ValidationError

from publisher.rates.models import Kind, Quote
from publisher.rates.notation import EXACT, digits_of
from publisher.rates.quote import NOWHERE, Place
from publisher.rates.sources.protocol import NotARateError, Pair, SourceError


@dataclass(frozen=True)
class Printed:
    """A value as a source prints it: for so many units, decimals behind a comma or a point."""

    value: str
    nominal: str = "1"


@dataclass(frozen=True)
class Sheet:
    """One answer: whose it is, for which day, and in which currency its values are."""

    title: str
    day: date
    effective: date | None = None
    kind: Kind = Kind.OFFICIAL
    place: Place = NOWHERE


_UNEXPECTED = (
    ParseError,
    DefusedXmlException,
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
    ArithmeticError,
    RecursionError,
)


@contextmanager
def documented(title: str) -> Iterator[None]:
    """Turn whatever an unexpected shape does to a reader into one sentence."""
    try:
        yield
    except _UNEXPECTED as error:
        hint = "try again later, or use another source"
        message = f"{title} answered with what cannot be read ({type(error).__name__})"
        raise SourceError(message, hint=hint) from error


def read_xml(data: bytes) -> Element:
    """Parse XML in the encoding it declares, without a DTD: no entity can grow or reach out."""
    root: Element = fromstring(data, forbid_dtd=True)
    return root


def read_json(data: bytes) -> Any:
    """Parse JSON with every digit of its numbers."""
    return json.loads(data, parse_float=Decimal, parse_int=Decimal)


def each_once(rows: Iterable[tuple[str, Printed]]) -> dict[str, Printed]:
    """A list by currency. Repeats collapse; two different values for one currency are no rate."""
    printed: dict[str, Printed] = {}
    for currency, value in rows:
        first = printed.setdefault(currency, value)
        if first != value:
            printed[currency] = Printed(f"{first.value} and {value.value}")
    return printed


def day_month_year(text: str) -> date:
    """`24.05.2026`."""
    day, month, year = (int(part) for part in text.strip().split("."))
    return date(year, month, day)


def in_local(
    printed: Mapping[str, Printed], local: str, pairs: Sequence[Pair], sheet: Sheet
) -> tuple[Quote, ...]:
    """A bank's list, local currency for foreign, as quotes of the wanted pairs.

    An empty value is a bank that is silent about a currency. Raises NotARateError.
    """
    wanted = [(pair, pair.base if pair.local == local else pair.local) for pair in pairs if local in pair]
    return _quotes([(pair, foreign, local, printed.get(foreign)) for pair, foreign in wanted], sheet)


def in_foreign(
    printed: Mapping[str, Printed], base: str, pairs: Sequence[Pair], sheet: Sheet
) -> tuple[Quote, ...]:
    """A list of what one unit of `base` is worth in others, as quotes of the wanted pairs."""
    wanted = [(pair, pair.local if pair.base == base else pair.base) for pair in pairs if base in pair]
    return _quotes([(pair, base, other, printed.get(other)) for pair, other in wanted], sheet)


def _quotes(wanted: Sequence[tuple[Pair, str, str, Printed | None]], sheet: Sheet) -> tuple[Quote, ...]:
    quotes, faults = [], []
    for pair, base, quote, printed in wanted:
        if printed is None or not printed.value.strip():
            continue
        try:
            quotes.append(_quote(base, quote, printed, sheet))
        except (ValidationError, ArithmeticError, ValueError):
            nominal = "" if printed.nominal == "1" else f" for {printed.nominal}"
            faults.append((pair, f"{printed.value}{nominal}"[:40]))
    if faults:
        raise NotARateError(sheet.title, faults, quotes)
    return tuple(quotes)


def _quote(base: str, quote: str, printed: Printed, sheet: Sheet) -> Quote:
    """Divide by the nominal exactly; the digits claimed are those printed."""
    value = Decimal(printed.value.strip().replace("\u00a0", "").replace(" ", "").replace(",", "."))
    return Quote(
        base=base,
        quote=quote,
        value=EXACT.divide(value, Decimal(int(printed.nominal))),
        significant=digits_of(value),
        as_of=sheet.day,
        effective=sheet.effective,
        source=sheet.title,
        kind=sheet.kind,
    ).at(sheet.place)
