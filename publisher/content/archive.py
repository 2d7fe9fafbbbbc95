"""What must be unique across all issues: ids for ever, numbers, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from publisher.content.models import Article, Issue
from publisher.errors import Finding

TOMBSTONES = "issues/tombstones.txt"
_LINE = re.compile(r"(?P<id>[a-z0-9][a-z0-9._-]*)\s+(?P<date>\d{4}-\d\d-\d\d)\s+(?P<reason>\S.*)")


class _Use(NamedTuple):
    """A value that must stand once, and where it was typed."""

    value: str
    file: str
    line: int


def check_archive(issues: Sequence[Issue], tombstones: Mapping[str, int]) -> Iterator[Finding]:
    """Find ids, numbers and addresses that stand twice, naming both places.

    `tombstones` has the ids of withdrawn articles and the line each is noted in.
    """
    oldest_first = sorted(issues, key=lambda issue: issue.date)
    articles = [(issue, article) for issue in oldest_first for article in issue.articles]
    numbers = [_Use(str(i.number), f"{i.folder}/issue.md", i.line("number")) for i in oldest_first]
    ids = [_Use(article.id, article.file, article.line("id")) for _, article in articles]
    pages = [_Use(f"{i.slug}/{a.slug}", a.file, a.line("slug")) for i, a in articles]
    yield from _twice(numbers, "number", "give this issue the next free number")
    yield from _twice(ids, "id", "an id is minted once: give the newer article one of its own")
    yield from _twice(pages, "slug", "give one of the two another slug")
    for use in ids:
        if use.value in tombstones:
            where = f"{TOMBSTONES}:{tombstones[use.value]}"
            message = f"{use.value} belonged to an article that was withdrawn ({where})"
            yield Finding(
                use.file,
                use.line,
                min(use.line, 1),
                "id",
                message,
                "give the article an id of its own",
                "F110",
            )
    letters = {f"{i.slug}/email.html": f"the letter of {i.folder} stands" for i in oldest_first}
    standing = {use.value: f"an article stands now ({use.file})" for use in pages}
    yield from _redirects(articles, letters | standing)


def _redirects(articles: Iterable[tuple[Issue, Article]], standing: Mapping[str, str]) -> Iterator[Finding]:
    """Find earlier addresses at which an article or a letter stands now."""
    for _, article in articles:
        for old in article.moved_from:
            if there := standing.get(old.removesuffix("/")):
                message = f"{old} is where {there}"
                place = (article.file, article.line("moved_from"), 1)
                yield Finding(*place, "moved_from", message, "delete it", "F110")


def _twice(uses: Iterable[_Use], field: str, hint: str) -> Iterator[Finding]:
    """Find values that two files share."""
    first: dict[str, str] = {}
    for value, file, line in uses:
        if value in first:
            yield Finding(
                file, line, min(line, 1), field, f"{value} is used by {first[value]} too", hint, "F110"
            )
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
            findings.append(
                Finding(TOMBSTONES, number, 1, "", "is not a note of a withdrawn article", hint, "F110")
            )
    return ids, findings
