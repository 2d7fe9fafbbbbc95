"""What looks like a heading, and what a mark says of its rank."""

from __future__ import annotations

import pytest

from publisher.importing.blocks import read_blocks
from publisher.importing.headings import Role, find_candidates, heading_likeness
from publisher.importing.lines import split_lines
from publisher.importing.titles import judge

TEXT = "The bridge opened on Monday, and nobody came to see it but a dog."


def roles(text: str) -> list[tuple[str, Role]]:
    """Each line that could be a heading, and what it is taken for."""
    blocks = read_blocks(split_lines(text))
    judged = judge(find_candidates(blocks, {}), {})
    return [(block.text, judged[block.line].role) for block in blocks if block.line in judged]


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("A Bridge Opens in Osh", True),
        ("Who pays for the roofs", True),
        ("$230 million for sport", True),
        ("Trade talks in the U.S.", True),
        ("The bridge opened on Monday.", False),
        ("Three steps are planned:", False),
        ("“Promises made, promises kept”", False),
        ("and so it went on", False),
        ("A", False),
        ("X" * 200, False),
    ],
)
def test_a_heading_is_known_by_its_shape(line, is_heading):
    """Short, no full stop, a capital at its head, and not wholly a quotation."""
    block, after = read_blocks(split_lines(f"{line}\n\n{TEXT}"))
    assert (heading_likeness(block, after) > 0.5) is is_heading


def test_a_sentence_without_its_stop_is_asked_about():
    """Among titles in Title Case a line in sentence case is a paragraph, with a doubt."""
    titles = [
        "Osh Closes Its Bridge",
        "Snow Leopard Walks Home",
        "Night Trains for Students",
        "Piano Found in Onions",
    ]
    lines = [f"{title}\n\n{TEXT}" for title in titles]
    odd = "Nobody has said when the buses come back"
    page = "\n\n".join([*lines, odd, TEXT])
    blocks = read_blocks(split_lines(page))
    line = next(block.line for block in blocks if block.text == odd)
    judgement = judge(find_candidates(blocks, {}), {})[line]
    assert (judgement.role, judgement.confidence) == (Role.PARAGRAPH, 0.65)


def test_hashes_tell_the_rank():
    """The first rank that comes twice is the titles'; what has no mark is text."""
    page = f"# One\n\n{TEXT}\n\n## Part\n\n{TEXT}\n\nA Line Like a Heading\n\n{TEXT}\n\n# Two\n\n{TEXT}"
    assert roles(page) == [
        ("One", Role.TITLE),
        ("Part", Role.SUBHEADING),
        ("A Line Like a Heading", Role.PARAGRAPH),
        ("Two", Role.TITLE),
    ]


def test_a_page_s_own_name_is_no_article():
    """It stands alone above all, with another heading directly below, or with two ranks."""
    page = f"# Steppe Letter\n\n## One\n\n{TEXT}\n\n## Two\n\n{TEXT}"
    assert roles(page) == [("Steppe Letter", Role.NAME), ("One", Role.TITLE), ("Two", Role.TITLE)]
    page = f"# Steppe Letter\n\nGood morning.\n\n## One\n\n{TEXT}\n\n### Part\n\n{TEXT}"
    assert roles(page)[0] == ("Steppe Letter", Role.NAME)


def test_headings_of_one_look_play_one_role():
    """Where some are in capitals, all of those are titles, even one that the words would not tell."""
    page = f"""
OSH CLOSES ITS OLD BAZAAR BRIDGE AS CRACKS REACH THE THIRD PILLAR
{TEXT}
What It Costs
{TEXT}
TASHKENT DOUBLES ITS NIGHT TRAINS TO SAMARKAND AND ASKS FOR MORE
Trains from Tashkent go twice.
SNOW IN NARYN
It fell. Nobody in Naryn had seen so much.
"""
    assert [role for _, role in roles(page)] == [Role.TITLE, Role.SUBHEADING, Role.TITLE, Role.TITLE]
