"""All rules of the copy desk: what would a careful colleague say before this goes out.

Adding a rule: write a function with `@rule(code, severity, why)` into the file of its topic.
Codes are for ever: T titles and fields, W words, L links, P pictures, D dates, E213 money;
L1, L2 and S are the letter's and the pages' own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from publisher.checking import addresses, dates, fields, halves, money, pictures, wording
from publisher.checking.manuscript import Manuscript, Page
from publisher.checking.rule import Rule, rules_in
from publisher.content.codes import LOADING
from publisher.content.models import Issue, Publication
from publisher.errors import Finding, Severity
from publisher.rates.codes import DOUBTS
from publisher.rates.history import History
from publisher.rendering.codes import LOOKS

RULES: tuple[Rule, ...] = tuple(
    rule for topic in (fields, wording, halves, addresses, pictures, dates, money) for rule in rules_in(topic)
)

MOST_OF_A_KIND = 10

EXPLANATIONS: Mapping[str, str] = {
    "C901": "An excuse needs a reason, and a rule that found something; others hide the next slip.",
    **{rule.code: rule.why for rule in RULES},
    **LOADING,
    **DOUBTS,
    **LOOKS,
}
"""Every code and its sentence, for `--explain`."""


def check(
    issue: Issue, publication: Publication, *, now: datetime, history: History | None = None
) -> tuple[Finding, ...]:
    """Everything the rules find in an issue, in the order of files and lines.

    `history` lets sums of money be compared with the rates of an article's own day.
    `<!-- lint-ok W202: quoted as printed -->` in a file sets one rule aside for it.
    """
    manuscript = Manuscript(issue, publication, now, history or History())
    found = [finding for rule in RULES for finding in _not_endless(rule.findings(manuscript))]
    excuses = {(page.file, excuse.code) for page in manuscript.pages for excuse in page.excuses}
    kept = [finding for finding in found if (finding.path, finding.code) not in excuses]
    found_in = {(finding.path, finding.code) for finding in found}
    idle = [finding for page in manuscript.pages for finding in _idle_excuses(page, found_in)]
    return tuple(sorted([*kept, *idle]))


def _not_endless(findings: Iterable[Finding]) -> Iterator[Finding]:
    """At most ten of one rule in one file: who has read ten knows the eleventh."""
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.path] += 1
        if counts[finding.path] <= MOST_OF_A_KIND:
            yield finding


def _idle_excuses(page: Page, found: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Excuses without a reason, and those with nothing to excuse."""
    for excuse in page.excuses:
        place = (page.file, excuse.line, 1, "")
        if not excuse.reason:
            hint = f"say why: <!-- lint-ok {excuse.code}: quoted as printed -->"
            yield Finding(*place, "excuses without a reason", hint, "C901", Severity.WARNING)
        elif (page.file, excuse.code) not in found:
            message = f"excuses {excuse.code}, which finds nothing here"
            yield Finding(*place, message, "delete the remark", "C901", Severity.NOTE)
