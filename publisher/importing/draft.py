"""A draft: what an importer made of somebody's words, and every decision it was not sure of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from publisher.rates.models import Quote
from publisher.rates.notation import parse_number

Answers = Mapping[str, str]
"""An editor's answers: a decision's key -> the value that was chosen or typed."""

ASK_BELOW = 0.85
"""Confidence: what is less sure than this is asked."""


class Shape(StrEnum):
    """What a passage of a story is."""

    PARAGRAPH = "paragraph"
    SUBHEADING = "sub-heading"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    QUOTATION = "quotation"


@dataclass(frozen=True)
class Choice:
    """One possible answer: the key to press, the value it stands for, and what it means."""

    key: str
    value: str
    label: str


class Typed(StrEnum):
    """What may be typed instead of choosing."""

    NOTHING = ""
    DATE = "a date such as 2025-12-10"
    NUMBER = "a number such as 0.0000833"
    TEXT = "a text of your own"


@dataclass(frozen=True)
class Decision:
    """Something the program was not sure of. Until it is answered, a CHECK mark stands in the draft."""

    key: str  # names it in answers, for example heading:57
    question: str
    taken: str  # the value that the draft holds now
    confidence: float  # 0 to 1
    line: int  # of the pasted page; 0 is the page as a whole
    choices: tuple[Choice, ...] = ()
    typed: Typed = Typed.NOTHING

    def answer(self, reply: str) -> str | None:
        """The value that a reply stands for; None if it is no answer. Nothing keeps what is taken."""
        reply = reply.strip()
        if not reply:
            return self.taken
        for choice in self.choices:
            if reply.lower() in (choice.key, choice.value.lower()):
                return choice.value
        return reply if _fits(reply, self.typed) else None


def _fits(reply: str, typed: Typed) -> bool:
    """Whether a typed reply can be used."""
    try:
        match typed:
            case Typed.DATE:
                date.fromisoformat(reply)
            case Typed.NUMBER:
                return parse_number(reply) > 0
            case Typed.NOTHING:
                return False
    except ValueError:
        return False
    return len(reply) > 1


@dataclass(frozen=True)
class Passage:
    """A paragraph, sub-heading, list or quotation."""

    shape: Shape
    text: str
    line: int
    items: tuple[str, ...] = ()
    decision: Decision | None = None


@dataclass(frozen=True)
class DraftArticle:
    """One story of the draft."""

    title: str
    line: int
    passages: tuple[Passage, ...]
    authors: tuple[str, ...] = ()
    day: date | None = None  # its own date line, if it had one
    section: str = ""
    summary: str = ""  # a proposal: its first sentence
    decisions: tuple[Decision, ...] = ()  # about its title and section

    @property
    def words(self) -> str:
        """All that it says."""
        texts = [text for passage in self.passages for text in (passage.text, *passage.items)]
        return "\n".join((self.title, *texts))


@dataclass(frozen=True)
class DraftQuote:
    """One rate of the page and what is doubtful about it."""

    quote: Quote
    line: int
    decisions: tuple[Decision, ...] = ()


class Use(StrEnum):
    """What a line was read as, if it is not part of a story."""

    RATE = "rate"
    DATE = "date"
    AUTHOR = "author"
    FURNITURE = "furniture"


@dataclass(frozen=True)
class SetAside:
    """A line whose words stand in no story: it was read as something else, or dropped as furniture."""

    line: int
    text: str
    use: Use


@dataclass(frozen=True)
class Draft:
    """An issue to be reviewed."""

    day: date
    articles: tuple[DraftArticle, ...]
    marked_up: bool = False  # the page was Markdown: its emphasis and links are meant
    quotes: tuple[DraftQuote, ...] = ()
    quotes_day: date | None = None  # which may be another than the issue's
    lead: tuple[Passage, ...] = ()  # the opening paragraph of the issue
    decisions: tuple[Decision, ...] = ()  # about the issue as a whole
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[str, ...] = ()  # what was assumed: an encoding, a wrapped width

    @property
    def dropped(self) -> tuple[SetAside, ...]:
        """The lines that are gone: an editor should have a look at them."""
        return tuple(aside for aside in self.set_aside if aside.use is Use.FURNITURE)

    @property
    def open_decisions(self) -> tuple[Decision, ...]:
        """All decisions, the least sure first."""
        found = [*self.decisions, *(decision for quote in self.quotes for decision in quote.decisions)]
        for article in self.articles:
            found += article.decisions
            found += [passage.decision for passage in article.passages if passage.decision]
        return tuple(sorted(found, key=lambda decision: (decision.confidence, decision.line, decision.key)))
