"""The error tree, and the one shape in which anything wrong is told.

    PublisherError                 exit code
    ├── InputError                 2    words or settings that cannot be used: a list of findings
    ├── NothingToDoError           3    asked for work that is not due
    ├── UnavailableError           69   a network service did not answer
    ├── OutputError                74   the disk refused
    ├── BusyError                  75   another run holds the lock
    ├── ForbiddenError             77   a secret or database that others can read
    └── ConfigurationError         78   a setting or a server that must be put right first

Every message has three parts: what failed, where, and what to do.
Only `publisher.cli.console` turns them into text on a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: an error stops a publish, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong or doubtful, and what to do about it.

    `path` is relative to the publication's folder; `line` and `column` count from 1,
    and 0 means 'the file as a whole'.
    """

    path: str
    line: int
    column: int
    field: str
    message: str
    hint: str = ""
    code: str = ""
    severity: Severity = Severity.ERROR

    @property
    def place(self) -> str:
        """`file:line:col`, as editors and terminals make clickable."""
        numbers = [str(n) for n in (self.line, self.column) if n]
        return ":".join([self.path, *numbers])

    def __str__(self) -> str:
        """`file:line:col: field: what is wrong -> what to type`."""
        parts = [self.place, self.field, self.message]
        text = ": ".join(part for part in parts if part)
        return f"{text} -> {self.hint}" if self.hint else text


class PublisherError(Exception):
    """Anything Publisher can explain. `hint` says what to do next."""

    exit_code = 70

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Keep the sentence and the advice apart, so that a terminal can set them apart."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """The sentence, then the advice."""
        return f"{self.message} -> {self.hint}" if self.hint else self.message


class InputError(PublisherError):
    """Words, rates or settings that cannot be used; carries every finding at once."""

    exit_code = 2

    def __init__(self, findings: Iterable[Finding], message: str = "") -> None:
        """Sort the findings by place, so that the report is the same on every run."""
        self.findings = tuple(sorted(findings))
        super().__init__(message or "\n".join(str(finding) for finding in self.findings))


class NothingToDoError(PublisherError):
    """What was asked for is done already or not due yet."""

    exit_code = 3


class UnavailableError(PublisherError):
    """A network service that the user asked for did not answer in time."""

    exit_code = 69


class OutputError(PublisherError):
    """The disk or the database refused a write; nothing is half-written."""

    exit_code = 74


class BusyError(PublisherError):
    """Another run holds the lock; trying again later is right."""

    exit_code = 75


class ForbiddenError(PublisherError):
    """A secret, key or database lies open to others."""

    exit_code = 77


class ConfigurationError(PublisherError):
    """Something outside the words must be put right first: a setting, a server, a key."""

    exit_code = 78
