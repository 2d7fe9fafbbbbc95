"""The rates in a feed: words and cells that mean the same without any style."""

from __future__ import annotations

from datetime import timedelta

from letter_samples import DAY, per_base, rate

from publisher.rates.models import RatesTable
from publisher.rendering.feed_rates import rates_words
from publisher.rendering.language import Language

EN = Language("en")


def test_the_sentence_names_number_unit_move_and_day():
    """The first row is the one that readers look for."""
    words = rates_words(RatesTable(rows=per_base().rows[1:], as_of=DAY, sources=("NBK",)), EN)
    assert words.sentence == "1 USD is worth 518.10 Kazakh tenge: tenge weaker 1.71% since 9 Dec 2025."
    assert words.caption == (
        "Exchange rates: the second currency for one unit of the first, Wednesday 10 December 2025. Source: NBK"
    )


def test_nothing_is_claimed_that_nobody_gave():
    """No earlier value: no move; no day and no source: none named."""
    first = rate("USD", "KZT", "KZT", "518.10", "0", change=None)
    words = rates_words(RatesTable(rows=(first,)), EN)
    assert words.sentence == "1 USD is worth 518.10 Kazakh tenge."
    assert words.caption == "Exchange rates: the second currency for one unit of the first"


def test_a_row_of_an_older_day_says_so():
    """A holiday at one bank must not look like a quiet day."""
    old = rate("USD", "KZT", "KZT", "518.10", "0", stale=True, as_of=DAY - timedelta(2))
    words = rates_words(RatesTable(rows=(old,), as_of=DAY), EN)
    assert words.rows[0][-1].endswith(" (as of 8 Dec 2025)")


def test_few_digits_are_marked_and_the_mark_is_explained():
    """As in the letter and on the page; the editor's own remark comes after."""
    rough = rate("KGS", "USD", "KGS", "0.011", "0", imprecise=True, change=None)
    words = rates_words(RatesTable(rows=(rough,), note="By hand."), EN)
    assert words.rows[0][1] == "≈ 0.011"
    assert words.sentence == "1 KGS is worth ≈ 0.011 US dollars."
    assert words.note == "≈ marks a value that its source gives with few digits. By hand."
