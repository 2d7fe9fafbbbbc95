"""A pasted page -> a draft. The rooms' files in the order in which a page passes through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from publisher.content.loading import MAX_ARTICLES
from publisher.content.markup import parse, to_text
from publisher.content.models import Section
from publisher.errors import Finding, InputError
from publisher.importing.blocks import BOLD_LEVEL, Block, Kind, read_blocks
from publisher.importing.dating import issue_day, rates_day
from publisher.importing.draft import (
    ASK_BELOW,
    Answers,
    Choice,
    Decision,
    Draft,
    DraftArticle,
    Passage,
    Shape,
    Typed,
)
from publisher.importing.headings import Role, find_candidates
from publisher.importing.lines import split_lines, unwrap, wrapped_width
from publisher.importing.money import read_rates, unreadable_rates
from publisher.importing.sections import guess_section
from publisher.importing.sentences import first_sentence, shorten
from publisher.importing.stories import Story, take_apart
from publisher.importing.titles import Judgement, judge
from publisher.importing.words import words

LEAD = "lead"
"""The key of the decision about the opening paragraph."""
MAX_LINES = 20_000
"""That are not empty; a long newsroom page has two hundred."""
_NO_LEAD = "none"
_SHAPES = {
    Kind.BULLETS: Shape.BULLETS,
    Kind.NUMBERS: Shape.NUMBERS,
    Kind.QUOTATION: Shape.QUOTATION,
}
_ROLES = (
    Choice("t", Role.TITLE, "title: a new article begins"),
    Choice("s", Role.SUBHEADING, "sub-heading"),
    Choice("p", Role.PARAGRAPH, "paragraph"),
)


@dataclass(frozen=True)
class House:
    """What an importer must know of the publication."""

    sections: tuple[Section, ...]
    next_day: date  # if a page has no date of its own
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)  # what each section printed lately


def read_page(text: str, house: House, answers: Answers | None = None) -> Draft:
    """Make a draft of clean text; with `answers` the decisions they answer are taken.

    An answer teaches: a line that an editor called a title changes what is likely below it.
    Raises InputError for a page without a story, or with more than an issue may have.
    """
    answers = answers or {}
    lines = split_lines(text)
    if len(lines) > MAX_LINES:
        raise _not_an_issue(f"{len(lines):,} lines; the limit is {MAX_LINES:,}")
    width = wrapped_width(lines)
    blocks = read_blocks(unwrap(lines, width) if width else lines)
    known = _known_roles(answers)
    judged = judge(find_candidates(blocks, known), known)
    page = take_apart(blocks, judged)
    day, dating = issue_day(page, house.next_day, answers)
    quotes = read_rates(blocks, answers)
    as_of, rating = rates_day(page, day, answers) if quotes else (None, None)
    stories = page.stories or ((page.head,) if page.head.passages else ())
    if not 0 < len(stories) <= MAX_ARTICLES:
        limit = f"{len(stories)} articles; the limit is {MAX_ARTICLES}"
        raise _not_an_issue(limit if stories else "no story")
    articles = tuple(_article(story, judged, house, answers) for story in stories)
    marked_up = any(0 < block.level < BOLD_LEVEL for block in blocks)
    lead, leading = _lead(page.head if page.stories else None, answers)
    notes = [f"wrapped at {width} columns: lines were joined to paragraphs"] if width else []
    return Draft(
        day=day,
        articles=tuple(map(_without_marks, articles)) if marked_up else articles,
        marked_up=marked_up,
        quotes=quotes,
        quotes_day=as_of,
        lead=lead,
        decisions=tuple(decision for decision in (dating, rating, leading) if decision),
        set_aside=page.set_aside,
        notes=(*notes, *unreadable_rates(blocks)),
    )


def _without_marks(article: DraftArticle) -> DraftArticle:
    """Title and summary are plain text, even where the page is Markdown."""
    title, summary = (to_text(parse(text)) or text for text in (article.title, article.summary))
    return replace(article, title=title, summary=summary)


def _not_an_issue(what: str) -> InputError:
    hint = "paste the articles of one issue: titles and texts, with or without rates and a date"
    return InputError([Finding("page", 0, 0, "", f"holds {what}", hint, "F201")])


def _known_roles(answers: Answers) -> dict[int, Role]:
    lines = {key.partition(":")[2]: value for key, value in answers.items() if key.startswith("heading:")}
    return {int(line): Role(value) for line, value in lines.items()}


def _article(story: Story, judged: Mapping[int, Judgement], house: House, answers: Answers) -> DraftArticle:
    line = story.title.line if story.title else story.passages[0].line
    passages = tuple(_passage(block, judged.get(block.line)) for block in story.passages)
    opening = next((p.text for p in passages if p.shape is Shape.PARAGRAPH and p.text), "")
    title = story.title.text if story.title else _proposed_title(story)
    doubt = _heading_doubt(line, judged.get(line)) if story.title else _no_title(line, title, answers)
    article = DraftArticle(
        title=answers.get(f"title:{line}", title),
        line=line,
        passages=passages,
        authors=story.authors,
        day=story.day,
        summary=first_sentence(opening) if opening else "",
    )
    section, sectioning = _section(article, house, answers)
    decisions = tuple(decision for decision in (doubt, sectioning) if decision)
    return replace(article, section=section, decisions=decisions)


def _proposed_title(story: Story) -> str:
    """For a story without a title: how it begins."""
    beginning = next((block.words for block in story.passages if words(block.words)), "Untitled")
    return shorten(first_sentence(beginning), 90)


def _passage(block: Block, judgement: Judgement | None) -> Passage:
    shape = _SHAPES.get(block.kind, Shape.PARAGRAPH)
    if judgement and judgement.role is Role.SUBHEADING:
        shape = Shape.SUBHEADING
    return Passage(shape, block.text, block.line, block.items, _heading_doubt(block.line, judgement))


def _heading_doubt(line: int, judgement: Judgement | None) -> Decision | None:
    if judgement is None or judgement.confidence >= ASK_BELOW:
        return None
    percent = f"{judgement.confidence:.0%}"
    question = {
        Role.TITLE: f"title ({percent}) or sub-heading of the article before?",
        Role.SUBHEADING: f"sub-heading ({percent}) or a new article?",
        Role.PARAGRAPH: "a heading, or a sentence without its full stop?",
    }[judgement.role]
    return Decision(f"heading:{line}", question, judgement.role, judgement.confidence, line, _ROLES)


def _no_title(line: int, title: str, answers: Answers) -> Decision | None:
    key = f"title:{line}"
    if key in answers:
        return None
    question = "the page has no title. How is the article called?"
    return Decision(key, question, title, 0.5, line, (Choice("k", title, "keep the proposal"),), Typed.TEXT)


def _section(article: DraftArticle, house: House, answers: Answers) -> tuple[str, Decision | None]:
    key = f"section:{article.line}"
    if not house.sections:
        return "", None  # the loader says what is missing
    if key in answers or len(house.sections) == 1:
        return answers.get(key, house.sections[0].id), None
    best, confidence = guess_section(article.words, house.sections, house.texts)
    if confidence >= ASK_BELOW:
        return best, None
    choices = tuple(
        Choice(str(number), section.id, section.title) for number, section in enumerate(house.sections, 1)
    )
    others = " or ".join(section.id for section in house.sections if section.id != best)
    percent = f" ({confidence:.0%})" if confidence > 1 / len(house.sections) else ""
    question = f"section {best}{percent}, or {others}?"
    return best, Decision(key, question, best, round(confidence, 2), article.line, choices)


def _lead(head: Story | None, answers: Answers) -> tuple[tuple[Passage, ...], Decision | None]:
    """The words above the first title; where there are none an editor may write some."""
    if head and head.passages:
        return tuple(_passage(block, None) for block in head.passages), None
    if LEAD in answers:
        written = answers[LEAD]
        return ((Passage(Shape.PARAGRAPH, written, 0),) if written != _NO_LEAD else ()), None
    question = "the page has no opening paragraph. Write one, or leave the issue without?"
    leave = Choice("n", _NO_LEAD, "leave the issue without one")
    return (), Decision(LEAD, question, _NO_LEAD, 0.7, 0, (leave,), Typed.TEXT)
