"""How well titles are told from sub-headings, and whether what goes wrong is asked about.

    python benchmarks/import_accuracy.py                 all sample pages, and 300 shuffles of them
    python benchmarks/import_accuracy.py page.txt …      pages of your own, each with a .json beside it

A page's truth is in the .json beside it. A shuffle is a random choice of a page's articles in
a random order: what made a heading clear in one place may be missing in another.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from publisher.content.models import Section
from publisher.errors import InputError
from publisher.importing.decoding import decode
from publisher.importing.draft import Decision, Draft, Shape
from publisher.importing.text import House, read_page

SAMPLES = Path(__file__).resolve().parent.parent / "tests" / "samples" / "pages"
HOUSE = House(sections=(Section(id="news", title="News"),), next_day=date(2025, 12, 11))
Heading = tuple[str, str]  # role, text


@dataclass(frozen=True)
class Score:
    """Counts over one page or many."""

    headings: int = 0
    right: int = 0
    wrong: int = 0  # headings missed or misjudged, and paragraphs taken for headings
    flagged: int = 0  # headings that are asked about
    silent: int = 0  # wrong and not asked about
    pages: int = 0
    perfect: int = 0

    def __add__(self, other: Score) -> Score:
        """Sum two scores."""
        return Score(*(a + b for a, b in zip(_numbers(self), _numbers(other), strict=True)))


def _numbers(score: Score) -> tuple[int, ...]:
    return tuple(vars(score).values())


def expected(truth: dict[str, Any]) -> list[Heading]:
    """The headings a person reads."""
    return [
        heading
        for article in truth["articles"]
        for heading in [
            ("title", article["title"]),
            *(("sub", sub) for sub in article.get("subheadings", [])),
        ]
    ]


def found(draft: Draft) -> Iterator[tuple[Heading, Decision | None]]:
    """The headings of a draft, and the question about each; doubtful paragraphs too."""
    for article in draft.articles:
        asked = [
            decision for decision in article.decisions if decision.key.startswith(("heading:", "title:"))
        ]
        yield ("title", article.title), next(iter(asked), None)
        for passage in article.passages:
            if passage.shape is Shape.SUBHEADING:
                yield ("sub", passage.text), passage.decision
            elif passage.decision:
                yield ("paragraph", passage.text), passage.decision


def score(text: str, truth: list[Heading]) -> Score:
    """Compare a page with what a person reads in it."""
    try:
        told = list(found(read_page(text, HOUSE)))
    except InputError:
        told = []
    asked = {heading[1] for heading, decision in told if decision}
    claimed = [heading for heading, _ in told if heading[0] != "paragraph"]
    right = sum(min(claimed.count(heading), truth.count(heading)) for heading in set(truth))
    missed = [heading for heading in truth if claimed.count(heading) < truth.count(heading)]
    texts = {heading[1] for heading in truth}
    invented = [heading for heading in claimed if heading[1] not in texts]
    wrong = len(truth) - right + len(invented)
    silent = sum(heading[1] not in asked for heading in [*missed, *invented])
    flagged = sum(decision is not None for _, decision in told)
    return Score(len(truth), right, wrong, flagged, silent, 1, int(not wrong))


def segments(text: str, truth: dict[str, Any]) -> list[tuple[str, list[Heading]]]:
    """A page cut into its articles, each with its headings."""
    cuts, position = [], 0
    for article in truth["articles"]:
        position = text.index(article["title"], position)
        cuts.append(text.rfind("\n", 0, position) + 1)
        position += 1
    ends = [*cuts[1:], len(text)]
    return [
        (text[start:end].strip("\n"), expected({"articles": [article]}))
        for start, end, article in zip(cuts, ends, truth["articles"], strict=True)
    ]


def shuffles(pages: list[list[tuple[str, list[Heading]]]], count: int) -> Iterator[tuple[str, list[Heading]]]:
    """Random articles of one page in random order; the same ones on every run."""
    chance = random.Random(7)
    several = [page for page in pages if len(page) > 1]
    for _ in range(count):
        page = chance.choice(several)
        chosen = chance.sample(page, chance.randint(2, len(page)))
        yield "\n\n".join(text for text, _ in chosen), [h for _, headings in chosen for h in headings]


def show(name: str, result: Score) -> None:
    """One line of the table."""
    share = result.right / max(1, result.headings)
    print(
        f"{name:<20} {result.right:>5}/{result.headings:<5} {share:>6.1%}  pages perfect "
        f"{result.perfect:>3}/{result.pages:<3}  flagged {result.flagged:>4}  wrong {result.wrong:>3}, "
        f"not flagged {result.silent}"
    )


def main(arguments: Iterable[str] | None = None) -> int:
    """Print the table; 1 if an error went unflagged on a whole page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--shuffles", type=int, default=300)
    options = parser.parse_args(None if arguments is None else list(arguments))
    total, cut = Score(), []
    for path in options.pages or sorted(SAMPLES.glob("*.txt")):
        text = decode(path.read_bytes(), path.name).text
        truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        result = score(text, expected(truth))
        show(path.stem, result)
        total += result
        cut.append(segments(text, truth))
    show("all pages", total)
    mixed = sum((score(text, truth) for text, truth in shuffles(cut, options.shuffles)), Score())
    show(f"{options.shuffles} shuffles", mixed)
    return 1 if total.silent else 0


if __name__ == "__main__":
    sys.exit(main())
