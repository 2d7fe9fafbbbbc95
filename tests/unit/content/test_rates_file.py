"""rates.yml, and where its numbers stand."""

import pytest

from publisher.content.rates_file import parse_rates
from publisher.errors import InputError

FILE = "issues/2025-12-10/rates.yml"


def test_every_value_knows_its_line_and_column():
    """Whether it is a field, in one line or in several, or a pasted ticker line; a repeat has the first place."""
    text = (
        "as_of: 2025-12-10\nquotes:\n  - • KGS/USD = 0.01144 0%\n  - { base: USD, quote: KZT, value: 518.10 }\n"
        "  - base: USD\n    quote: TJS\n    value: 9.2498\n  - KGS/USD = 0.01144 0%\n"
    )
    quotes = parse_rates(text, FILE).quotes
    assert [(q.pair, *q.place) for q in quotes] == [
        ("KGS/USD", FILE, 3, 5),
        ("USD/KZT", FILE, 4, 37),
        ("USD/TJS", FILE, 7, 12),
    ]


def test_a_file_without_quotes_is_no_fault():
    """An editor may only have written a note so far."""
    assert parse_rates("note: Market holiday.\n", FILE).quotes == ()


def test_half_a_number_is_never_taken_for_the_whole():
    """Between braces a comma ends a value: 12,024.50 would be twelve sums to the dollar, without a word."""
    with pytest.raises(InputError, match=r":2:40: quotes\.1\.value: would lose '024\.50'"):
        parse_rates("quotes:\n  - { base: USD, quote: UZS, value: 12,024.50 }\n", FILE)
    quoted = parse_rates('quotes:\n  - { base: USD, quote: UZS, value: "12,024.50" }\n', FILE)
    assert str(quoted.quotes[0].value) == "12024.50"


def test_bare_lines_are_told_where_they_belong():
    """Whoever pastes a page's ticker as it is needs no advice about titles."""
    with pytest.raises(InputError, match="must hold fields -> write lines such as quotes: and below it"):
        parse_rates("USD/KGS = 87.45\nUSD/KZT = 511.07\n", FILE)


def test_the_second_of_two_values_is_told_where_it_stands():
    """Among thirty lines nobody looks for it gladly."""
    text = "quotes:\n  - USD/KGS = 87.45\n  - USD/KZT = 511\n  - { base: USD, quote: KGS, value: 88.45 }\n"
    with pytest.raises(
        InputError, match=r":4:37: quotes\.3\.value: USD/KGS is 88\.45 here but 87\.45 in line 2"
    ):
        parse_rates(text, FILE)
