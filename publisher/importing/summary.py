"""A draft in numbers: what was found, and what an editor has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from publisher.importing.dating import DATE, in_words
from publisher.importing.draft import Draft, Shape
from publisher.importing.money import ENOUGH_DIGITS
from publisher.rates.ticker import write_line


def in_one_sentence(draft: Draft) -> str:
    """`6 articles, 7 sub-headings, 4 lists, 5 rates (2 too imprecise), date 10 Dec 2025 – …`."""
    shapes = [passage.shape for article in draft.articles for passage in article.passages]
    lists = sum(shape in (Shape.BULLETS, Shape.NUMBERS) for shape in shapes)
    parts = [
        _count(len(draft.articles), "article"),
        _count(shapes.count(Shape.SUBHEADING), "sub-heading"),
        _count(lists, "list"),
        _count(shapes.count(Shape.QUOTATION), "quotation"),
        _count(len(draft.quotes), "rate") + _imprecise(draft),
        f"date {_date(draft)}",
    ]
    return ", ".join(part for part in parts if part)


def remarks(draft: Draft) -> Iterator[str]:
    """What was assumed and what was dropped."""
    yield from draft.notes
    if draft.dropped:
        shown = ", ".join(f"{aside.line} “{aside.text[:40]}”" for aside in draft.dropped[:5])
        more = f" and {len(draft.dropped) - 5} more" if len(draft.dropped) > 5 else ""  # noqa: PLR2004  # so many are shown
        yield f"dropped as page furniture: line {shown}{more}"


def as_data(draft: Draft) -> dict[str, Any]:
    """A draft's decisions and outline, for programs."""
    return {
        "date": draft.day.isoformat(),
        "articles": [
            {"title": article.title, "section": article.section, "line": article.line}
            for article in draft.articles
        ],
        "rates": [write_line(quote.quote) for quote in draft.quotes],
        "decisions": [
            {
                "key": decision.key,
                "question": decision.question,
                "taken": decision.taken,
                "confidence": decision.confidence,
                "line": decision.line,
                "choices": [choice.value for choice in decision.choices],
            }
            for decision in draft.open_decisions
        ],
        "dropped": [{"line": aside.line, "text": aside.text} for aside in draft.dropped],
        "notes": list(draft.notes),
    }


def _count(number: int, noun: str) -> str:
    if number == 0 and noun != "article":
        return ""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _imprecise(draft: Draft) -> str:
    count = sum(quote.quote.significant < ENOUGH_DIGITS for quote in draft.quotes)
    return f" ({count} too imprecise)" if count else ""


def _date(draft: Draft) -> str:
    asked: Iterable[str] = (d.question for d in draft.decisions if d.key == DATE)
    doubt = next(iter(asked), "").partition(". ")[0]
    return f"{in_words(draft.day)}" + (
        f" – {doubt.removeprefix(in_words(draft.day)).strip()}" if doubt else ""
    )
