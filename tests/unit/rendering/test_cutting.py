"""A long story is parted between its blocks, whole, in as few pieces as it needs."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from long_reads import HEADINGS, LATIN, block, stories, told
from lxml import html

from publisher.rendering.pages.breaks import breaks_of
from publisher.rendering.pages.cutting import Flow, Room, cut
from publisher.rendering.pages.views import html_of

ROOMS = st.builds(Room, *[st.integers(800, 5_000)] * 3)


def flow_of(markdown: str) -> Flow:
    """A story's text as its page has it."""
    return Flow(html_of(markdown, base_url="https://letter.example/2025-12-10/", heading=2))


def pieces(flow: Flow, room: Room) -> list[str]:
    """The text of each page."""
    return [flow.piece(*ends) for ends in cut(flow, flow, room)]


class Balance(HTMLParser):
    """Reads HTML and refuses an element that is closed without having been opened, or never closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(text: str) -> html.HtmlElement:
    """A piece of a text as elements."""
    return html.fragment_fromstring(text, create_parent="div")


@given(stories(), ROOMS)
def test_joined_the_pieces_are_the_story(markdown, room):
    """Nothing is lost, said twice or moved; what is open at a page's end is closed and opened again."""
    flow = flow_of(markdown)
    cuts = cut(flow, flow, room)
    places = [flow.places[start].at for start, _ in cuts] + [len(flow.html)]
    assert "".join(flow.html[a:b] for a, b in pairwise(places)) == flow.html
    found = pieces(flow, room)
    assert [line for piece in found for line in told(parsed(piece))] == told(parsed(flow.html))
    for piece in found:
        Balance(piece)


@given(stories(), ROOMS)
def test_a_piece_has_room_unless_it_is_one_block(markdown, room):
    """A page is too heavy only where it holds a single block that would be too heavy alone."""
    flow = flow_of(markdown)
    cuts = cut(flow, flow, room)
    for number, (start, end) in enumerate(cuts):
        alone = number == len(cuts) - 1 and number > 0
        holds = room.last if alone else room.middle if number else room.first
        weight = len(flow.piece(start, end).encode())
        assert weight == flow.weight(start, end)
        assert weight <= holds or end == start + 1


@given(stories(), ROOMS)
def test_no_piece_is_empty_or_ends_with_a_heading(markdown, room):
    """A heading stands above its text: on the same page, and never as all that there is."""
    for piece in pieces(flow_of(markdown), room)[:-1]:
        blocks = [part for part in parsed(piece) if part.tag != "hr"]
        assert blocks
        assert blocks[-1].tag not in HEADINGS
    *before, last = pieces(flow_of(markdown), room)
    assert not before or not {part.tag for part in parsed(last)} <= {*HEADINGS, "hr"}


def fewest(flow: Flow, room: Room) -> int:
    """The smallest number of pieces, found by trying every way; the first is never the last."""
    end = len(flow.places) - 1
    best = {end: 0}
    for start in reversed(range(end)):
        holds = room.middle if start else room.first
        ways = [n for n in range(start + 1, end) if n == start + 1 or flow.weight(start, n) <= holds]
        best[start] = 1 + min((best[n] for n in ways), default=0)
        if start == end - 1 or (start and flow.weight(start, end) <= room.last):
            best[start] = 1
    return best[0]


@given(stories(blocks=20), ROOMS)
def test_there_are_as_few_pieces_as_can_be(markdown, room):
    """Wishes for even pages and for sub-headings never cost a page."""
    flow = flow_of(markdown)
    assert len(cut(flow, flow, room)) == fewest(flow, room)


def test_a_page_begins_with_a_sub_heading_if_one_is_near():
    """Rather than in the middle between two paragraphs."""
    markdown = "\n\n".join(
        [*(block("paragraph", 9, n) for n in range(7)), "## The second half", *(block("paragraph", 9, n) for n in range(8))]
    )  # fmt: skip
    first, second = pieces(flow_of(markdown), Room(9_000, 9_000, 9_000))
    assert second.lstrip().startswith("<h2>The second half")
    assert len(first) < len(second)


def test_a_list_stays_whole_if_it_can():
    """A page ends before or after it, though the middle would be inside."""
    markdown = "\n\n".join([block("paragraph", 30, 1), block("list", 6, 2), block("paragraph", 30, 3)])
    found = pieces(flow_of(markdown), Room(6_000, 6_000, 6_000))
    assert [piece.count("<ul>") for piece in found] in ([1, 0], [0, 1])


@pytest.mark.parametrize("start", [1, 7, 0])
def test_a_numbered_list_goes_on_counting(start):
    """The number on the next page is the one after the last on this."""
    items = "\n".join(f"{start + n}. {LATIN * 3}" for n in range(12))
    counted = start
    for piece in pieces(flow_of(items), Room(1_000, 1_000, 1_000)):
        (numbered,) = parsed(piece).iter("ol")
        assert int(numbered.get("start", 1)) == counted
        counted += len(numbered)
    assert counted == start + 12


def test_a_table_brings_its_head():
    """On each page its columns are named, and it scrolls by itself."""
    rows = "\n".join(f"| {LATIN} | {n} |" for n in range(40))
    found = pieces(flow_of(f"| Gate | Day |\n|---|--:|\n{rows}"), Room(1_500, 1_500, 1_500))
    assert len(found) > 2
    for piece in found:
        assert piece.startswith('<div class="wide" tabindex="0"><table>')
        assert [head.text for head in parsed(piece).iter("th")] == ["Gate", "Day"]
        assert len(list(parsed(piece).iter("tr"))) > 1


def test_items_cells_and_code_are_never_parted():
    """A list inside an item and the lines of a program stay together: nobody could read on in them."""
    nested = "- one\n" + "\n".join(f"  - {n}" for n in range(30))
    assert breaks_of(flow_of(nested).html) == []
    assert breaks_of(flow_of("```\n" + "x\n" * 99 + "```").html) == []


def test_signs_in_words_are_no_tags():
    """What an author wrote in angle brackets or quotes parts nothing."""
    flow = flow_of('One <b> "two" &gt; ![a > b </p> "c"](images/a.png "t <p>")\n\n`</p>` three')
    assert len(flow.places) == 3
    assert flow.html[flow.places[1].at :].strip() == "<p><code>&lt;/p&gt;</code> three</p>"


@settings(max_examples=20)
@given(stories(blocks=60))
def test_the_same_story_is_parted_the_same(markdown):
    """A publish from scratch gives the same pages."""
    room = Room(2_000, 2_500, 2_200)
    assert pieces(flow_of(markdown), room) == pieces(flow_of(markdown), room)
