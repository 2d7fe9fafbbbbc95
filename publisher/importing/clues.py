"""What speaks for a title, and what for a sub-heading: one small function a clue.

Each gives a number, mostly between -1 and 1, that `titles` multiplies with the clue's weight.
No clue knows a language beyond a handful of pronouns; names are told by their capitals.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from publisher.importing.blocks import Kind
from publisher.importing.headings import Candidate
from publisher.importing.words import capitalised, content, proper_names, words

_DATELINE = re.compile(
    r"[A-ZА-ЯЁӘҒҚҢӨҮҰІ][A-ZА-ЯЁӘҒҚҢӨҮҰІ’ʻ -]{2,}(?:,? [^—–.]{0,20})?(?:\([^)]{2,30}\))?\.? ?[—–-]{1,2} "
)
_STOCK = re.compile(
    r"(?:background|context|outlook|why it matters|what(?:[’']s| is| happens| comes)? next|conclusion|analysis"
    r"|reactions?|next steps|key (?:points|figures|facts)|in brief|by the numbers|the bottom line|what to watch"
    r"|the big picture|контекст|что дальше|предыстория|справка|итоги?|выводы|реакция|почему это важно)\b",
    re.IGNORECASE,
)
# A story does not begin with a word that points back to one.
_POINTS_BACK = re.compile(
    r"(?:he|she|it|they|his|her|its|their|this|these|those|that|both|none|neither|then|but|also|meanwhile|"
    r"он|она|оно|они|его|её|ее|их|это|эти|этот|эта|там|тогда|оба|"
    r"ол|олар|оның|олардың|бұл|осы|енді|ал|алар|анын|алардын|бул|ошол|эми|"
    r"u|ular|uning|ularning|bu|shu|endi|ӯ|онҳо|ин|он)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:what|how|who|where|why|when|which|что|как|кто|где|почему|зачем|когда|сколько|не|қалай|кім|қайда"
    r"|эмне|кандай|ким|кайда|nima|qanday|kim|qayer\w*|nega)\b",
    re.IGNORECASE,
)
_MIDDLE = 48  # characters between a usual sub-heading and a usual title
# Ratios of the longer headings to the shorter: one kind of heading also falls into halves.
_ONE_KIND, _TWO_KINDS = math.log(1.4), math.log(2.0)
_OPENING = 2  # paragraphs that show whether a text goes on or begins


@dataclass(frozen=True)
class Look:
    """What all headings of a page have in common."""

    rarity: dict[str, float]  # of each stem: one that stands under every heading tells nothing
    names: frozenset[str]  # stems of the names in its running text
    middle: float  # characters: between the short and the long headings
    kinds_of_length: float  # 0: all alike; 1: clearly long ones and short ones
    briefs: bool  # each heading has one paragraph
    repeated: frozenset[str]  # headings that come more than once
    count: int


def look_at(headings: Sequence[Candidate]) -> Look:
    """Measure a page's headings and the texts below them."""
    texts = [text for heading in headings for text in heading.section]
    in_sentences = [h.block.text for h in headings if capitalised(h.block.text) < 0.75]  # noqa: PLR2004  # a share that was measured
    seen = Counter(stem for heading in headings for stem in heading.stems)
    count = len(headings)
    low, high = _two_means([math.log(len(heading.block.text)) for heading in headings])
    kinds = _kinds_of_length(high - low)
    again = Counter(heading.block.text for heading in headings)
    return Look(
        rarity={stem: max(0.0, math.log((count + 1) / (times + 0.5))) for stem, times in seen.items()},
        names=frozenset(proper_names([*texts, *in_sentences])),
        middle=math.exp(kinds * (low + high) / 2 + (1 - kinds) * math.log(_MIDDLE)),
        kinds_of_length=kinds,
        briefs=count >= 4 and all(len(heading.section) == 1 for heading in headings),  # noqa: PLR2004  # so many are no accident
        repeated=frozenset(text for text, times in again.items() if times > 1),
        count=count,
    )


def length(heading: Candidate, look: Look) -> float:
    """Titles are longer than sub-headings, by the page's own measure if it shows one."""
    return max(-1.0, min(1.0, 2 * math.log(len(heading.block.text) / look.middle)))


def alike(look: Look) -> float:
    """Headings of one length are rather all titles; two alone prove less."""
    return (1 - look.kinds_of_length) * min(1.0, look.count / 4)


def brief(look: Look) -> float:
    """Where each heading has one paragraph, each is a story of its own."""
    return 1.0 if look.briefs else 0.0


def word_count(heading: Candidate) -> float:
    """Two words are no headline; eight are."""
    count = len(words(heading.block.text))
    return 0.5 if count >= 8 else -1.0 if count <= 2 else -0.5 if count <= 4 else 0.0  # noqa: PLR2004  # weights that were measured


def echo(heading: Candidate, article: set[str]) -> float:
    """A title's words come again in its first sentence; those known from the article do not count."""
    title = content(heading.block.text)
    lede = content(heading.section[0]) - article if heading.section else set()
    share = len(title & lede) / max(1, len(title))
    return (share - 0.35) * (min(1.0, len(title) / 4) if share > 0.35 else 1.0)  # noqa: PLR2004  # the same


def new_names(heading: Candidate, look: Look, article: set[str]) -> float:
    """A new article brings new names; rare ones count more, and one alone proves little."""
    here = heading.stems & look.names
    total = sum(look.rarity[name] for name in here)
    new = sum(look.rarity[name] for name in here - article)
    return (new - 0.72 * total) / (total + 1)


def names_itself(heading: Candidate, look: Look, article: set[str]) -> float:
    """A title says who or where; a sub-heading seldom does, or repeats it."""
    named = content(heading.block.text) & look.names
    return 1.0 if named - article else -0.5 if named else -1.0


def goes_on(heading: Candidate, look: Look, article: set[str]) -> float:
    """The share of what the text below begins with that the article has spoken of already."""
    opening = content(" ".join(heading.section[:_OPENING]))
    total = sum(look.rarity.get(stem, 0.0) for stem in opening)
    known = sum(look.rarity.get(stem, 0.0) for stem in opening & article)
    return known / (total + 1)


def repeats(heading: Candidate, article: set[str]) -> float:
    """The share of its own words that the article has used already."""
    own = content(heading.block.text)
    return len(own & article) / max(1, len(own))


def points_back(heading: Candidate) -> float:
    """The text below begins with a pronoun."""
    return 1.0 if heading.section and _POINTS_BACK.match(heading.section[0].lstrip('“«"')) else 0.0


def dateline(heading: Candidate) -> float:
    """The text below begins with a town and an agency."""
    return 1.0 if heading.section and _DATELINE.match(heading.section[0]) else 0.0


def habit(heading: Candidate, look: Look) -> float:
    """A stock phrase, or one that divides several articles of the page."""
    text = heading.block.text
    return 1.0 if _STOCK.match(text) or text in look.repeated else 0.0


def asks(heading: Candidate) -> float:
    """A question word or a question mark."""
    return 1.0 if _ASKS.match(heading.block.text) or heading.block.text.endswith("?") else 0.0


def pause(heading: Candidate) -> float:
    """Headlines carry commas and colons."""
    return 1.0 if re.search(r"[,:]\s", heading.block.text) else 0.0


def signed(heading: Candidate) -> float:
    """A byline or a date stands below it."""
    return 1.0 if heading.after and heading.after.kind in (Kind.BYLINE, Kind.DATE) else 0.0


def set_off(heading: Candidate) -> float:
    """A date, a rule, a ticker or a page's button stands above it."""
    kinds = (Kind.DATE, Kind.FURNITURE, Kind.RATE, Kind.RULE)
    return 1.0 if heading.before and heading.before.kind in kinds else 0.0


def stacked(heading: Candidate) -> float:
    """Nothing stands between it and the heading above."""
    return 1.0 if heading.under_heading else 0.0


def _kinds_of_length(apart: float) -> float:
    return max(0.0, min(1.0, (apart - _ONE_KIND) / (_TWO_KINDS - _ONE_KIND)))


def _two_means(lengths: Sequence[float]) -> tuple[float, float]:
    """The middles of the short and of the long ones (k-means in one dimension)."""
    if not lengths:
        return 0, 0
    low, high = min(lengths), max(lengths)
    for _ in range(20):
        short = [length for length in lengths if abs(length - low) <= abs(length - high)]
        long = [length for length in lengths if abs(length - low) > abs(length - high)]
        before = low, high
        low, high = fmean(short or [low]), fmean(long or [high])
        if before == (low, high):
            break
    return low, high
