"""The page's ticker -> its rates, and what an editor must decide about them."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.importing.blocks import Block, Kind
from publisher.importing.draft import Answers, Choice, Decision, DraftQuote, Typed
from publisher.rates.models import Quote
from publisher.rates.ticker import read_line, write_line

ENOUGH_DIGITS = 4
"""Significant digits; with fewer a value may be off by more than half a per mille."""

_DROP = "drop"
_KEEP = "keep"


def read_rates(blocks: Sequence[Block], answers: Answers) -> tuple[DraftQuote, ...]:
    """One rate a pair, in order: equal repeats collapse, unequal ones are a question."""
    said: dict[str, list[tuple[Quote, int]]] = {}
    for block in blocks:
        if quote := _quote(block):
            said.setdefault(quote.pair, []).append((quote, block.line))
    rates = [_rate(different, answers) for different in map(_different, said.values())]
    return tuple(rate for rate in rates if rate is not None)


def unreadable_rates(blocks: Sequence[Block]) -> tuple[str, ...]:
    """What to say of ticker lines whose number cannot be read."""
    return tuple(
        f"line {block.line}: {block.text!r} looks like a rate but its number cannot be read; it was left out"
        for block in blocks
        if block.kind is Kind.RATE and _quote(block) is None
    )


def _quote(block: Block) -> Quote | None:
    if block.kind is not Kind.RATE:
        return None
    try:
        return read_line(block.text)
    except ValueError:
        return None


def _different(said: Sequence[tuple[Quote, int]]) -> list[tuple[Quote, int]]:
    """The distinct values of one pair; of equal ones the first, with the most digits."""
    kept: dict[object, tuple[Quote, int]] = {}
    for quote, line in said:
        first, place = kept.setdefault((quote.value, quote.stated_change), (quote, line))
        if quote.significant > first.significant:
            kept[quote.value, quote.stated_change] = (quote, place)
    return list(kept.values())


def _rate(different: list[tuple[Quote, int]], answers: Answers) -> DraftQuote | None:
    quote, line = different[0]
    decisions = []
    if len(different) > 1:
        key = f"conflict:{quote.pair}"
        if answers.get(key) == _DROP:
            return None
        chosen = [pair for pair in different if write_line(pair[0]) == answers.get(key)]
        if chosen:
            quote, line = chosen[0]
        else:
            decisions.append(_conflict(key, different))
    return _with_enough_digits(quote, line, decisions, answers)


def _conflict(key: str, different: Sequence[tuple[Quote, int]]) -> Decision:
    written = [(write_line(quote), line) for quote, line in different]
    places = "; ".join(f"line {line} says {text}" for text, line in written)
    choices = [
        Choice(str(number), text, f"{text} (line {line})") for number, (text, line) in enumerate(written, 1)
    ]
    return Decision(
        key,
        f"the page contradicts itself: {places}. Which is right?",
        written[0][0],
        0.5,
        different[1][1],
        (*choices, Choice("d", _DROP, "leave this rate out")),
    )


def _with_enough_digits(
    quote: Quote, line: int, decisions: list[Decision], answers: Answers
) -> DraftQuote | None:
    """Ask about a value with too few digits; an editor may type a better one."""
    key = f"digits:{quote.pair}"
    answer = answers.get(key, "")
    if answer == _DROP:
        return None
    if better := _typed(quote, answer):
        quote = better
    if answer != _KEEP and quote.significant < ENOUGH_DIGITS:
        digits = "1 digit counts" if quote.significant == 1 else f"{quote.significant} digits count"
        question = f"{write_line(quote)} is not exact: only {digits}. Is there a better value?"
        keep, drop = Choice("k", _KEEP, "keep it as it is"), Choice("d", _DROP, "leave this rate out")
        decisions = [*decisions, Decision(key, question, _KEEP, 0.6, line, (keep, drop), Typed.NUMBER)]
    return DraftQuote(quote, line, tuple(decisions))


def _typed(quote: Quote, number: str) -> Quote | None:
    """The same pair with the number that an editor typed."""
    if not number or number == _KEEP:
        return None
    try:
        return read_line(f"{quote.pair} = {number}")
    except ValueError:
        return None
