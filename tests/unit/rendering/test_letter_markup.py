"""An article's HTML in the forms that hold in mail clients."""

from __future__ import annotations

import pytest

from publisher.rendering.letter_markup import MOST_COLUMNS, Picture, for_letter


def letter(safe_html: str, **pictures: Picture) -> str:
    """Rewrite for a letter that has these pictures at hand."""
    return str(for_letter(safe_html, lambda src, _alt: pictures.get(src)))


def wide_table(columns: int) -> str:
    """Make a table of one row, its columns called by their letters."""
    names = "ABCDEFGHIJ"[:columns]
    heads = "".join(f"<th>{name}</th>" for name in names)
    cells = "".join(f"<td>{name.lower()}</td>" for name in names)
    return f"<table><tr>{heads}</tr><tr>{cells}</tr></table>"


def test_a_table_that_a_telephone_can_hold_stays_a_table():
    """Its heads say that they are heads of columns."""
    told = letter(wide_table(MOST_COLUMNS))
    assert told.count('scope="col"') == MOST_COLUMNS
    assert "<ul>" not in told


def test_a_table_too_wide_is_told_row_by_row_and_loses_no_cell():
    """Each cell after the name of its column."""
    told = letter(wide_table(MOST_COLUMNS + 1) + "<p>after</p>")
    items = "".join(f"<li><strong>{name}:</strong> {name.lower()}</li>" for name in "ABCDEFG")
    assert told == f"<div><ul>{items}</ul></div><p>after</p>"


def test_a_column_without_a_name_is_told_without_one():
    """No lonely colon."""
    told = letter(wide_table(7).replace("<th>C</th>", "<th></th>"))
    assert "<li>c</li>" in told
    assert "<strong>:</strong>" not in told


def test_an_empty_head_is_no_head():
    """A screen reader would announce a column without a name."""
    assert '<th scope="col">A</th>' in letter("<table><tr><th></th><th>A</th></tr></table>")
    assert letter("<table><tr><th></th><th>A</th></tr></table>").count("<th") == 1


def test_a_picture_at_hand_is_drawn_at_its_size():
    """Nothing of what the author's HTML said of it is left but the words."""
    told = letter(
        '<img src="dam.jpg" alt="A dam" title="x">', **{"dam.jpg": Picture("cid:dam", "A dam", 560, 280)}
    )
    assert told == '<img class="pic" src="cid:dam" alt="A dam" width="560" height="280">'


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            '<p>See <img src="https://elsewhere.example/a.png" alt="a map"> here.</p>',
            '<p>See <a href="https://elsewhere.example/a.png">a map</a> here.</p>',
        ),
        (
            '<p><img src="https://elsewhere.example/a.png" alt=""></p>',
            '<p><a href="https://elsewhere.example/a.png">https://elsewhere.example/a.png</a></p>',
        ),
        (
            '<p><a href="https://b.example/"><img src="https://elsewhere.example/a.png" alt="a map"></a></p>',
            '<p><a href="https://b.example/"><span>a map</span></a></p>',
        ),
    ],
)
def test_a_picture_from_elsewhere_tells_nobody_who_reads(given, expected):
    """It becomes a link, or the words of the link that it stood in; the words after it stay."""
    assert letter(given) == expected


def test_a_link_without_words_shows_its_address():
    """Nothing to click on is nothing at all."""
    assert letter('<p><a href="https://b.example/"> </a></p>') == (
        '<p><a href="https://b.example/">https://b.example/</a></p>'
    )


def test_a_quotation_is_a_table_of_one_cell():
    """Word draws no border on a paragraph; the last paragraph has no space below."""
    told = letter("<blockquote><p>One.</p><p>Two.</p></blockquote>")
    assert told.startswith('<table role="presentation"')
    assert told.endswith('<td class="qb"><p>One.</p><p class="ql">Two.</p></td></tr></table>')


def test_headings_continue_the_outline_of_the_letter():
    """Whatever levels an author used: h3 and h4, none skipped."""
    assert letter("<h2>A</h2><h5>B</h5><h6>C</h6>") == "<h3>A</h3><h4>B</h4><h4>C</h4>"
    assert letter("") == ""
    assert str(for_letter("<h4>A</h4><h6>B</h6>", lambda *_: None, top_heading=2)) == "<h2>A</h2><h3>B</h3>"
