"""What a publish did, for people and for programs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.errors import Finding
from publisher.publishing.compression import original
from publisher.publishing.site import Fate, SitePlan
from publisher.publishing.websub import Ping
from publisher.rendering.digest import Digest
from publisher.rendering.models import Edition

_STORY = re.compile(r"\d{4}-\d{2}-\d{2}[^/]*/(?:[^/]+/)?index\.html")
_FEW = 3


@dataclass(frozen=True)
class PublishReport:
    """What a publish did, or would do."""

    edition: Edition
    digest: Digest
    plan: SitePlan
    findings: tuple[Finding, ...]
    output: Path
    pings: tuple[Ping, ...] = ()

    @property
    def slug(self) -> str:
        """The issue's folder and page."""
        return self.edition.issue.slug

    @property
    def heading(self) -> str:
        """`2025-12-10, No. 128: 6 articles, 5 rates`."""
        issue, rates = self.edition.issue, self.edition.rates
        counts = [_counted(len(issue.articles), "article")]
        counts += [_counted(len(rates.rows), "rate")] if rates else []
        return f"{issue.slug}, No. {issue.number}: {', '.join(counts)}"

    def lines(self) -> list[tuple[str, str]]:
        """What is worth a line on the screen."""
        counts = Counter(self.files.values())
        told = [("hub", _told(self.pings))] if self.pings else []
        return [
            ("subject", self.digest.subject),
            ("letter", f"{self.digest.size:,} bytes, {self.digest.share_of_limit} % of what Gmail shows"),
            (
                "site",
                ", ".join(f"{counts[fate]} {fate}" for fate in Fate if counts[fate]) + f" in {self.output}",
            ),
            *told,
            *_gone(self.plan.paths(Fate.REMOVED)),
        ]

    @property
    def files(self) -> dict[str, Fate]:
        """Every file with its fate; compressed variants go without saying."""
        return {path: fate for path, fate in self.plan.fates.items() if original(path) == path}

    @property
    def changed_paths(self) -> tuple[str, ...]:
        """Every path that is not the same as before, with its fate."""
        return tuple(f"{fate:<9} {path}" for path, fate in self.files.items() if fate is not Fate.UNCHANGED)

    def as_dict(self) -> dict[str, object]:
        """The report for programs."""
        return {
            "issue": self.slug,
            "number": self.edition.issue.number,
            "articles": [article.id for article in self.edition.issue.articles],
            "subject": self.digest.subject,
            "letter_bytes": self.digest.size,
            "output": str(self.output),
            "files": self.files,
            "hub": [vars(ping) for ping in self.pings],
            "findings": [str(finding) for finding in self.findings],
        }


def _counted(number: int, word: str) -> str:
    """`1 article`, `2 articles`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _gone(removed: Sequence[str]) -> list[tuple[str, str]]:
    """Addresses of stories and issues that lead nowhere now, a few of many, and what to do for their readers."""
    pages = ["/" + path.removesuffix("index.html") for path in removed if _STORY.fullmatch(path)]
    if not pages:
        return []
    more = [("", f"and {len(pages) - _FEW:,} more")] if len(pages) > _FEW else []
    remedy = ("", "if a story has moved, its old address goes into its moved_from")
    return [*(("gone", page) for page in pages[:_FEW]), *more, remedy]


def _told(pings: Sequence[Ping]) -> str:
    faults = [ping for ping in pings if ping.fault]
    if not faults:
        return f"told of {len(pings)} feeds"
    return f"not told of {len(faults)} of {len(pings)} feeds ({faults[0].fault}); readers see them when they poll"
