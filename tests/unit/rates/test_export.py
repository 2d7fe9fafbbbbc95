"""Files for others to use."""

import json
from datetime import date
from decimal import Decimal

from publisher.rates.export import export_rates
from publisher.rates.history import History, from_csv
from publisher.rates.models import Kind, Quote, RatesFile
from publisher.rates.settings import RatesSettings
from publisher.rates.table import build_table


def quote(day: int, value: str) -> Quote:
    """Make a bank's quote of a day in December 2025."""
    when = date(2025, 12, day)
    return Quote(base="USD", quote="KZT", value=Decimal(value), as_of=when, source="NBK", kind=Kind.OFFICIAL)


def test_the_table_and_its_history_are_given_away_digit_for_digit():
    """Values are strings, so that 518.10 stays 518.10 in every program."""
    history = History((quote(9, "511.00"), quote(10, "518.10"), quote(11, "519.00")))
    rates = RatesFile(quotes=(quote(10, "518.10"),), note="Курс НБК")
    table = build_table(rates, history, RatesSettings(currencies=("KZT",)), date(2025, 12, 10))
    files = export_rates(table, history)
    document = json.loads(files["rates.json"])
    change = {"currency": "KZT", "direction": "weaker", "percent": "1.39", "since": "2025-12-09"}
    assert (document["as_of"], document["note"]) == ("2025-12-10", "Курс НБК")
    assert [(row["pair"], row["value"], row["change"]) for row in document["rates"]] == [
        ("USD/KZT", "518.10", change)
    ]
    assert from_csv(files["rates.csv"].decode()).quotes == history.quotes[:2]
    assert files == export_rates(table, history)
