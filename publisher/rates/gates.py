"""What a value must pass before it is believed. Pure: values in, findings out.

Each gate that stops a value shows the numbers, so that an editor can decide; `accepted:` in
rates.yml, written by `publisher rates update --accept`, records that she did.

    R301 too old           R302 moved too far       R303 two sources disagree
    R304 too few digits    R307 not a rate          R308 a day nobody asked for
    R309 a decree broken   R310 a past day changed  R311 a stated change contradicts our memory
    R312 no value
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from publisher.errors import Finding, Severity
from publisher.rates.history import History
from publisher.rates.models import ImpreciseError, Kind, Quote, RatesFile
from publisher.rates.notation import EXACT, at_decimals, at_digits, decimals_of, digits_of, plain
from publisher.rates.pegs import rule_for
from publisher.rates.quote import Place
from publisher.rates.settings import RatesSettings
from publisher.rates.table import PEG_BROKEN

STALE, MOVED, DISAGREE, IMPRECISE = "R301", "R302", "R303", "R304"
NO_RATE, OTHER_DAY, REVISED, CONTRADICTED = "R307", "R308", "R310", "R311"
MISSING = "R312"

_MOST_WEEKS = 5
"""Over a weekend or a week of holidays a currency may move no further than in a day; each further
week without a value allows as much again, and after a month a quarter of its value is still worth
a question."""
_MOST_DIGITS, _FEW_DIGITS = 12, 7
"""More digits than the first no source gives: they come of a division, and the second are enough to see it."""
_STATED_WINDOW = timedelta(days=7)
_STATED_SLACK = Decimal("0.05")


@dataclass(frozen=True)
class Circumstances:
    """What a value is judged against."""

    history: History
    settings: RatesSettings
    day: date  # the day that was asked for
    path: str = ""  # the file that a finding speaks of


def examine(
    quotes: Sequence[Quote], around: Circumstances, *, second: Iterable[Quote] = ()
) -> tuple[Finding, ...]:
    """Put fetched quotes through every gate; `second` are other sources' words on the same pairs."""
    found = [finding for quote in quotes for finding in judged(quote, around)]
    others = list(second)
    found += [f for quote in quotes for other in others for f in _disagreement(quote, other, around)]
    return tuple(found)


def judged(quote: Quote, around: Circumstances) -> Iterator[Finding]:
    """What the gates say of one value."""
    return (finding for gate in _GATES for finding in gate(quote, around))


def unaccepted(findings: Iterable[Finding], rates: RatesFile) -> Iterator[Finding]:
    """The findings that no editor has vouched for."""
    return (finding for finding in findings if not rates.accepts(finding.field, finding.code))


def percent_apart(one: Decimal, other: Decimal) -> Decimal:
    """How far two values lie apart, in percent of the second, rounded to two decimals."""
    return at_decimals(EXACT.divide(abs(one - other), other) * 100, 2)


def _stale(quote: Quote, around: Circumstances) -> Iterator[Finding]:
    if quote.as_of is None:
        return
    age, limit = (around.day - quote.as_of).days, around.settings.max_age
    if age > limit:
        message = f"{plain(quote.value)} is of {quote.as_of}: {age} days before {around.day} (limit {limit})"
        yield about(quote, around, message, STALE)


def _other_day(quote: Quote, around: Circumstances) -> Iterator[Finding]:
    """A bank that sets rates ahead may answer with tomorrow; nobody may answer with next week."""
    ahead = timedelta(days=1 if quote.effective or quote.kind is Kind.EDITOR else 0)
    if quote.as_of and quote.as_of > around.day + ahead:
        asked = f"{quote.source or 'it'} was asked for {around.day} and answered for {quote.as_of}"
        yield about(quote, around, f"{asked}: {plain(quote.value)}", OTHER_DAY)


def _moved(quote: Quote, around: Circumstances) -> Iterator[Finding]:
    old = _last(quote, around)
    if old is None or old.as_of is None or quote.as_of is None or _decreed(quote, around):
        return
    then, now = _comparable(old, quote)
    limit = around.settings.max_move * min(_MOST_WEEKS, _weeks_begun(old.as_of, quote.as_of))
    moved = percent_apart(now, then)
    if moved > limit + (old.relative_error + quote.relative_error) * 100:
        what = f"{_seen(then)} on {old.as_of}, {_seen(now)} on {quote.as_of}"
        yield about(quote, around, f"moved {moved} %: {what} (limit {plain(limit)} %)", MOVED)


def _broken_peg(quote: Quote, around: Circumstances) -> Iterator[Finding]:
    """Feeds print noise around a decree; what leaves the noise behind may be its end."""
    rule = rule_for(around.settings.pegs, quote.base, quote.quote, quote.as_of or around.day)
    if rule is None:
        return
    now = quote.value if quote.base == rule.base else EXACT.divide(Decimal(1), quote.value)
    apart = percent_apart(now, rule.value)
    if apart > around.settings.max_move + quote.relative_error * 100:
        decree = f"the decree of {rule.authority} since {rule.since} says {plain(rule.value)}"
        shown = plain(at_decimals(now, 4))
        yield about(quote, around, f"{shown} is {apart} % from the peg: {decree}", PEG_BROKEN)


def _revised(quote: Quote, around: Circumstances) -> Iterator[Finding]:
    old = around.history.on(quote.base, quote.quote, quote.as_of) if quote.as_of else None
    if old is None or old.source != quote.source or _decreed(quote, around):
        return
    then, now = _comparable(old, quote)
    apart = percent_apart(now, then)
    if apart > around.settings.max_disagreement:
        said = f"{quote.source or 'it'} said {_seen(then)} for {quote.as_of}"
        message = f"{said} and now says {_seen(now)} ({apart} %)"
        yield about(quote, around, message, REVISED)


def _imprecise(quote: Quote, around: Circumstances) -> Iterator[Finding]:
    if quote.invertible or _decreed(quote, around):
        return
    error = at_decimals(quote.relative_error * 100, 2)
    digits = f"{quote.significant} significant digit{'s' if quote.significant > 1 else ''}"
    message = f"{plain(quote.stated)} has {digits}: it may be off by {error} %"
    hint = f"type the value of one {quote.quote}, or run `publisher rates update`"
    yield about(quote, around, message, IMPRECISE, hint=hint, severity=Severity.WARNING)


def _contradicted(quote: Quote, around: Circumstances) -> Iterator[Finding]:
    """A source's own figure is kept and never shown; told when our memory says otherwise."""
    old = _last(quote, around)
    if quote.stated_change is None or old is None or old.as_of is None or quote.as_of is None:
        return
    if quote.as_of - old.as_of > _STATED_WINDOW or _decreed(quote, around):
        return
    then, now = _comparable(old, quote)
    ours = (EXACT.divide(now, then) - 1) * 100
    unsure = (old.relative_error + quote.relative_error) * 100 + _STATED_SLACK
    unsure += Decimal(5).scaleb(-1 - decimals_of(quote.stated_change))
    if abs(ours - quote.stated_change) > unsure:
        what = f"{_seen(then)} on {old.as_of}, {_seen(now)} on {quote.as_of}"
        message = (
            f"states a change of {plain(quote.stated_change)} %, but it is {at_decimals(ours, 2)} %: {what}"
        )
        hint = "nothing to do: the computed change is shown"
        yield about(quote, around, message, CONTRADICTED, hint=hint, severity=Severity.WARNING)


def _disagreement(quote: Quote, other: Quote, around: Circumstances) -> Iterator[Finding]:
    if {quote.base, quote.quote} != {other.base, other.quote} or _decreed(quote, around):
        return
    theirs, ours = _comparable(other, quote)
    apart = percent_apart(ours, theirs)
    unsure = (quote.relative_error + other.relative_error) * 100
    if apart > around.settings.max_disagreement + unsure:
        said = f"{quote.source} says {_seen(ours)} ({quote.as_of})"
        says = f"{other.source} says {_seen(theirs)} ({other.as_of})"
        yield about(quote, around, f"{said}, {says}: {apart} % apart", DISAGREE)


_Gate = Callable[[Quote, Circumstances], Iterator[Finding]]
_GATES: tuple[_Gate, ...] = (
    _stale,
    _other_day,
    _moved,
    _broken_peg,
    _revised,
    _imprecise,
    _contradicted,
)


def missing(pair: str, around: Circumstances) -> Finding:
    """No source had a value."""
    hint = f"type it into rates.yml, or go on without it: --accept {MISSING}:{pair}"
    return Finding(around.path, 0, 0, pair, f"no source has a value for {around.day}", hint, MISSING)


def no_rate(pair: str, source: str, said: str, around: Circumstances) -> Finding:
    """A source answered with something that is no rate."""
    hint = f"look it up elsewhere; to go on without this source: --accept {NO_RATE}:{pair}"
    return Finding(around.path, 0, 0, pair, f"{source} says {said!r}, which is no rate", hint, NO_RATE)


def about(
    quote: Quote,
    around: Circumstances,
    message: str,
    code: str,
    *,
    hint: str = "",
    severity: Severity = Severity.ERROR,
) -> Finding:
    """A finding about a value, at the place where it stands."""
    hint = hint or f"look it up elsewhere; if it is right: --accept {code}:{quote.pair}"
    place = quote.place if quote.place.path else Place(around.path)
    return Finding(*place, quote.pair, message, hint, code, severity)


def _last(quote: Quote, around: Circumstances) -> Quote | None:
    """What we knew of the pair before the quote's own day."""
    past = around.history.before(quote.base, quote.quote, quote.as_of) if quote.as_of else []
    return past[-1] if past else None


def _comparable(old: Quote, new: Quote) -> tuple[Decimal, Decimal]:
    """Both values in the newer quote's direction; a coarse older one only to be compared with."""
    try:
        return old.in_base(new.base), new.value
    except ImpreciseError:
        return EXACT.divide(Decimal(1), old.value), new.value


def _seen(value: Decimal) -> str:
    """A value as given, or the first digits of one that was turned round to be compared."""
    return f"{value if digits_of(value) <= _MOST_DIGITS else at_digits(value, _FEW_DIGITS):f}"


def _decreed(quote: Quote, around: Circumstances) -> bool:
    return rule_for(around.settings.pegs, quote.base, quote.quote, quote.as_of or around.day) is not None


def _weeks_begun(start: date, end: date) -> int:
    """Seven days are one week, eight are two."""
    return -(-(end - start).days // 7)
