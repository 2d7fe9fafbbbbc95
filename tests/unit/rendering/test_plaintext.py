"""The text part: Markdown tokens on 72 columns, as the eye measures them."""

from __future__ import annotations

import pytest
from builders import issue
from hypothesis import given
from hypothesis import strategies as st
from letter_samples import built, example, hostile, per_base, russian, site

from publisher.content.markup import parse
from publisher.rendering.digest import build_digest
from publisher.rendering.flowed import WIDTH, Line, display_width, flowed, wrap
from publisher.rendering.models import Edition
from publisher.rendering.plaintext import Footnotes, text_lines


def written(markdown):
    """Write Markdown as mail text, without the blanks at line ends."""
    notes = Footnotes("https://x.example/")
    text = flowed(text_lines(parse(markdown), notes))
    return "\n".join(line.rstrip() for line in text.splitlines()), notes.addresses


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("One **two** _three_ `four` ~~five~~.", "One *two* _three_ four ~five~."),
        ("## A heading", "A heading\n---------"),
        ("- one\n- two", "  - one\n  - two"),
        ("3. three\n4. four", "  3. three\n  4. four"),
        ("- one\n  - inner\n- two", "  - one\n     - inner\n  - two"),
        ("> said\n> so\n\nafter", "> said so\n\nafter"),
        ("> outer\n>\n> > inner", "> outer\n>\n>> inner"),
        ("```\ncode here\n```", "     code here"),
        (f"    {'x' * 70}", f"     {'x' * 67}\n     xxx"),
        ("***", "* * *"),
        ("![A dam](dam.png)", "[A dam]"),
    ],
)
def test_blocks(markdown, expected):
    """Each block has its plain form; a list begins with a blank that format=flowed doubles."""
    assert written(markdown)[0] == expected


def test_links_are_numbered_once():
    """The same address has the same number; relative ones are made absolute; a bare address needs none."""
    text, addresses = written("[a](/x) [b](https://y.example/) [c](/x) <https://z.example/>")

    assert text == "a [1] b [2] c [1] https://z.example/"
    assert addresses == ["https://x.example/x", "https://y.example/"]


def test_an_address_of_mail_can_be_written_to():
    """What a link would write into the new letter does not stand behind it; told in words, it needs no number."""
    text, addresses = written(
        "[us](mailto:a@b.example?subject=An%20idea) [c@b.example](mailto:c@b.example?cc=d@b.example)"
    )

    assert text == "us [1] c@b.example"
    assert addresses == ["a@b.example"]


def test_a_table_is_columns_if_they_fit():
    """Columns line up, and those the author set right stand right."""
    text, _ = written("| Step | Paid |\n|---|---:|\n| Now | 7 |\n| Later | 112 |")

    assert text == "Step   Paid\n-----  ----\nNow       7\nLater   112"


def test_a_wide_table_is_told_row_by_row():
    """What does not fit side by side is told as head and value."""
    wide = "word " * 8
    text, _ = written(f"| A | B |\n|---|---|\n| {wide} | {wide} |")

    assert text.splitlines()[0] == f"A: {wide.strip()}"
    assert text.splitlines()[1] == f"B: {wide.strip()}"


def test_paragraphs_are_soft_and_lists_hard():
    """A paragraph's lines end in a blank but for its last; a list's never do."""
    text = flowed(text_lines(parse("word " * 30 + "\n\n- " + "word " * 30), Footnotes("")))
    lines = text.splitlines()

    assert [line.endswith(" ") for line in lines] == [True, True, False, False, False, False, False]


@pytest.mark.parametrize("start", ["From here", ">quoted", " indented"])
def test_lines_that_a_client_would_misread_are_stuffed(start):
    """RFC 3676, 4.4: a blank goes before `From `, `>` and a blank."""
    assert flowed([Line(start)]) == f" {start}\n"


@pytest.mark.parametrize(
    "markdown",
    ["- " + "a" * 300, "- a\n  - b\n    - " + "c" * 300, "```\n" + "d" * 300 + "\n```", "&gt;" + "e" * 300],
)
def test_the_stuffed_blank_is_counted(markdown):
    """As it goes over the wire, no line is wider than 72 columns."""
    text, _ = written(markdown)

    assert {display_width(line.rstrip()) <= WIDTH for line in text.splitlines()} == {True}


def test_a_picture_without_words_leaves_no_trace():
    """Empty brackets would tell nobody anything."""
    assert written("One ![](x.png) two.\n\n![](y.png)\n\nThree.")[0] == "One two.\n\nThree."


def test_wide_scripts_are_measured_as_the_eye_does():
    """Chinese takes two columns a sign and breaks between any two, but not before a full stop."""
    lines = wrap("汉" * 35 + "字。" + "文" * 40)

    assert [display_width(line.text) for line in lines] == [70, 72, 12]
    assert not any(line.text.startswith("。") or line.soft for line in lines)


def test_combining_marks_take_no_room_and_stay_with_their_letter():
    """A letter of many marks is as wide as the letter."""
    lines = wrap("e\u0301" * 100)

    assert [display_width(line.text) for line in lines] == [72, 28]
    assert not lines[1].text.startswith("\u0301")


def test_an_address_is_never_broken():
    """However long: a broken address leads nowhere."""
    address = "https://x.example/" + "a" * 200

    assert [line.text for line in wrap(f"see {address} there")] == ["see", address, "there"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=400))
def test_no_word_is_lost_and_no_line_too_wide(text):
    """Whatever the text: the same signs in the same order, and 72 columns unless it is an address."""
    lines = wrap(text)

    assert "".join("".join(line.text.split()) for line in lines) == "".join(text.split())
    assert all(display_width(line.text) <= WIDTH for line in lines if "@" not in text and "://" not in text)


@pytest.mark.parametrize("make", [example, russian, hostile], ids=lambda make: make.__name__)
def test_a_letters_lines_are_72_wide(make):
    """Only addresses are longer; no line nears the 998 octets of RFC 5322."""
    text = built(make).text

    assert all(display_width(line.rstrip()) <= WIDTH for line in text.splitlines() if "://" not in line)
    assert max(len(line.encode()) for line in text.splitlines()) < 998


def test_rates_line_up():
    """Pairs, values, changes and days stand in columns; signs are ASCII."""
    edition = Edition(issue(), per_base())
    text = build_digest(site(edition), edition).text

    rows = [line for line in text.splitlines() if line.startswith("USD/")]

    assert [row[:37].rstrip() for row in rows] == [
        "USD/KGS  =      87.45       unchanged",
        "USD/KZT  =     518.10    weaker 1.71%",
        "USD/TJS  =     9.2498    weaker 0.30%",
        "USD/UZS  =  12,009.24  stronger 0.07%",
        "USD/TMT  =       3.50           fixed",
    ]
    assert {len(row[39:]) for row in rows} == {29}
