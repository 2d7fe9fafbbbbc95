"""rates.yml, and where its numbers stand."""

from publisher.content.rates_file import parse_rates

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
