"""Of which day is the issue? A page's date line is the day it was copied, not always the news'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from publisher.importing.dates import dates_in
from publisher.importing.draft import Answers, Choice, Decision, Typed
from publisher.importing.stories import Page, Story

DATE = "date"
AS_OF = "as_of"
"""The keys of the decisions."""

OLD_NEWS = timedelta(days=14)
"""If the latest event is longer ago than this, the date is the page's rather than the news'."""
FAR_AHEAD = timedelta(days=31)
"""A day later than this after the date was not the future when the text was written."""
_OPENING = 3  # paragraphs of a story in which its news stands; further down is background


def issue_day(page: Page, otherwise: date, answers: Answers) -> tuple[date, Decision | None]:
    """The issue's date and the question about it, if there is one; `otherwise` if the page has none."""
    if answered := _as_date(answers.get(DATE, "")):
        return answered, None
    day = page_day(page)
    if day is None:
        return otherwise, _missing(otherwise, latest_event(page.stories, otherwise))
    latest = latest_event(page.stories, day)
    if latest and not day - OLD_NEWS <= latest <= day + FAR_AHEAD:
        return day, _doubtful(day, latest)
    return day, None


def page_day(page: Page) -> date | None:
    """The date line above all titles, or the latest of those below them."""
    return page.head.day or max((story.day for story in page.stories if story.day), default=None)


def rates_day(page: Page, issue: date, answers: Answers) -> tuple[date, Decision | None]:
    """The day that the page's rates hold for: the page's own, whatever day the issue is of."""
    if day := _as_date(answers.get(AS_OF, "")) or page_day(page):
        return day, None
    keep = Choice("k", issue.isoformat(), f"{in_words(issue)}, as the issue")
    question = "the page has no date. Of which day are the rates?"
    return issue, Decision(AS_OF, question, keep.value, 0.55, 0, (keep,), Typed.DATE)


def latest_event(stories: Iterable[Story], near: date) -> date | None:
    """The latest day that the beginning of any story speaks of."""
    texts = [block.words for story in stories for block in story.passages[:_OPENING]]
    return max((day for text in texts for day in dates_in(text, near)), default=None)


def in_words(day: date) -> str:
    """`10 Dec 2025`, whatever the locale."""
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{day.day} {months[day.month - 1]} {day.year}"


def _doubtful(day: date, latest: date) -> Decision:
    gist = (
        f"{in_words(day)} looks like the page's date: latest event in the text is {in_words(latest)}"
        if latest < day
        else f"{in_words(day)} is older than the text, which speaks of {in_words(latest)}"
    )
    choices = (
        Choice("k", day.isoformat(), f"keep {in_words(day)}"),
        Choice("e", latest.isoformat(), f"{in_words(latest)}, the day of the latest event"),
    )
    return _ask(f"{gist}. Of which day is the issue?", day, choices)


def _missing(day: date, latest: date | None) -> Decision:
    choices = [Choice("k", day.isoformat(), f"{in_words(day)}, the next day by the publication's cadence")]
    if latest:
        choices.append(Choice("e", latest.isoformat(), f"{in_words(latest)}, the day of the latest event"))
    return _ask("the page has no date. Of which day is the issue?", day, choices)


def _ask(question: str, day: date, choices: Sequence[Choice]) -> Decision:
    return Decision(DATE, question, day.isoformat(), 0.55, 0, tuple(choices), Typed.DATE)


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
