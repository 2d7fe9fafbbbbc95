"""The editor's own lines in a text file: `KGS/USD = 0.01144`, one a line, good for the day asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from publisher.errors import InputError
from publisher.rates.models import Kind, Quote
from publisher.rates.quote import Place
from publisher.rates.sources.protocol import Client, Pair, SourceError
from publisher.rates.ticker import read_ticker


@dataclass(frozen=True)
class EditorLines:
    """The file at `path`."""

    path: Path
    shown: str  # its path in the publication's folder, for findings
    title: str = "editor"
    latest_only: bool = False

    def fetch(self, pairs: Sequence[Pair], day: date, client: Client) -> tuple[Quote, ...]:  # noqa: ARG002  # no network
        """Take the lines about the pairs. Raises InputError when two of them contradict each other."""
        try:
            ticker = read_ticker(self.path.read_text("utf-8-sig"), self.shown)
        except (OSError, UnicodeDecodeError) as error:
            hint = "name an existing UTF-8 text file in [rates] file"
            raise SourceError(f"{self.path} cannot be read", hint=hint) from error
        if ticker.findings:
            raise InputError(ticker.findings)
        wanted = [set(pair) for pair in pairs]
        said = {"as_of": day, "source": self.title, "kind": Kind.EDITOR}
        placed = (line.quote.at(Place(self.shown, line.line, line.column)) for line in ticker.lines)
        return tuple(q.model_copy(update=said) for q in placed if {q.base, q.quote} in wanted)
