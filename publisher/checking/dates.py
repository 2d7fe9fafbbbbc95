"""Rules about times (D5xx)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from publisher.checking.manuscript import Manuscript
from publisher.checking.rule import Remark, on_field, rule
from publisher.errors import Severity

OLD_NEWS = timedelta(days=30)


@rule("D501", Severity.WARNING, "Readers' programs hide or distrust what was published tomorrow.")
def in_the_future(manuscript: Manuscript) -> Iterator[Remark]:
    """Times that have not come yet; stories that follow the issue's are told of with it."""
    issue, hint = manuscript.issue, "correct it, or publish then"
    if issue.published > manuscript.now:
        message = f"is in the future: {issue.published.isoformat()}"
        yield on_field(manuscript.front, "published", message, hint)
    for page in manuscript.stories:
        article = page.article
        if article and article.published > max(manuscript.now, issue.published):
            yield on_field(page, "published", f"is in the future: {article.published.isoformat()}", hint)
        if article and article.modified > max(manuscript.now, article.published):
            hint = "type the time at which it was changed"
            field = "updated" if article.modified == article.updated else "corrections"
            yield on_field(page, field, f"is in the future: {article.modified.isoformat()}", hint)


@rule("D502", Severity.ERROR, "Nothing can be changed or corrected before it is published.")
def changed_too_early(manuscript: Manuscript) -> Iterator[Remark]:
    """Changes and corrections that are older than the story."""
    for page in manuscript.stories:
        article = page.article
        if not article:
            continue
        if article.updated and article.updated < article.published:
            message = f"is before published, {article.published.isoformat()}"
            yield on_field(page, "updated", message, "correct one of the two")
        if any(correction.at < article.published for correction in article.corrections):
            message = f"has one from before published, {article.published.isoformat()}"
            yield on_field(page, "corrections", message, "correct one of the two")


@rule("D503", Severity.NOTE, "An article much older than its issue may have been pasted from the wrong page.")
def old_news(manuscript: Manuscript) -> Iterator[Remark]:
    """Stories published a month or more before the issue."""
    for page in manuscript.stories:
        if page.article and manuscript.issue.published - page.article.published > OLD_NEWS:
            days = (manuscript.issue.published - page.article.published).days
            yield on_field(
                page, "published", f"is {days} days before the issue", "look whether that is meant"
            )
