"""A rule of the copy desk: a code, a sentence why, and one small function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType

from publisher.checking.manuscript import Manuscript, Page, Passage
from publisher.errors import Finding, Severity


@dataclass(frozen=True)
class Remark:
    """What a rule has to say; the frame adds the rule's code and severity."""

    file: str
    line: int
    column: int
    field: str
    message: str
    hint: str


Look = Callable[[Manuscript], Iterable[Remark]]


@dataclass(frozen=True)
class Rule:
    """`code` never changes its meaning; `why` is what `--explain` says."""

    code: str
    severity: Severity
    why: str
    look: Look

    def findings(self, manuscript: Manuscript) -> Iterator[Finding]:
        """Everything that the rule finds."""
        for remark in self.look(manuscript):
            place = (remark.file, remark.line, remark.column, remark.field)
            yield Finding(*place, remark.message, remark.hint, self.code, self.severity)


def rule(code: str, severity: Severity, why: str) -> Callable[[Look], Rule]:
    """Make a rule of a function that looks at a manuscript."""

    def make(look: Look) -> Rule:
        return Rule(code, severity, why, look)

    return make


def rules_in(module: ModuleType) -> tuple[Rule, ...]:
    """The rules of one file, in the order of their codes."""
    rules = [value for value in vars(module).values() if isinstance(value, Rule)]
    return tuple(sorted(rules, key=lambda found: found.code))


def on_field(page: Page, field: str, message: str, hint: str) -> Remark:
    """Remark on a field of the front matter; on one that is missing, at the title."""
    line = page.typed.line(field) or page.typed.line("title")
    return Remark(page.file, line, min(line, 1), field, message, hint)


def on_words(page: Page, passage: Passage, words: str, message: str, hint: str, *, nth: int = 0) -> Remark:
    """Remark on words of a passage; those of the text are found to the column, `nth` like them before."""
    if passage in page.fields:
        return on_field(page, passage.kind, message, hint)
    return Remark(page.file, *page.place(passage.line, words, nth), "", message, hint)
