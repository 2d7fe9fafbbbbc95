"""`publisher rates` on wide and narrow terminals."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from publisher.cli.rates_table import layout
from publisher.rates.history import History
from publisher.rates.models import Quote, RatesFile, RatesTable
from publisher.rates.settings import RatesSettings
from publisher.rates.table import build_table
from publisher.rendering.language import Language

DAY = date(2025, 12, 10)
NARROW = """\
USD/KGS      87.45   – no earlier value
USD/KZT     518.10   ▼ tenge weaker 1.40%
USD/UZS  12,009.24   ▲ sum stronger 0.10%
USD/TMT       3.50   ● fixed since 1 Jan 2015
Since 9 Dec
10 Dec 2025. NBKR, NBK, Central Bank of Turkmenistan"""


def quote(local: str, value: str, age: int = 0) -> Quote:
    """Make the rate of a day."""
    source = "NBKR" if local == "KGS" else "NBK"
    return Quote(base="USD", quote=local, value=Decimal(value), as_of=DAY - timedelta(age), source=source)


def table() -> RatesTable:
    """Make four rows: without a past, with forty days, with two, and decreed."""
    past = [quote("KZT", f"{510.9467 - n % 5:.4f}", n) for n in range(1, 40)]
    past[0] = quote("KZT", "510.9467", 1)
    rates = RatesFile(quotes=(quote("KGS", "87.4500"), quote("KZT", "518.1000"), quote("UZS", "12009.24")))
    settings = RatesSettings(currencies=("KGS", "KZT", "UZS", "TMT"))
    return build_table(rates, History().including([*past, quote("UZS", "12021.27", 1)]), settings, DAY)


def drawn(width: int, *, colour: bool = False) -> list[str]:
    """Lay the table out in English."""
    return list(layout(table(), Language("en"), width, colour=colour))


@pytest.mark.parametrize("width", [1000, 100, 80, 72, 60, 50, 40])
def test_the_table_is_as_wide_as_there_is_room(width):
    """No row wraps, no pair and no figure is lost, and everybody is told since when."""
    lines = drawn(width)
    assert max(map(len, lines[:4])) <= width
    text = "\n".join(lines)
    assert all(said in text for said in ("87.45", "518.10", "weaker 1.40%", "12,009.24", "9 Dec"))


def test_days_are_drawn_where_eight_of_them_fit():
    """Thirty where nobody counts, fewer on a terminal, none in a narrow one; the newest is the last."""
    counts = [sum(char in "▁▂▃▄▅▆▇" for char in drawn(width)[1]) for width in (1000, 80, 70, 60)]
    assert counts == [30, 23, 13, 0]


def test_a_narrow_terminal_tells_the_day_once():
    """Below the rows, whose words still name who moved."""
    assert "\n".join(drawn(50)) == NARROW


def test_colour_stands_beside_the_word_and_only_where_it_is_wanted():
    """Red for weaker, green for stronger; nothing for what stands still."""
    assert "\x1b" not in "".join(drawn(80))
    coloured = [line for line in drawn(80, colour=True) if "\x1b" in line]
    assert [line.split()[0] for line in coloured] == ["USD/KZT", "USD/UZS"]
