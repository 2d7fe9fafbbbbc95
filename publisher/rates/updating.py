"""An issue's rates.yml after an update: what was fetched, what the editor typed, what she accepted."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from publisher.errors import Finding, Severity
from publisher.rates.models import Acceptance, Kind, Quote, RatesFile
from publisher.rates.notation import plain
from publisher.rates.questions import Questions

_PLAIN = re.compile(r"[A-Za-z][\w .()/-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


@dataclass(frozen=True)
class Accept:
    """`R302` or `R302:USD/KZT`: what an editor lets pass."""

    code: str
    pair: str = ""

    @classmethod
    def parse(cls, text: str) -> Accept:
        """Read the flag. Raises ValueError."""
        if not re.fullmatch(r"R3\d\d(:[A-Z]{3}/[A-Z]{3})?", text):
            raise ValueError(f"{text!r} is no code; type one such as R302 or R302:USD/KZT")
        code, _, pair = text.partition(":")
        return cls(code, pair)

    def covers(self, finding: Finding) -> bool:
        """Whether this is about that finding; without a pair it is about all of its code."""
        pair = self.pair or finding.field
        return self.code == finding.code and set(pair.split("/")) == set(finding.field.split("/"))


def accepting(
    rates: RatesFile, findings: Iterable[Finding], accepts: Iterable[Accept], *, at: date, reason: str = ""
) -> RatesFile:
    """Record for good what an editor lets pass: pair, code, day and reason."""
    flags = list(accepts)
    stopped = [finding for finding in findings if finding.severity is Severity.ERROR]
    covered = [f for f in stopped if any(flag.covers(f) for flag in flags)]
    new = {(f.field, f.code) for f in covered if not rates.accepts(f.field, f.code)}
    made = (Acceptance(pair=pair, code=code, at=at, reason=reason) for pair, code in sorted(new))
    return rates.model_copy(update={"accepted": (*rates.accepted, *made)})


def updated(rates: RatesFile, fetched: Iterable[Quote]) -> RatesFile:
    """Put fetched values in the place of pasted and earlier ones.

    A value that the editor typed with its source is her word and stays. Each value then names its
    own source.
    """
    typed = {_sides(q): q for q in rates.quotes if q.kind is Kind.EDITOR and q.source}
    new = {_sides(q): q for q in fetched} | typed
    others = [q for q in rates.quotes if _sides(q) not in new]
    quotes = (*new.values(), *others)
    return rates.model_copy(update={"quotes": quotes, "as_of": _common_day(quotes), "source": ""})


def _sides(quote: Quote) -> frozenset[str]:
    return frozenset((quote.base, quote.quote))


def _common_day(quotes: Iterable[Quote]) -> date | None:
    days = Counter(quote.as_of for quote in quotes if quote.as_of)
    return max(days, key=lambda day: (days[day], day), default=None)


def to_yaml(rates: RatesFile, questions: Questions) -> str:
    """The file's text, as an editor would type it; the same rates give the same bytes."""
    return "\n".join(_yaml_lines(rates, questions)) + "\n"


def _yaml_lines(rates: RatesFile, questions: Questions) -> Iterator[str]:
    yield "# One unit of the first currency is worth so much of the second."
    yield from questions.get("", ())
    if rates.as_of:
        yield f"as_of: {rates.as_of}"
    if rates.note:
        yield f"note: {json.dumps(rates.note, ensure_ascii=False)}"
    yield "quotes:" if rates.quotes else "quotes: []"
    for quote in rates.quotes:
        yield from (f"  {question}" for question in questions.get(quote.pair, ()))
        yield f"  - {{ {_fields(_of_quote(quote, rates.as_of))} }}"
    if rates.accepted:
        yield "accepted:"
    for given in rates.accepted:
        fields = {"pair": given.pair, "code": given.code, "at": str(given.at), "reason": given.reason}
        yield f"  - {{ {_fields(fields)} }}"


def _of_quote(quote: Quote, day: date | None) -> dict[str, str]:
    """What must be written of a quote; its day only when it is not the file's."""
    return {
        "base": quote.base,
        "quote": quote.quote,
        "value": plain(quote.stated),
        "as_of": str(quote.as_of) if quote.as_of and quote.as_of != day else "",
        "effective": str(quote.effective or ""),
        "source": quote.source,
        "kind": "" if quote.kind is Kind.EDITOR else quote.kind.value,
        "stated_change": "" if quote.stated_change is None else plain(quote.stated_change),
    }


def _fields(fields: dict[str, str]) -> str:
    return ", ".join(f"{name}: {_scalar(name, value)}" for name, value in fields.items() if value)


def _scalar(name: str, value: str) -> str:
    """Quote what YAML could take for something else; numbers and dates are read as typed."""
    if name not in ("source", "reason"):
        return value
    plainly = _PLAIN.fullmatch(value) and value.lower() not in _WORDS and value == value.strip()
    return value if plainly else json.dumps(value, ensure_ascii=False)
