"""In which section does an article stand? What was printed in each so far is the teacher.

A naive Bayes classifier over the stems of words. Words are not independent, so its odds are
far too sure of themselves; they are flattened by `_FLATTEN`, and what then stays below the
asking limit becomes a question.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from publisher.content.models import Section
from publisher.importing.words import content

_FLATTEN = 0.35
_SMOOTH = 0.5
_ENOUGH_ARTICLES = 3  # with fewer a section is not known yet


def guess_section(
    text: str, sections: Sequence[Section], texts: Mapping[str, Sequence[str]]
) -> tuple[str, float]:
    """The likeliest section's id, and how sure that is (0 to 1)."""
    known = {section.id: _stems(section, texts.get(section.id, ())) for section in sections}
    vocabulary = len(set().union(*known.values()))
    here = content(text) & set().union(*known.values())
    scores = {name: _log_likelihood(here, stems, vocabulary) for name, stems in known.items()}
    best = max(scores, key=lambda name: scores[name])
    odds = sum(math.exp((score - scores[best]) * _FLATTEN) for score in scores.values())
    taught = min(len(texts.get(section.id, ())) for section in sections) >= _ENOUGH_ARTICLES
    return best, (1 / odds if taught else min(1 / odds, 1 / len(sections)))


def _stems(section: Section, texts: Sequence[str]) -> Counter[str]:
    """In how many of a section's articles each stem stands; its own description counts as one."""
    described = f"{section.title} {section.description}"
    return Counter(stem for text in (described, *texts) for stem in content(text))


def _log_likelihood(here: set[str], stems: Counter[str], vocabulary: int) -> float:
    total = stems.total() + _SMOOTH * vocabulary
    return sum(math.log((stems[stem] + _SMOOTH) / total) for stem in here)
