"""What must be unique across all issues: ids for ever, numbers, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from publisher.content.models import Issue
from publisher.errors import Finding

TOMBSTONES = "issues/tombstones.txt"
_LINE = re.compile(r"(?P<id>\S+)\s+(?P<date>\d{4}-\d\d-\d\d)\s+(?P<reason>\S.*)")


def check_archive(issues: Sequence[Issue], tombstones: Mapping[str, int]) -> Iterator[Finding]:
    """Find ids, numbers and addresses that stand twice, naming both places.

    `tombstones` has the ids of withdrawn articles and the line each is noted in.
    """
    oldest_first = sorted(issues, key=lambda issue: issue.date)
    numbers = [(str(issue.number), f"{issue.folder}/issue.md") for issue in oldest_first]
    yield from _twice(numbers, "number", "give this issue the next free number")
    articles = [(issue, article) for issue in oldest_first for article in issue.articles]
    ids = [(article.id, article.file) for _, article in articles]
    yield from _twice(ids, "id", "an id is minted once: give the newer article one of its own")
    for name, file in ids:
        if name in tombstones:
            message = f"{name} belonged to an article that was withdrawn ({TOMBSTONES}:{tombstones[name]})"
            yield Finding(file, 0, 0, "id", message, "give the article an id of its own")
    pages = [(f"{issue.slug}/{article.slug}", article.file) for issue, article in articles]
    yield from _twice(pages, "slug", "give one of the two another slug")
    standing = dict(pages)
    for _, article in articles:
        for old in article.moved_from:
            if there := standing.get(old.removesuffix("/")):
                message = f"{old} is where an article stands now ({there})"
                yield Finding(article.file, 0, 0, "moved_from", message, "delete it")


def _twice(values: Iterable[tuple[str, str]], field: str, hint: str) -> Iterator[Finding]:
    """Find values that two files share."""
    first: dict[str, str] = {}
    for value, file in values:
        if value in first:
            yield Finding(file, 0, 0, field, f"{value} is used by {first[value]} too", hint)
        first.setdefault(value, file)


def read_tombstones(text: str) -> tuple[dict[str, int], list[Finding]]:
    """Read `id date reason` lines: articles that were withdrawn and whose ids are spent."""
    ids: dict[str, int] = {}
    findings: list[Finding] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if found := _LINE.fullmatch(line.strip()):
            ids[found["id"]] = number
        else:
            hint = "write: id date reason, for example 2025-12-10.dam 2025-12-12 published by mistake"
            findings.append(Finding(TOMBSTONES, number, 1, "", "is not a note of a withdrawn article", hint))
    return ids, findings
