"""The rates table on a terminal: aligned columns, thirty days in block characters."""

from __future__ import annotations

import sys

import click

from publisher.cli import console
from publisher.rates.models import RateRow, RatesTable
from publisher.rates.sparkline import sparkline_blocks
from publisher.rendering.language import Language
from publisher.rendering.movement import movement

_COLOURS = {"up": "green", "down": "red"}
_VALUE, _CHANGE = 1, 2  # columns


def draw(table: RatesTable, language_tag: str) -> None:
    """Print the table as data; colour only when a person with a colour terminal is looking."""
    language = Language(language_tag)
    cells = [_cells(row, language) for row in table.rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row, texts in zip(table.rows, cells, strict=True):
        padded = [text.ljust(width) for text, width in zip(texts, widths, strict=True)]
        padded[_VALUE] = texts[_VALUE].rjust(widths[_VALUE])
        padded[_CHANGE] = _coloured(padded[_CHANGE], row, language)
        console.emit("  ".join(padded).rstrip())
    console.emit(_sources(table, language))
    for note in _marks(table):
        console.emit(note)


def _cells(row: RateRow, language: Language) -> list[str]:
    moved = movement(row, language)
    since = (
        f"vs {language.short_date(row.change.since, near=row.as_of)}" if row.change and not row.fixed else ""
    )
    mark = "*" if row.stale else "≈" if row.imprecise else " "
    values = [value for _, value in row.history]
    blocks = sparkline_blocks(values) if len(values) > 1 else ""
    value, said = language.number(row.value) + mark, f"{moved.symbol or '–'} {moved.words}"
    return [row.pair, value, said, since, blocks]


def _coloured(text: str, row: RateRow, language: Language) -> str:
    """Colour stands beside the word and the arrow, never for them."""
    colour = _COLOURS.get(movement(row, language).mood)
    return click.style(text, fg=colour) if colour and console.colourful(sys.stdout) else text


def _sources(table: RatesTable, language: Language) -> str:
    day = language.medium_date(table.as_of) if table.as_of else "No date"
    return f"{day}. {', '.join(table.sources)}" if table.sources else day


def _marks(table: RatesTable) -> list[str]:
    """What the marks behind values mean, where there are any."""
    marks = []
    if any(row.stale for row in table.rows):
        marks.append("* of another day")
    if any(row.imprecise for row in table.rows):
        marks.append("≈ too few digits to be turned round")
    return marks
