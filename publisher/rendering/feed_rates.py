"""The rates in words and cells: a table that means the same without any style."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.rates.models import RateRow, RatesTable
from publisher.rendering.language import Language
from publisher.rendering.movement import movement


@dataclass(frozen=True)
class RatesWords:
    """A sentence with the key number, and a table of at most four columns."""

    sentence: str
    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


def rates_words(table: RatesTable, language: Language) -> RatesWords:
    """Say everything that the coloured table of the letter shows."""
    return RatesWords(
        sentence=_sentence(table.rows[0], language),
        caption=_caption(table, language),
        headings=tuple(map(language.text, ("Pair", "Rate", "Change", "In words"))),
        rows=tuple(_cells(row, language) for row in table.rows),
        note=_note(table, language),
    )


def _cells(row: RateRow, language: Language) -> tuple[str, ...]:
    moved = movement(row, language)
    words = moved.words
    if row.change and not row.fixed:
        since = language.medium_date(row.change.since)
        words = f"{words}, {language.text('since {date}', date=since)}"
    if row.stale and row.as_of:
        words += language.text(" (as of {date})", date=language.medium_date(row.as_of))
    return row.pair, _value(row, language), moved.figure, words


def _value(row: RateRow, language: Language) -> str:
    value = language.number(row.value)
    return f"≈ {value}" if row.imprecise else value


def _note(table: RatesTable, language: Language) -> str:
    """What the sign of few digits means, where it stands, and the editor's remark."""
    sign = language.text("≈ marks a value that its source gives with few digits.")
    return " ".join(filter(None, (sign if any(row.imprecise for row in table.rows) else "", table.note)))


def _sentence(row: RateRow, language: Language) -> str:
    value, units = _value(row, language), language.currency_units(row.quote)
    if row.change:
        return language.text(
            "1 {base} is worth {value} {units}: {words} since {date}.",
            base=row.base,
            value=value,
            units=units,
            words=movement(row, language).words,
            date=language.medium_date(row.change.since),
        )
    return language.text("1 {base} is worth {value} {units}.", base=row.base, value=value, units=units)


def _caption(table: RatesTable, language: Language) -> str:
    said = language.text("Exchange rates: the second currency for one unit of the first")
    if table.as_of:
        said += ", " + language.long_date(table.as_of)
    if table.sources:
        said = said.removesuffix(".") + ". " + language.text("Source:") + " " + ", ".join(table.sources)
    return said
