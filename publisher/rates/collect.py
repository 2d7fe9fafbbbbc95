"""Asking the sources in order: the first that knows a pair is believed, the next is compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from publisher.errors import Finding
from publisher.rates.crossing import routes
from publisher.rates.gates import OTHER_DAY, Circumstances, examine, missing, no_rate
from publisher.rates.models import Quote
from publisher.rates.pegs import decreed, rule_for
from publisher.rates.settings import RatesSettings
from publisher.rates.sources.protocol import Client, NotARateError, Pair, Source, SourceError


@dataclass
class Collected:
    """What came of asking: a value a pair, what the gates say, and who did not answer."""

    quotes: list[Quote] = field(default_factory=list)
    second: list[Quote] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    silent: dict[str, SourceError] = field(default_factory=dict)  # title -> why


def wanted_pairs(settings: RatesSettings, day: date) -> tuple[Pair, ...]:
    """The pairs of the table, or the first leg of the best way to one."""
    best = (routes(settings.base, local, day, settings.pegs)[0] for local in _locals(settings))
    return tuple(dict.fromkeys(Pair(*way.first) for way in best))


def collect(
    sources: Iterable[Source], around: Circumstances, client: Client, *, compare: bool = True
) -> Collected:
    """Ask until every pair has a value and (to compare) a second one, or nobody is left to ask.

    A decree needs no source; what sources say about it only tells whether it still holds. What
    nobody quotes is looked for on its other ways, such as through the dollar.
    """
    chosen, result = tuple(sources), Collected()
    pairs = wanted_pairs(around.settings, around.day)
    refused = _inquire(chosen, pairs, around, client, result, compare=compare)
    willing = [source for source in chosen if source.title not in result.silent]
    refused += _inquire(willing, _other_legs(result, pairs, around), around, client, result, compare=compare)
    _take_refused(result, refused, around)
    result.findings += examine(result.quotes, around, second=result.second)
    _decree(result, pairs, around)
    base = around.settings.base
    result.findings += [missing(f"{base}/{local}", around) for local in _unreached(result, around)]
    return result


def _inquire(
    sources: Iterable[Source],
    pairs: Sequence[Pair],
    around: Circumstances,
    client: Client,
    result: Collected,
    *,
    compare: bool,
) -> list[tuple[Source, Quote]]:
    """Add what the sources say; what they say of another day comes back."""
    refused: list[tuple[Source, Quote]] = []
    for source in sources:
        enough = result.second if compare else result.quotes
        still = [pair for pair in pairs if _of(pair, enough) is None]
        if not still:
            break
        for quote in _ask(source, still, around, client, result):
            if any(finding.code == OTHER_DAY for finding in examine([quote], around)):
                refused.append((source, quote))
            elif _of((quote.base, quote.quote), result.quotes) is None:
                result.quotes.append(quote)
            else:
                result.second.append(quote)
    return refused


def _other_legs(result: Collected, asked: Sequence[Pair], around: Circumstances) -> tuple[Pair, ...]:
    """What else to ask for when a currency cannot be reached by what is known."""
    base, pegs = around.settings.base, around.settings.pegs
    ways = [way for local in _unreached(result, around) for way in routes(base, local, around.day, pegs)]
    legs = dict.fromkeys(Pair(*leg) for way in ways for leg in way.legs)
    return tuple(leg for leg in legs if leg not in asked and _known(result, around, *leg) is None)


def _unreached(result: Collected, around: Circumstances) -> list[str]:
    """The currencies of the table that no way leads to."""
    settings, find = around.settings, partial(_known, result, around)
    return [
        local
        for local in _locals(settings)
        if not any(way.quote(find) for way in routes(settings.base, local, around.day, settings.pegs))
    ]


def _known(result: Collected, around: Circumstances, one: str, other: str) -> Quote | None:
    """What was said of two currencies, or decreed."""
    rule = rule_for(around.settings.pegs, one, other, around.day)
    return _of((one, other), result.quotes) or (decreed(rule, around.day) if rule else None)


def _locals(settings: RatesSettings) -> list[str]:
    return [local for local in settings.currencies if local != settings.base]


def _ask(
    source: Source, pairs: Sequence[Pair], around: Circumstances, client: Client, result: Collected
) -> tuple[Quote, ...]:
    try:
        return source.fetch(pairs, around.day, client)
    except NotARateError as error:
        result.findings += [no_rate(str(pair), source.title, said, around) for pair, said in error.faults]
        return error.quotes
    except SourceError as error:
        result.silent[source.title] = error
        return ()


def _take_refused(result: Collected, refused: list[tuple[Source, Quote]], around: Circumstances) -> None:
    """An answer for another day is told; it stands in the table only if an editor accepts it.

    A source that knows nothing but its latest day is no liar when somebody else knew better.
    """
    for source, quote in refused:
        pair = Pair(quote.base, quote.quote)
        known = _of(pair, result.quotes) is not None
        if not known:
            result.quotes.append(quote)
        elif not source.latest_only:
            result.findings += [f for f in examine([quote], around) if f.code == OTHER_DAY]


def _decree(result: Collected, pairs: Iterable[Pair], around: Circumstances) -> None:
    """Put the decree in the place of what feeds print around it and on their day, unless it seems broken."""
    for pair in pairs:
        rule = rule_for(around.settings.pegs, pair.base, pair.local, around.day)
        said = _of(pair, result.quotes)
        if rule is None or any(f.field == (said and said.pair) for f in result.findings):
            continue
        result.quotes = [quote for quote in result.quotes if quote is not said]
        result.quotes.append(decreed(rule, (said.as_of if said else None) or around.day))


def _of(pair: tuple[str, str], quotes: Iterable[Quote]) -> Quote | None:
    """The quote between the two currencies, whichever way round."""
    return next((quote for quote in quotes if {quote.base, quote.quote} == set(pair)), None)
