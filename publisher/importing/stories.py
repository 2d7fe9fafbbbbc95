"""Blocks with their roles -> stories: a title and everything that belongs under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from publisher.importing.blocks import STORY, Block, Kind
from publisher.importing.draft import SetAside, Use
from publisher.importing.headings import Role
from publisher.importing.titles import Judgement

_USES = {
    Kind.RATE: Use.RATE,
    Kind.DATE: Use.DATE,
    Kind.BYLINE: Use.AUTHOR,
    Kind.FURNITURE: Use.FURNITURE,
    Kind.RULE: Use.FURNITURE,
}


@dataclass(frozen=True)
class Story:
    """One article as it stood on the page. The first one of a page may have no title: its head."""

    title: Block | None
    passages: tuple[Block, ...]
    authors: tuple[str, ...] = ()
    day: date | None = None


@dataclass(frozen=True)
class Page:
    """A page taken apart; every block is in a story or set aside."""

    head: Story
    stories: tuple[Story, ...]
    set_aside: tuple[SetAside, ...]


def take_apart(blocks: Sequence[Block], judged: Mapping[int, Judgement]) -> Page:
    """Cut a page before each title; dates and bylines go to the story that they stand at."""
    named = {line for line, judgement in judged.items() if judgement.role is Role.NAME}
    groups = _carry_over(list(_groups([block for block in blocks if block.line not in named], judged)))
    stories = [_story(group, has_title=position > 0) for position, group in enumerate(groups)]
    used = {id(block) for story in stories for block in (story.title, *story.passages)}
    aside = [
        SetAside(block.line, block.text, _USES.get(block.kind, Use.FURNITURE))
        for block in blocks
        if id(block) not in used
    ]
    return Page(stories[0], tuple(stories[1:]), tuple(aside))


def _groups(blocks: Sequence[Block], judged: Mapping[int, Judgement]) -> Iterator[list[Block]]:
    group: list[Block] = []
    for block in blocks:
        judgement = judged.get(block.line)
        if judgement and judgement.role is Role.TITLE:
            yield group
            group = []
        group.append(block)
    yield group


def _carry_over(groups: list[list[Block]]) -> list[list[Block]]:
    """A date that closes a story stands above the next one's title: hand it on."""
    for group, following in pairwise(groups[1:]):
        trailing = [block for block in _after_story(group) if block.kind is Kind.DATE]
        if trailing:
            group.remove(trailing[-1])
            following.insert(1, trailing[-1])
    return groups


def _after_story(group: Sequence[Block]) -> Sequence[Block]:
    last = max((i for i, block in enumerate(group) if block.kind in STORY), default=-1)
    return group[last + 1 :]


def _story(group: Sequence[Block], *, has_title: bool) -> Story:
    body = group[1:] if has_title else group
    first = next((i for i, block in enumerate(body) if block.kind in STORY), len(body))
    around = [*body[:first], *_after_story(body)] if first < len(body) else body
    return Story(
        title=group[0] if has_title else None,
        passages=tuple(block for block in body if block.kind in STORY or _lies_within(block, body, around)),
        authors=tuple(name for block in body if block.kind is Kind.BYLINE for name in block.items),
        day=next((block.day for block in around if block.kind is Kind.DATE), None),
    )


def _lies_within(block: Block, body: Sequence[Block], around: Sequence[Block]) -> bool:
    """A date alone on a line amid a story is part of it: a timeline's."""
    return block.kind is Kind.DATE and block in body and block not in around
