"""The rates table on a terminal: aligned columns, thirty days in block characters, as wide as there is room."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain

import click

from publisher.cli import console
from publisher.rates.models import RateRow, RatesTable
from publisher.rates.sparkline import sparkline_blocks
from publisher.rendering.language import Language
from publisher.rendering.letter_rates import letter_rates
from publisher.rendering.movement import Movement, movement

_COLOURS = {"up": "green", "down": "red"}
_VALUE, _CHANGE = 1, 2  # columns
_GAP = "  "
_FEWEST_BLOCKS = 8  # fewer are no line


def draw(table: RatesTable, language_tag: str) -> None:
    """Print the table as data; colour only when a person with a colour terminal is looking."""
    language = Language(language_tag)
    for line in layout(table, language, console.columns(sys.stdout), colour=console.colourful(sys.stdout)):
        console.emit(line)


def layout(table: RatesTable, language: Language, width: int, *, colour: bool) -> Iterator[str]:
    """The lines of the widest form that fits: with blocks, without, without since-dates, without nouns."""
    moves = [movement(row, language) for row in table.rows]
    names = [[row.pair, language.number(row.value) + _mark(row)] for row in table.rows]
    words = [[_said(moved)] for moved in moves]
    figures = [[f"{moved.symbol or '–'} {moved.figure if moved.symbol else ''}".strip()] for moved in moves]
    since = [[_since(row, language)] for row in table.rows]
    dated = _joined(names, words, since)
    blocks = _blocks(table.rows, width - _width(dated) - len(_GAP))
    forms = (
        _joined(dated, blocks) if blocks else dated,
        dated,
        _joined(names, words),
        _joined(names, figures),
    )
    cells = next((form for form in forms if _width(form) <= width), forms[-1])
    yield from _lines(cells, [_COLOURS.get(moved.mood) if colour else None for moved in moves])
    said = letter_rates(table, language)
    if cells not in forms[:2] and said.moved:
        yield language.sentence(said.since)
    yield _sources(table, language)
    yield from _marks(table)


def _joined(*columns: list[list[str]]) -> list[list[str]]:
    return [list(chain.from_iterable(parts)) for parts in zip(*columns, strict=True)]


def _width(cells: Sequence[Sequence[str]]) -> int:
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _lines(cells: Sequence[Sequence[str]], colours: Sequence[str | None]) -> Iterator[str]:
    """Pad to columns; colour stands beside the word and the arrow, never for them."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for texts, colour in zip(cells, colours, strict=True):
        padded = [text.ljust(width) for text, width in zip(texts, widths, strict=True)]
        padded[_VALUE] = texts[_VALUE].rjust(widths[_VALUE])
        if colour:
            padded[_CHANGE] = click.style(padded[_CHANGE], fg=colour)
        yield _GAP.join(padded).rstrip()


def _said(moved: Movement) -> str:
    """`▼ tenge weaker 1.4%`, `● unchanged`, `– no earlier value`: only who moved needs naming."""
    return f"{moved.symbol or '–'} {moved.phrase if moved.mood == 'flat' else moved.words}"


def _since(row: RateRow, language: Language) -> str:
    if row.change is None or row.fixed:
        return ""
    return f"vs {language.short_date(row.change.since, near=row.as_of)}"


def _blocks(rows: Sequence[RateRow], room: int) -> list[list[str]]:
    """A line a row, as many days as there is room for; none when that is too little."""
    if room < _FEWEST_BLOCKS:
        return []
    values = [[value for _, value in row.history[-room:]] for row in rows]
    return [[sparkline_blocks(line) if len(line) > 1 else ""] for line in values]


def _mark(row: RateRow) -> str:
    return "*" if row.stale else "≈" if row.imprecise else " "


def _sources(table: RatesTable, language: Language) -> str:
    day = language.medium_date(table.as_of) if table.as_of else "No date"
    return f"{day}. {', '.join(table.sources)}" if table.sources else day


def _marks(table: RatesTable) -> Iterator[str]:
    """What the marks behind values mean, where there are any."""
    if any(row.stale for row in table.rows):
        yield "* of another day"
    if any(row.imprecise for row in table.rows):
        yield "≈ too few digits to be turned round"
