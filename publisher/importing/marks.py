"""Headings that show their rank: `#` and `##`, **bold**, CAPITALS, a wider gap above."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from publisher.importing.blocks import BOLD_LEVEL
from publisher.importing.headings import Candidate, Role


def marked_roles(headings: Sequence[Candidate]) -> dict[int, Role]:
    """The roles, by line, that `#` marks give beyond doubt; nothing on a page without them."""
    levels = [heading.block.level for heading in headings if 0 < heading.block.level < BOLD_LEVEL]
    if not levels:
        return {}
    ranks = sorted(set(levels))
    name = _page_name(headings, levels, ranks)
    if not name and levels.count(ranks[0]) == 1 and len(ranks) > 1:
        return {}  # an article and its parts, or a page and its articles: the words must tell
    titles = ranks[1] if name else ranks[0]
    roles = {
        heading.block.line: Role.TITLE if heading.block.level == titles else Role.SUBHEADING
        for heading in headings
        if heading.block.level
    }
    unmarked = {heading.block.line: Role.PARAGRAPH for heading in headings if not heading.block.level}
    return roles | unmarked | ({name.block.line: Role.NAME} if name else {})


def appearance(heading: Candidate) -> Hashable:
    """What is seen of a heading before it is read."""
    return heading.block.level, heading.block.text.isupper(), heading.block.gap > 1


def _page_name(headings: Sequence[Candidate], levels: list[int], ranks: list[int]) -> Candidate | None:
    """The only heading of the first rank, if it stands first and has no text or two ranks below it."""
    first = headings[0]
    if first.block.level != ranks[0] or levels.count(ranks[0]) > 1 or len(ranks) == 1:
        return None
    return first if not first.section or len(ranks) > 2 else None  # noqa: PLR2004  # two ranks are titles and sub-headings
