"""How large a letter may be: Gmail shows about 102 kB of HTML and hides the rest behind a link."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from publisher.content.models import Issue
from publisher.errors import Finding, Severity

LIMIT = 102_000
"""Bytes of HTML after which Gmail cuts; measured figures in the trade lie between 102 and 105 kB."""
SHORTEN_ABOVE = 100_000
WARN_ABOVE = 80_000

_SUMMARY = 1_800  # bytes a story told as a summary takes, its title and link included
_NAMED = 3  # stories: forty would fill the screen
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


def shortened(issue: Issue, positions: Iterable[int]) -> Finding:
    """Say in one finding which stories were told as summaries, where the first of them is written."""
    first, *others = (issue.articles[position] for position in sorted(positions))
    names = [f"“{article.title}”" for article in (first, *others[: _NAMED - 1])]
    left_out = len(others) + 1 - len(names)
    *before, last = [*names, *([f"{left_out} more"] if left_out else [])]
    who = f"{', '.join(before)} and {last} go" if before else f"{last} goes"
    return _finding(
        issue,
        f"{who} out as {'summaries and links' if others else 'a summary and a link'}, "
        "because Gmail would clip the letter",
        f"nothing need be done; to choose yourself, set email.content or shorten {'stories' if others else 'it'}",
        "L101",
        place=(first.file, first.line("title")) if first.file else None,
    )


def size_remarks(html: str, issue: Issue, oversize: Literal["shorten", "refuse"]) -> list[Finding]:
    """Warn from 80,000 bytes on; above 100,000 the reader would not see the end of the letter."""
    size = len(html.encode())
    told = f"the letter has {size:,} bytes, {round(100 * size / LIMIT)} % of what Gmail shows"
    if size <= WARN_ABOVE:
        return []
    if size <= SHORTEN_ABOVE:
        hint = "it fits as it is; with shorter stories, or email.content = summary, more room is left"
        return [_finding(issue, told, hint, "L102")]
    if oversize == "refuse":
        hint = "leave out or shorten stories, or let the letter be shortened: email.oversize = shorten"
        return [_finding(issue, told, hint, "L103", severity=Severity.ERROR)]
    told = f"{told}, though no story is told in full"
    return [_finding(issue, told, "leave out stories, or send them in two issues", "L103")]


def _finding(
    issue: Issue,
    message: str,
    hint: str,
    code: str,
    *,
    place: tuple[str, int] | None = None,
    severity: Severity = Severity.WARNING,
) -> Finding:
    path, line = place or (issue.folder or issue.slug, 0)
    return Finding(path, line, 0, "email", message, hint, code, severity)
