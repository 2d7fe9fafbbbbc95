"""Rates through a third currency: no digit more than both legs carry, and decrees kept."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from publisher.rates.collect import collect, wanted_pairs
from publisher.rates.crossing import crossed
from publisher.rates.gates import Circumstances
from publisher.rates.history import History
from publisher.rates.models import Kind, Quote, RatesFile
from publisher.rates.settings import RatesSettings
from publisher.rates.table import build_table

DAY = date(2025, 12, 9)


def quote(pair: str, value: str, day: date = DAY, source: str = "ECB") -> Quote:
    """Make an official quote."""
    base, other = pair.split("/")
    return Quote(base=base, quote=other, value=Decimal(value), as_of=day, source=source, kind=Kind.OFFICIAL)


def told(table) -> list[tuple[str, str]]:
    """Pair and value of each row."""
    return [(row.pair, str(row.value)) for row in table.rows]


def test_two_legs_make_a_pair_in_either_direction():
    """1.1642 x 87.4500 = 101.80929; the euro's fifth digit is the last that is sure."""
    for euro in (quote("EUR/USD", "1.1642"), quote("USD/EUR", "0.85896")):
        made = crossed(euro, quote("USD/KGS", "87.4500", source="NBKR"))
        assert made is not None
        assert (made.pair, str(made.stated), made.source) == ("EUR/KGS", "101.81", "ECB, NBKR")
        assert made.kind is Kind.MARKET  # it is nobody's official rate


def test_a_leg_with_too_few_digits_makes_nothing():
    """0.00008 dollars for a sum cannot be turned round, nor can what would go through it."""
    assert crossed(quote("EUR/USD", "1.1642"), quote("UZS/USD", "0.00008")) is None


def test_what_comes_to_no_rate_makes_nothing():
    """Two slips of the keyboard must not stop a publish."""
    assert crossed(quote("EUR/USD", "10000000000"), quote("USD/KGS", "10000000000")) is None


rates = st.decimals("0.00001", "20000", places=8).filter(lambda value: value > 0)


@given(rates, rates, st.sampled_from(["EUR/USD", "USD/EUR"]), st.sampled_from(["USD/KGS", "KGS/USD"]))
def test_a_crossed_value_is_right_and_never_finer_than_its_legs(first, second, one, other):
    """Against whole fractions; half a unit of its last digit covers whatever the two legs may be off by."""
    legs = quote(one, f"{first:f}"), quote(other, f"{second:f}")
    exact = Fraction(first) if one == "EUR/USD" else 1 / Fraction(first)
    exact *= Fraction(second) if other == "USD/KGS" else 1 / Fraction(second)
    assume(Fraction(1, 10**11) < exact < 10**11)
    made = crossed(*legs)
    turned = [leg for leg, wanted in zip(legs, ("EUR/USD", "USD/KGS"), strict=True) if leg.pair != wanted]
    if made is None:
        assert not all(leg.invertible for leg in turned)
        return
    assert abs(Fraction(made.value) / exact - 1) < Fraction(1, 10**18)
    error = sum(Fraction(leg.relative_error) for leg in legs)
    assert made.significant == 1 or Fraction(made.relative_error) >= error * Fraction("0.999999")


def test_the_manat_in_euros_goes_through_its_dollar_decree():
    """3.50 x 1.1642 = 4.0747, whatever a feed prints for EUR/TMT; the row says so and still moves."""
    settings = RatesSettings(base="EUR", currencies=("TMT",))
    earlier = [quote("EUR/USD", "1.1500", DAY - timedelta(1)), quote("EUR/TMT", "3.99", DAY - timedelta(1))]
    rates = RatesFile(quotes=(quote("EUR/USD", "1.1642"), quote("EUR/TMT", "4.01", source="feed")))
    table = build_table(rates, History().including(earlier), settings, DAY)
    row = table.rows[0]
    assert told(table) == [("EUR/TMT", "4.07")]
    assert (row.kind, row.fixed, row.source) == (Kind.PEG, False, "ECB, Central Bank of Turkmenistan")
    assert row.peg is not None
    assert (row.peg.anchor, str(row.peg.value)) == ("USD", "3.50")
    assert row.change is not None
    assert (str(row.change.percent), row.change.direction.value) == ("1.2", "weaker")  # 1.1642 / 1.15


def test_the_manat_in_euros_without_a_dollar_is_what_a_source_says():
    """A direct value is better than a hole."""
    rates = RatesFile(quotes=(quote("EUR/TMT", "4.0100", source="feed"),))
    table = build_table(rates, History(), RatesSettings(base="EUR", currencies=("TMT",)), DAY)
    assert told(table) == [("EUR/TMT", "4.01")]
    assert table.rows[0].peg is None


def test_an_editors_dollar_rates_fill_a_table_in_euros():
    """What nobody quotes in euros is computed through the dollar, and its past as well."""
    values = {"USD/KGS": "87.4500", "USD/UZS": "12009.24", "EUR/USD": "1.16420"}
    now = RatesFile(quotes=tuple(quote(pair, value) for pair, value in values.items()))
    past = [quote(pair, value, DAY - timedelta(1)) for pair, value in values.items()]
    table = build_table(
        now, History().including(past), RatesSettings(base="EUR", currencies=("KGS", "UZS")), DAY
    )
    assert told(table) == [("EUR/KGS", "101.81"), ("EUR/UZS", "13981")]
    assert [row.through for row in table.rows] == ["USD", "USD"]
    assert [row.change and row.change.direction.value for row in table.rows] == ["unchanged"] * 2


class Desk:
    """A source that knows some pairs and notes what it was asked."""

    title, latest_only = "desk", False

    def __init__(self, *quotes: Quote) -> None:
        self.quotes, self.asked = quotes, []

    def fetch(self, pairs, _day, _client):
        """Answer what it knows of the pairs."""
        self.asked.append([str(pair) for pair in pairs])
        wanted = [set(pair) for pair in pairs]
        return tuple(q for q in self.quotes if {q.base, q.quote} in wanted)


def test_for_a_peg_in_another_base_its_anchor_is_asked_for():
    """EUR/USD is the first leg of EUR/TMT."""
    settings = RatesSettings(base="EUR", currencies=("KGS", "TMT"))
    assert list(map(str, wanted_pairs(settings, DAY))) == ["EUR/KGS", "EUR/USD"]


def test_what_nobody_quotes_is_asked_for_on_its_other_ways():
    """No EUR/UZS anywhere, but EUR/USD and USD/UZS: nothing is missing, and nothing is asked twice."""
    desk = Desk(quote("EUR/USD", "1.1642"), quote("USD/UZS", "12009.24"), quote("EUR/KGS", "101.79"))
    settings = RatesSettings(base="EUR", currencies=("KGS", "UZS"))
    found = collect([desk], Circumstances(History(), settings, DAY), client=None, compare=False)
    assert desk.asked == [["EUR/KGS", "EUR/UZS"], ["EUR/USD", "USD/UZS"]]
    assert found.findings == []
    assert sorted(q.pair for q in found.quotes) == ["EUR/KGS", "EUR/USD", "USD/UZS"]


def test_a_currency_that_no_way_leads_to_is_missing():
    """In the table's own words, not in those of a leg."""
    settings = RatesSettings(base="EUR", currencies=("UZS",))
    found = collect([Desk()], Circumstances(History(), settings, DAY), client=None)
    assert [(f.field, f.code) for f in found.findings] == [("EUR/UZS", "R312")]
