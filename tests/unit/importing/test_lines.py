"""Lines and wrapped text."""

from __future__ import annotations

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from publisher.importing.lines import split_lines, unwrap, wrapped_width

PARAGRAPHS = [
    (
        "The bridge beside the bazaar in Osh has been shut to lorries since Monday, when engineers found cracks"
        " in three of its eleven pillars, and nobody will drive over it before spring, says the mayor's office."
    ),
    (
        "Until then the city asks drivers to use the northern ring road, which is longer by nine kilometres and"
        " has no lights, so that those who know it prefer to wait until the morning."
    ),
]


def test_lines_keep_their_number_and_the_empty_lines_before_them():
    """Numbers are those of the page, so that a mark can name them."""
    lines = split_lines("\nOne\u00a0 word\n\n\n    two\n")
    assert [(line.number, line.text, line.gap, line.indent) for line in lines] == [
        (2, "One word", 1, 0),
        (5, "two", 2, 4),
    ]


def test_wrapped_text_is_joined():
    """A page wrapped at 72 columns reads as the paragraphs it was."""
    wrapped = "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in PARAGRAPHS)
    lines = split_lines(wrapped)
    width = wrapped_width(lines)
    assert 60 < width <= 72
    assert [line.text for line in unwrap(lines, width)] == PARAGRAPHS


def test_a_web_page_is_not_wrapped():
    """Whole paragraphs on lines of their own are left as they are."""
    assert wrapped_width(split_lines("\n".join(PARAGRAPHS * 3))) == 0


def test_a_list_in_wrapped_text_stays_a_list():
    """An item begins anew; what did not fit on its line belongs to it."""
    item = textwrap.fill(PARAGRAPHS[1], 70, initial_indent="- ", subsequent_indent="  ")
    lines = split_lines(textwrap.fill(PARAGRAPHS[0], 72) + "\n\n" + item + "\n" + item)
    joined = unwrap(lines, wrapped_width(lines))
    assert [line.text for line in joined] == [PARAGRAPHS[0], f"- {PARAGRAPHS[1]}", f"- {PARAGRAPHS[1]}"]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=120), max_size=30))
def test_unwrapping_loses_nothing(texts):
    """Whatever the lines, all their words are there afterwards, in order."""
    lines = split_lines("\n".join(texts))
    before = "".join("".join(line.text.split()) for line in lines)
    for width in (wrapped_width(lines), 40):
        after = "".join("".join(line.text.split()) for line in unwrap(lines, width))
        assert after == before
