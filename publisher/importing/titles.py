"""Title or sub-heading: which headings begin a new article, and which only divide one.

On a pasted page the two look alike, so the words around them decide. Each clue has a weight
for (+) or against (-) a title; the sum becomes a confidence. The weights were fitted on pages
in our own words and tried on others (`benchmarks/import_accuracy.py`).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from publisher.importing import clues
from publisher.importing.clues import Look
from publisher.importing.headings import Candidate, Role
from publisher.importing.marks import appearance, marked_roles

WEIGHTS = {
    "length": 3.0,
    "alike": 5.0,
    "brief": 2.0,
    "word count": 2.5,
    "echo": 2.5,
    "new names": 4.0,
    "names itself": 1.8,
    "goes on": -3.0,
    "repeats": -2.0,
    "points back": -2.7,
    "dateline": 1.5,
    "habit": -2.0,
    "asks": -2.0,
    "pause": 1.0,
    "signed": 3.0,
    "set off": 2.0,
    "stacked": -1.5,
}
INCLINATION = 0.8
"""Added to every sum: more headings begin an article than the clues would say."""
SURE = 4.0
"""The score of what is beyond doubt, where it is averaged with others."""


@dataclass(frozen=True)
class Judgement:
    """What a line is taken for, how sure that is (0.5 to 1), and which clue said what."""

    role: Role
    confidence: float
    score: float  # above 0 a title
    reasons: Mapping[str, float]


def judge(candidates: Sequence[Candidate], known: Mapping[int, Role]) -> dict[int, Judgement]:
    """Give each candidate its role, by its line; `known` are an editor's answers.

    Headings of one look play one role: what the clues say of each is said to some part of all
    that look like it.
    """
    headings = [candidate for candidate in candidates if candidate.is_heading]
    certain = {line: _certain(role) for line, role in (marked_roles(headings) | dict(known)).items()}
    look = clues.look_at(headings)
    alone = _weigh_all(headings, look, certain, {})
    judged = _weigh_all(headings, look, certain, _leanings(headings, alone))
    doubtful = {
        candidate.block.line: certain.get(candidate.block.line)
        or Judgement(Role.PARAGRAPH, 1 - candidate.likeness, 0.0, {})
        for candidate in candidates
        if not candidate.is_heading
    }
    return judged | doubtful


def _certain(role: Role) -> Judgement:
    score = {Role.TITLE: SURE, Role.SUBHEADING: -SURE}.get(role, 0.0)
    return Judgement(role, 1.0, score, {"certain": score})


def _weigh_all(
    headings: Sequence[Candidate],
    look: Look,
    certain: Mapping[int, Judgement],
    leanings: Mapping[Hashable, float],
) -> dict[int, Judgement]:
    """Go down the page; each heading is weighed against the article that it would end."""
    judged: dict[int, Judgement] = {}
    article: set[str] = set()  # what the article has spoken of so far
    for heading in headings:
        leaning = leanings.get(appearance(heading), 0.0)
        judgement = certain.get(heading.block.line) or _weigh(heading, look, article, leaning)
        article = heading.stems if judgement.role is Role.TITLE else article | heading.stems
        judged[heading.block.line] = judgement
    return judged


def _weigh(heading: Candidate, look: Look, article: set[str], leaning: float) -> Judgement:
    if not article:
        return _certain(Role.TITLE)
    found = find_clues(heading, look, article)
    reasons = {name: round(WEIGHTS[name] * value, 2) for name, value in found.items() if value}
    reasons |= {"appearance": round(leaning, 2)} if leaning else {}
    score = INCLINATION + sum(reasons.values())
    few = min(1.0, (look.count + 2) / 6)  # a page of two or three headings shows no habit
    confidence = 1 / (1 + math.exp(-abs(score) * few))
    role = Role.TITLE if score > 0 else Role.SUBHEADING
    return Judgement(role, round(confidence, 2), score, reasons)


def _leanings(headings: Sequence[Candidate], alone: Mapping[int, Judgement]) -> dict[Hashable, float]:
    """How far each look of headings stands from the page's average; nothing where all look alike."""
    scores: dict[Hashable, list[float]] = {}
    for heading in headings[1:]:  # the first is a title whatever it looks like
        score = max(-SURE, min(SURE, alone[heading.block.line].score))
        scores.setdefault(appearance(heading), []).append(score)
    average = fmean([score for group in scores.values() for score in group] or [0.0])
    return {look: fmean(group) - average for look, group in scores.items() if len(group) > 1}


def find_clues(candidate: Candidate, look: Look, article: set[str]) -> dict[str, float]:
    """All clues about one heading, by name."""
    return {
        "length": clues.length(candidate, look),
        "alike": clues.alike(look),
        "brief": clues.brief(look),
        "word count": clues.word_count(candidate),
        "echo": clues.echo(candidate, article),
        "new names": clues.new_names(candidate, look, article),
        "names itself": clues.names_itself(candidate, look, article),
        "goes on": clues.goes_on(candidate, look, article),
        "repeats": clues.repeats(candidate, article),
        "points back": clues.points_back(candidate),
        "dateline": clues.dateline(candidate),
        "habit": clues.habit(candidate, look),
        "asks": clues.asks(candidate),
        "pause": clues.pause(candidate),
        "signed": clues.signed(candidate),
        "set off": clues.set_off(candidate),
        "stacked": clues.stacked(candidate),
    }
