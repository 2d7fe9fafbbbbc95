"""Gathering what is wrong: all faults of all files are told at once, never one a run."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from publisher.errors import Finding, InputError, Severity


class Findings:
    """A tray for faults. Inside `with findings:` an InputError is put into it, and reading goes on."""

    def __init__(self) -> None:
        """Begin with none."""
        self.all: list[Finding] = []

    def add(self, *findings: Finding) -> None:
        """Put further findings in."""
        self.all.extend(findings)

    def raise_errors(self) -> None:
        """Raise one InputError with everything, if anything is an error."""
        if any(finding.severity is Severity.ERROR for finding in self.all):
            raise InputError(self.all)

    def __enter__(self) -> Self:
        """Begin a step that may fail."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keep what was wrong; any other exception goes on its way."""
        if not isinstance(error, InputError):
            return False
        self.all.extend(finding for finding in error.findings if finding not in self.all)
        return True
