"""The letter's text part: the same words in the same order, for those who read no HTML.

Signs are ASCII where a terminal may lack them: `TJS/USD = 0.10811  -0.28%`.
"""

from __future__ import annotations

from collections.abc import Iterable

from publisher.rates.sparkline import sparkline_blocks
from publisher.rendering.flowed import WIDTH, Line, display_width, flowed, padded, wrap
from publisher.rendering.language import MINUS, Language
from publisher.rendering.letter import Letter, Story
from publisher.rendering.letter_rates import LetterRates, RateLine
from publisher.rendering.plaintext import Footnotes, text_lines

_RULE = Line("=" * WIDTH)
_EMPTY = Line("")
_MOST_BLOCKS = 30


def letter_text(letter: Letter, language: Language, unsubscribe_url: str, preferences_url: str) -> str:
    """Write the text part, format=flowed and readable where that is not known."""
    notes = Footnotes(letter.url)
    parts = [_masthead(letter, language)]
    if letter.rates:
        parts.append(_rates(letter.rates, blocks=bool(letter.sparklines)))
    parts.append(text_lines(letter.lead_tokens, notes))
    if len(letter.stories) > 1:
        parts.append(_contents(letter, language))
    parts += [_story(number, story, notes, language) for number, story in enumerate(letter.stories, 1)]
    if notes.addresses:
        parts.append(_addresses(notes, language))
    parts.append(_foot(letter, language, unsubscribe_url, preferences_url))
    return flowed(_joined(part for part in parts if part))


def _joined(parts: Iterable[list[Line]]) -> list[Line]:
    lines: list[Line] = []
    for part in parts:
        lines += [_EMPTY, *part] if lines else part
    return lines


def _hard(text: str) -> list[Line]:
    return wrap(text, soft=False)


def _masthead(letter: Letter, language: Language) -> list[Line]:
    number = language.text("No. {number}", number=letter.number)
    return [
        *_hard(letter.title.upper()),
        *_hard(f"{letter.date}, {number}"),
        *(_hard(letter.tagline) if letter.tagline else []),
        Line(f"{language.text('Read on the web')}: {letter.url}"),
    ]


def _rates(rates: LetterRates, *, blocks: bool) -> list[Line]:
    """Columns that line up by what the eye sees, days as blocks where room is left."""
    figures = [_ascii(line.movement.figure) if line.movement.symbol else "" for line in rates.lines]
    pair = max(display_width(line.pair) for line in rates.lines)
    value = max(display_width(line.value) for line in rates.lines)
    figure = max(map(display_width, figures))
    room = WIDTH - pair - value - figure - len("  =    ") - 2
    rows = [
        f"{padded(line.pair, pair)}  =  {padded(line.value, value, right=True)}  "
        f"{padded(said, figure, right=True)}  {_blocks(line, room) if blocks else ''}".rstrip()
        for line, said in zip(rates.lines, figures, strict=True)
    ]
    head = f"{rates.caption} ({rates.unit}{f' · {rates.since}' if rates.moved else ''})"
    return [*_hard(head), _EMPTY, *map(Line, rows), *([_EMPTY, *wrap(rates.note)] if rates.note else [])]


def _blocks(line: RateLine, room: int) -> str:
    values = [value for _, value in line.row.history]
    return sparkline_blocks(values[-max(0, min(_MOST_BLOCKS, room)) :]) if line.trend and room > 0 else ""


def _ascii(figure: str) -> str:
    return figure.replace(MINUS, "-")


def _contents(letter: Letter, language: Language) -> list[Line]:
    lines = [*_hard(language.text("In this issue").upper()), _EMPTY]
    digits = len(str(len(letter.stories)))
    for number, story in enumerate(letter.stories, 1):
        lines += wrap(story.title, first=f" {number:>{digits}}. ", rest=" " * (digits + 3), soft=False)
    return lines


def _story(number: int, story: Story, notes: Footnotes, language: Language) -> list[Line]:
    lines = [
        _RULE,
        *wrap(story.title, first=f"{number}. ", soft=False),
        *(_hard(story.kicker) if story.kicker else []),
    ]
    for notice in story.notices:
        lines += [_EMPTY, *wrap(f"{notice.label} {notice.text}")]
    body = text_lines(story.tokens, notes) if story.tokens else wrap(story.summary)
    lines += [_EMPTY, *body] if body else []
    if story.credit:
        lines += [_EMPTY, *_hard(story.credit)]
    if not story.withdrawn:
        lines += [_EMPTY, *_address(language.text("Read the full story"), story.url)]
    return lines


def _address(label: str, url: str) -> list[Line]:
    """On one line if it fits; an address is never broken."""
    together = f"{label}: {url}"
    return [Line(together)] if display_width(together) <= WIDTH else [*_hard(f"{label}:"), Line(url)]


def _addresses(notes: Footnotes, language: Language) -> list[Line]:
    numbered = (Line(f"[{number}] {address}") for number, address in enumerate(notes.addresses, 1))
    return [_RULE, *_hard(language.text("Links")), _EMPTY, *numbered]


def _foot(letter: Letter, language: Language, unsubscribe_url: str, preferences_url: str) -> list[Line]:
    return [
        _RULE,
        *wrap(" ".join(filter(None, (letter.title, letter.cadence, letter.reason, letter.editor)))),
        _EMPTY,
        Line(f"{language.text('Unsubscribe')}: {unsubscribe_url}"),
        Line(f"{language.text('Change what you get')}: {preferences_url}"),
        Line(f"{language.text('RSS feed')}: {letter.rss_url}"),
        _EMPTY,
        *_hard(letter.sender),
        *(_hard(letter.contact) if letter.contact else []),
    ]
