"""What a line is by its looks."""

from __future__ import annotations

import pytest

from publisher.importing.blocks import Block, Kind, read_blocks
from publisher.importing.furniture import authors, is_furniture, is_rule
from publisher.importing.lines import split_lines


def blocks(text: str) -> list[Block]:
    """The blocks of a text."""
    return read_blocks(split_lines(text))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("• KGS/USD = 0.01144 0%", Kind.RATE),
        ("KGS/USD = 1,234 0%", Kind.RATE),
        ("10 December 2025", Kind.DATE),
        ("*10 December 2025*", Kind.DATE),
        ("By Aigul Sadykova", Kind.BYLINE),
        ("Read more", Kind.FURNITURE),
        ("* * *", Kind.RULE),
        ("• It is 214 metres long", Kind.BULLETS),
        ("12) It cost $9 million", Kind.NUMBERS),
        ("> We counted twice.", Kind.QUOTATION),
        ("“We counted twice.”", Kind.QUOTATION),
        ("«Мы считали дважды».", Kind.QUOTATION),
        ("“We counted,” she said, “twice.”", Kind.TEXT),
        ("— Мы считали дважды, — сказала она.", Kind.TEXT),
        ("The bridge opened on Monday.", Kind.TEXT),
    ],
)
def test_a_line_shows_what_it_is(line, kind):
    """Each kind of line is known by its looks alone."""
    assert [block.kind for block in blocks(line)] == [kind]


def test_items_make_lists():
    """Neighbouring items are one list, across empty lines too; a number that does not go on is none."""
    found = blocks("- a\n\n- b\n\n1. one\n2. two\n\n2. A bridge opens in Osh\n\nText.\n\n3. Snow\n\nText.")
    assert [(block.kind, block.items or block.text) for block in found] == [
        (Kind.BULLETS, ("a", "b")),
        (Kind.NUMBERS, ("one", "two")),
        (Kind.TEXT, "A bridge opens in Osh"),
        (Kind.TEXT, "Text."),
        (Kind.TEXT, "Snow"),
        (Kind.TEXT, "Text."),
    ]


def test_one_dash_is_speech():
    """A dash alone begins direct speech as often as a list."""
    assert [block.kind for block in blocks("– Nobody counted, he says.")] == [Kind.TEXT]


def test_headings_can_be_marked():
    """With hashes, with a line below, or in bold as a whole."""
    found = blocks("# One\n\nTwo\n===\n\nThree\n---\n\n### Four ###\n\n**Five**")
    assert [(block.text, block.level) for block in found] == [
        ("One", 1),
        ("Two", 1),
        ("Three", 2),
        ("Four", 3),
        ("Five", 9),
    ]


def test_a_line_may_hold_several_things():
    """Date, author and buttons of a web page stand on one line; a sentence with a bar stays whole."""
    found = blocks("10 December 2025 | By Aigul Sadykova | 5 min read")
    assert [block.kind for block in found] == [Kind.DATE, Kind.BYLINE, Kind.FURNITURE]
    assert [block.kind for block in blocks("Snow | rain | wind over the steppe")] == [Kind.TEXT]


def test_the_head_of_a_letter_is_set_aside():
    """Its date is the page's; the same words further down are text."""
    found = blocks(
        "From: Desk <desk@letter.example>\nDate: Thu, 20 Nov 2025 06:00:00 +0600\n\nFrom: the text."
    )
    assert [block.kind for block in found] == [Kind.FURNITURE, Kind.DATE, Kind.TEXT]


@pytest.mark.parametrize(
    "line",
    ["Viewing results 1 – 6 of 2140", "Share this article", "Share: Facebook | Telegram", "Читать далее",
     "Tags: Osh, bridges", "4 min read", "Реклама", "Page 2 of 7", "© 2025 Steppe Letter", "Comments (3)",
     "Photo: Kabar", "Subscribe to our newsletter", "Facebook Twitter Telegram", "Жарнама", "Batafsil"],
)  # fmt: skip
def test_furniture_is_known(line):
    """Buttons, counters, labels and credits of web pages, in the languages of the region."""
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    ["Share prices rose in Almaty", "Next winter will be cold", "Search for the lost herd goes on",
     "Subscribers of the gas company protest", "Comments of the minister anger Naryn", "Photo exhibition opens",
     "Print shops close in Osh", "Previous winters were colder", "By the Numbers", "Читать умеют все"],
)  # fmt: skip
def test_a_newsroom_s_words_are_not(line):
    """A headline that begins like a button is a headline."""
    assert not is_furniture(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Aigul Sadykova", ("Aigul Sadykova",)),
        ("By Dana Akhmetova and Timur Lee", ("Dana Akhmetova", "Timur Lee")),
        ("by Aigul Sadykova in Osh", ("Aigul Sadykova",)),
        ("Автор: Наргиза Каримова", ("Наргиза Каримова",)),
        ("Muallif: Shahnoza Yusupova", ("Shahnoza Yusupova",)),
        ("By the Numbers", ()),
        ("By The Numbers", ()),
        ("By Land and Sea", ()),
        ("By 2030 the lake will be gone", ()),
    ],
)
def test_bylines_name_authors(line, expected):
    """Names with capitals after a word that says so; other lines have no authors."""
    assert authors(line) == expected


@pytest.mark.parametrize(("line", "drawn"), [("-----", True), ("* * *", True), ("—", False), ("a---", False)])
def test_rules_are_drawn(line, drawn):
    """Three signs or more, and no letter."""
    assert is_rule(line) is drawn
