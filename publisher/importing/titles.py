"""Title or sub-heading: which headings begin a new article, and which only divide one.

On a pasted page the two look alike, so the words around them decide. Each feature below
gives a weight for (+) or against (-) a title; the sum becomes a confidence. The weights were
tuned on pages in our own words and tried on others (`benchmarks/import_accuracy.py`).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from publisher.importing.blocks import Kind
from publisher.importing.headings import Candidate, Role
from publisher.importing.words import content, proper_names, words

_DATELINE = re.compile(
    r"[A-ZА-ЯЁӘҒҚҢӨҮҰІ][A-ZА-ЯЁӘҒҚҢӨҮҰІ’ʻ -]{2,}(?:,? [^—–.]{0,20})?(?:\([^)]{2,30}\))?\.? ?[—–-]{1,2} "
)
_STOCK = re.compile(
    r"(?:background|context|outlook|why it matters|what(?:[’']s| is| happens| comes)? next|conclusion|analysis"
    r"|reactions?|next steps|key (?:points|figures|facts)|in brief|by the numbers|the bottom line|what to watch"
    r"|the big picture|контекст|что дальше|предыстория|справка|итоги?|выводы|реакция|почему это важно)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Judgement:
    """What a line is taken for, how sure that is (0.5 to 1), and which feature said what."""

    role: Role
    confidence: float
    reasons: Mapping[str, float]


@dataclass(frozen=True)
class _Page:
    """What all headings of the page have in common."""

    rarity: Mapping[str, float]  # of each name: one that stands under every heading tells nothing
    names: frozenset[str]  # stems of all names in its running text
    middle: float  # characters: between the short and the long headings
    two_lengths: bool
    count: int

    def names_under(self, heading: Candidate) -> set[str]:
        """The names in a heading and in the text up to the next one."""
        return _content_under(heading) & self.names


def judge(candidates: Sequence[Candidate], known: Mapping[int, Role]) -> dict[int, Judgement]:
    """Give each candidate its role, by its line; `known` are an editor's answers."""
    headings = [candidate for candidate in candidates if candidate.is_heading]
    page = _look_at(headings)
    judged: dict[int, Judgement] = {}
    article: set[str] = set()  # names in the article so far
    for candidate in candidates:
        line = candidate.block.line
        if not candidate.is_heading:
            judged[line] = Judgement(Role.PARAGRAPH, 1 - candidate.likeness, {})
        else:
            judged[line] = _answer(known.get(line)) or _weigh(candidate, page, article)
            here = page.names_under(candidate)
            article = here if judged[line].role is Role.TITLE else article | here
    return judged


def _answer(role: Role | None) -> Judgement | None:
    return Judgement(role, 1.0, {"answered": 1.0}) if role else None


def _weigh(candidate: Candidate, page: _Page, article: set[str]) -> Judgement:
    if not article:
        return Judgement(Role.TITLE, 1.0, {"first": 1.0})
    reasons = {
        "length": _length(candidate, page),
        "words": _word_count(candidate),
        "lede": _echo(candidate, article),
        "names": _novelty(candidate, page, article),
        "around": _surroundings(candidate),
        "dateline": 1.5 if candidate.section and _DATELINE.match(candidate.section[0]) else 0.0,
        "stock": -2.0 if _STOCK.match(candidate.block.text) else 0.0,
        "pause": 0.5 if re.search(r"[,:]\s", candidate.block.text) else 0.0,
    }
    score = sum(reasons.values())
    confidence = 1 / (1 + math.exp(-1.2 * abs(score)))
    role = Role.TITLE if score > 0 else Role.SUBHEADING
    return Judgement(role, round(confidence, 2), {name: round(w, 2) for name, w in reasons.items() if w})


def _length(candidate: Candidate, page: _Page) -> float:
    """Titles are longer than sub-headings, by the page's own measure if it shows one."""
    weight = (len(candidate.block.text) - page.middle) / 14
    all_alike = 0.8 if not page.two_lengths and page.count >= 3 else 0.0  # noqa: PLR2004
    return max(-1.5, min(1.5, weight)) + all_alike


def _word_count(candidate: Candidate) -> float:
    count = len(words(candidate.block.text))
    return 0.5 if count >= 8 else -1.0 if count <= 2 else -0.5 if count <= 4 else 0.0  # noqa: PLR2004


def _echo(candidate: Candidate, article: set[str]) -> float:
    """A title's words come again in its first sentence; those known from the article do not count."""
    title = content(candidate.block.text)
    lede = content(candidate.section[0]) - article if candidate.section else set()
    share = len(title & lede) / max(1, len(title))
    weight = (share - 0.35) * 2
    return weight * min(1.0, len(title) / 4) if weight > 0 else weight


def _novelty(candidate: Candidate, page: _Page, article: set[str]) -> float:
    """A new article brings new names; rare ones count more."""
    here = page.names_under(candidate)
    total = sum(page.rarity.get(name, 0.0) for name in here)
    new = sum(page.rarity.get(name, 0.0) for name in here - article)
    return (new / total - 0.72) * 4 if total else -0.6


def _surroundings(candidate: Candidate) -> float:
    """What stands directly above and below."""
    weight = 0.0
    if candidate.after and candidate.after.kind in (Kind.BYLINE, Kind.DATE):
        weight += 3
    if candidate.before and candidate.before.kind in (Kind.DATE, Kind.FURNITURE, Kind.RATE, Kind.RULE):
        weight += 2
    return weight


def _look_at(headings: Sequence[Candidate]) -> _Page:
    named = frozenset(proper_names(text for heading in headings for text in heading.section))
    seen = Counter(name for heading in headings for name in _content_under(heading) & named)
    count = len(headings)
    rarity = {name: max(0.0, math.log((count + 1) / (times + 0.5))) for name, times in seen.items()}
    low, high = _two_means([len(heading.block.text) for heading in headings])
    two = high - low > 20 and low < 46 and high > 48  # noqa: PLR2004
    return _Page(rarity, named, (low + high) / 2 if two else 48, two, count)


def _content_under(heading: Candidate) -> set[str]:
    return content(" ".join((heading.block.text, *heading.section)))


def _two_means(lengths: Sequence[int]) -> tuple[float, float]:
    """The middles of the short and of the long lengths (k-means in one dimension)."""
    if not lengths:
        return 0, 0
    low, high = float(min(lengths)), float(max(lengths))
    for _ in range(20):
        short = [length for length in lengths if abs(length - low) <= abs(length - high)]
        long = [length for length in lengths if abs(length - low) > abs(length - high)]
        before = low, high
        low, high = fmean(short or [low]), fmean(long or [high])
        if before == (low, high):
            break
    return low, high
