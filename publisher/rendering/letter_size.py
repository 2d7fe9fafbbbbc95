"""How large a letter may be: Gmail shows about 102 kB of HTML and hides the rest behind a link."""

from __future__ import annotations

import re
from typing import Literal

from publisher.content.models import Issue
from publisher.errors import Finding, Severity

LIMIT = 102_000
"""Bytes of HTML after which Gmail cuts; measured figures in the trade lie between 102 and 105 kB."""
SHORTEN_ABOVE = 100_000
WARN_ABOVE = 80_000

_SUMMARY = 1_800  # bytes a story told as a summary takes, its title and link included
_STORY = re.compile(r'id="story-\d+"')


def to_cut(html: str, whole: frozenset[int]) -> frozenset[int]:
    """The stories to tell as summaries, the largest first, until the letter should fit."""
    sizes = story_sizes(html)
    excess = len(html.encode()) - SHORTEN_ABOVE
    cut: set[int] = set()
    for position in sorted(whole, key=lambda story: (-sizes[story], story)):
        if excess <= 0:
            break
        cut.add(position)
        excess -= max(0, sizes[position] - _SUMMARY)
    return frozenset(cut)


def story_sizes(html: str) -> list[int]:
    """Bytes of each story in a finished letter; the last one's include the foot, which is small."""
    return [len(part.encode()) for part in _STORY.split(html)[1:]]


def shortened(issue: Issue, position: int) -> Finding:
    """Say that a story was told as a summary."""
    title = issue.articles[position].title
    return Finding(
        path=issue.folder or issue.slug,
        line=0,
        column=0,
        field="email",
        message=f"“{title}” goes out as a summary and a link, because Gmail would clip the letter",
        hint="nothing need be done; to choose yourself, set email.content or shorten the story",
        code="L101",
        severity=Severity.WARNING,
    )


def size_remarks(html: str, issue: Issue, oversize: Literal["shorten", "refuse"]) -> list[Finding]:
    """Warn from 80,000 bytes on; above 100,000 the reader would not see the end of the letter."""
    size = len(html.encode())
    if size <= WARN_ABOVE:
        return []
    too_large = size > SHORTEN_ABOVE
    refused = too_large and oversize == "refuse"
    code = "L103" if too_large else "L102"
    return [
        Finding(
            path=issue.folder or issue.slug,
            line=0,
            column=0,
            field="email",
            message=f"the letter has {size:,} bytes, {round(100 * size / LIMIT)} % of what Gmail shows",
            hint="leave out or shorten stories, or set email.content to summary",
            code=code,
            severity=Severity.ERROR if refused else Severity.WARNING,
        )
    ]
