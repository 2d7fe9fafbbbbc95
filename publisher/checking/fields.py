"""Rules about headlines, summaries and the letter's envelope (T1xx)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checking.manuscript import Manuscript
from publisher.checking.rule import Remark, on_field, rule
from publisher.errors import Severity

LONGEST_TITLE = 70
LONGEST_SUMMARY = 300
LONGEST_SUBJECT = 60
PREHEADER = range(40, 91)

_ABBREVIATED = re.compile(
    r"\.\.$|(?<![^\W\d_])(?:[A-ZА-ЯЁ]|гг?|ж|руб|тыс|чел|др|т\. ?[дпч]|Inc|Ltd|Corp?|Co|[JS]r|[ap]\.m)\.$"
)
"""The full stop of a word cut short: in the U.S., в 2025 г., 5 млн руб., Kumtor Inc."""


@rule("T101", Severity.WARNING, "Inboxes and search results cut a headline after some 70 characters.")
def long_title(manuscript: Manuscript) -> Iterator[Remark]:
    """Headlines that will be cut."""
    for page in manuscript.pages:
        for passage in page.fields:
            if passage.kind == "title" and len(passage.text) > LONGEST_TITLE:
                message = f"has {len(passage.text)} characters"
                yield on_field(page, "title", message, f"shorten it to {LONGEST_TITLE} or fewer")


@rule("T102", Severity.WARNING, "Capitals read as shouting, and spam filters count them.")
def shouted_title(manuscript: Manuscript) -> Iterator[Remark]:
    """Headlines and subjects of capitals only; a single abbreviation is none."""
    for page in manuscript.pages:
        for passage in page.fields:
            if passage.text.isupper() and len(passage.text.split()) > 1:
                yield on_field(page, passage.kind, "is all in capitals", "write it in sentence case")


@rule("T103", Severity.WARNING, "A headline is not a sentence: newspapers set no full stop after it.")
def stopped_title(manuscript: Manuscript) -> Iterator[Remark]:
    """Headlines that end with a full stop."""
    for page in manuscript.stories:
        title = page.fields[0].text
        if title.endswith(".") and not _ABBREVIATED.search(title):
            yield on_field(page, "title", "ends with a full stop", "delete it")


@rule("T104", Severity.NOTE, "Feeds, previews and search results show the summary; else the first paragraph.")
def no_summary(manuscript: Manuscript) -> Iterator[Remark]:
    """Stories without a summary."""
    for page in manuscript.stories:
        if page.article and not page.article.summary:
            yield on_field(page, "summary", "is missing", "add one or two sentences: summary: …")


@rule("T105", Severity.WARNING, "A summary of more than 300 characters is cut by every reader that shows it.")
def long_summary(manuscript: Manuscript) -> Iterator[Remark]:
    """Summaries that will be cut."""
    for page in manuscript.stories:
        if page.article and len(page.article.summary) > LONGEST_SUMMARY:
            message = f"has {len(page.article.summary)} characters"
            yield on_field(page, "summary", message, f"shorten it to {LONGEST_SUMMARY} or fewer")


@rule("T106", Severity.WARNING, "A summary that repeats the headline tells a reader nothing.")
def echoed_title(manuscript: Manuscript) -> Iterator[Remark]:
    """Summaries that are the headline again."""
    for page in manuscript.stories:
        if page.article and _same(page.article.summary, page.article.title):
            yield on_field(page, "summary", "repeats the title", "say what happened, in other words")


@rule("T107", Severity.WARNING, "Two stories with one headline look like one story sent twice.")
def same_title(manuscript: Manuscript) -> Iterator[Remark]:
    """Headlines used twice in the issue."""
    first: dict[str, str] = {}
    for page in manuscript.stories:
        key = page.fields[0].text.casefold()
        if key in first:
            yield on_field(page, "title", f"is the title of {first[key]} too", "change one of the two")
        first.setdefault(key, page.file)


@rule("T108", Severity.WARNING, "A telephone shows some 40 characters of a subject, a desktop 60.")
def long_subject(manuscript: Manuscript) -> Iterator[Remark]:
    """Subjects that will be cut; without a subject the title is one."""
    issue = manuscript.issue
    subject = issue.subject or issue.title
    if len(subject) > LONGEST_SUBJECT:
        field = "subject" if issue.subject else "title"
        message = f"has {len(subject)} characters, as the letter's subject"
        yield on_field(manuscript.front, field, message, f"shorten it to {LONGEST_SUBJECT} or fewer")


@rule(
    "T109", Severity.WARNING, "Without a preheader the inbox shows whatever words come first in the letter."
)
def no_preheader(manuscript: Manuscript) -> Iterator[Remark]:
    """Issues without a preheader."""
    if not manuscript.issue.preheader:
        hint = "add what the inbox shows after the subject: preheader: …"
        yield on_field(manuscript.front, "preheader", "is missing", hint)


@rule(
    "T110", Severity.NOTE, "Inboxes show 40 to 90 characters of a preheader; less leaves a gap, more is cut."
)
def odd_preheader(manuscript: Manuscript) -> Iterator[Remark]:
    """Preheaders that leave a gap or will be cut."""
    length = len(manuscript.issue.preheader)
    if length and length not in PREHEADER:
        message = f"has {length} characters"
        yield on_field(manuscript.front, "preheader", message, "make it 40 to 90 characters long")


@rule("T111", Severity.NOTE, "Readers trust a story whose author or source is named.")
def nobody_named(manuscript: Manuscript) -> Iterator[Remark]:
    """Stories without an author, a source or a credit."""
    for page in manuscript.stories:
        article = page.article
        if article and not (article.authors or article.source or article.sources):
            yield on_field(page, "authors", "is missing, and so is a source", "add authors: … or source: …")


@rule("T112", Severity.WARNING, "Whoever presses a headline wants more than to read it again.")
def no_text(manuscript: Manuscript) -> Iterator[Remark]:
    """Stories without a text, unless they were withdrawn."""
    for page in manuscript.stories:
        if page.article and not page.body and not page.article.retracted:
            yield on_field(page, "title", "has no text below the fields", "write it, or delete the file")


def _same(left: str, right: str) -> bool:
    """Whether two lines say the same but for capitals and the last full stop."""
    return left.casefold().rstrip(". ") == right.casefold().rstrip(". ")
