"""A pasted page's ticker -> quotes, each with its place; repeats collapse, contradictions are told.

• KGS/USD = 0.01144 0%        any bullet, comma or point, any kind of space and minus
"""

from __future__ import annotations

from dataclasses import dataclass

from publisher.errors import Finding
from publisher.rates.models import Quote
from publisher.rates.notation import WHAT_TO_TYPE, plain, ticker_fields

CONFLICT = "R305"
UNREADABLE = "R306"


@dataclass(frozen=True)
class TickerLine:
    """A quote and where it stands, counted from 1."""

    quote: Quote
    line: int
    column: int


@dataclass(frozen=True)
class Ticker:
    """The distinct pairs of a page in order of appearance, and what was wrong with others."""

    lines: tuple[TickerLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    total: int = 0  # lines that are a ticker's, repeats included

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """One quote a pair."""
        return tuple(line.quote for line in self.lines)


def read_line(text: str) -> Quote | None:
    """Read one line; None when it is not a ticker's. Raises ValueError for a number that is none."""
    fields = ticker_fields(text)
    return None if fields is None else Quote.model_validate(fields)


def write_line(quote: Quote) -> str:
    """`KGS/USD = 0.01144 −0.28%`: what `read_line` reads back as the same value and digits."""
    text = f"{quote.pair} = {plain(quote.stated)}"
    if quote.stated_change is None:
        return text
    sign = "−" if quote.stated_change < 0 else ""
    return f"{text} {sign}{plain(abs(quote.stated_change))}%"


def read_ticker(text: str, path: str = "") -> Ticker:
    """Read every ticker line of a text; other lines are somebody else's."""
    placed: dict[str, TickerLine] = {}
    findings: list[Finding] = []
    total = 0
    for number, raw in enumerate(text.splitlines(), 1):
        try:
            quote = read_line(raw)
        except ValueError as error:
            findings.append(Finding(path, number, 1, "rates", _sentence(error), WHAT_TO_TYPE, UNREADABLE))
            continue
        if quote is None:
            continue
        total += 1
        here = TickerLine(quote, number, raw.index(quote.base) + 1)
        first = placed.setdefault(quote.pair, here)
        if _differ(first.quote, quote):
            findings.append(_conflict(path, first, here))
        elif quote.significant > first.quote.significant:
            placed[quote.pair] = TickerLine(quote, first.line, first.column)
    return Ticker(tuple(placed.values()), tuple(findings), total)


def _differ(first: Quote, second: Quote) -> bool:
    return (first.value, first.stated_change) != (second.value, second.stated_change)


def _conflict(path: str, first: TickerLine, second: TickerLine) -> Finding:
    said, says = (write_line(line.quote).partition(" = ")[2] for line in (first, second))
    return Finding(
        path,
        second.line,
        second.column,
        second.quote.pair,
        f"is {says} here but {said} in line {first.line}",
        "keep the right line and delete the other",
        CONFLICT,
    )


def _sentence(error: ValueError) -> str:
    """The last line of pydantic's report, or the message itself, without its technical tail."""
    lines = str(error).splitlines()
    return lines[-2].strip().partition(" [type=")[0] if len(lines) > 2 else str(error)  # noqa: PLR2004  # the message is the last but one of at least three
