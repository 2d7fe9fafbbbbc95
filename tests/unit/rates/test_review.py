"""An issue's rates.yml on the copy desk."""

from datetime import date, timedelta
from decimal import Decimal

from publisher.content.rates_file import parse_rates
from publisher.rates.gates import Circumstances
from publisher.rates.history import History
from publisher.rates.models import Kind, Quote, RatesFile
from publisher.rates.review import review
from publisher.rates.settings import RatesSettings

DAY = date(2026, 4, 2)  # a Thursday


def quote(value: str, local: str = "UZS", *, base: str = "USD", age: int = 0, **fields) -> Quote:
    """Make a bank's quote of so many days ago."""
    fields = {"source": "CBU", "kind": Kind.OFFICIAL, "as_of": DAY - timedelta(age)} | fields
    return Quote(base=base, quote=local, value=Decimal(value), **fields)


def around(*past: Quote, **settings) -> Circumstances:
    """Make a memory and limits."""
    return Circumstances(History().including(past), RatesSettings(**settings), DAY, "rates.yml")


def told(findings) -> list[tuple[str, str]]:
    """Code and sentence of each finding."""
    return [(finding.code, finding.message) for finding in findings]


def test_a_file_is_reviewed_without_what_its_editor_accepted():
    """What she has vouched for, by pair and code, is not asked again; the rest is."""
    past = (quote("10000", age=1), quote("500.00", "KZT", age=1))
    typed = {
        "as_of": DAY,
        "quotes": ["USD/UZS = 12000", "USD/KZT = 600.00"],
        "accepted": [{"pair": "UZS/USD", "code": "R302", "at": DAY}],
    }
    found = review(RatesFile.model_validate(typed), around(*past, currencies=("UZS", "KZT")))
    assert [(f.path, f.field, f.code, f.severity.value) for f in found] == [
        ("rates.yml", "USD/KZT", "R302", "warning")
    ]
    assert found[0].hint.endswith("add accepted: [{pair: USD/KZT, code: R302, at: 2026-04-02}]")


def test_values_without_a_day_are_told():
    """No change can be told of a value that holds for no day."""
    found = review(RatesFile.model_validate({"quotes": ["USD/KZT = 511.00"]}), around(currencies=("KZT",)))
    assert [f.code for f in found] == ["R313"]


def test_a_currency_without_a_value_is_told():
    """A hole at the top is seen before readers see it; the manat has its decree."""
    found = review(RatesFile.model_validate({"as_of": DAY, "quotes": ["USD/KGS = 87.45"]}), around())
    assert [(f.code, f.field, f.severity.value) for f in found] == [
        ("R314", "USD/KZT", "warning"),
        ("R314", "USD/TJS", "warning"),
        ("R314", "USD/UZS", "warning"),
    ]


def test_an_issue_without_rates_is_told_once():
    """As a note, with the command; a publication that wants no table names no currencies."""
    found = review(RatesFile(), around())
    assert [(f.code, f.severity.value, f.hint) for f in found] == [
        ("R314", "note", "fetch them with: publisher rates update 2026-04-02")
    ]
    assert review(RatesFile(), around(currencies=())) == ()


def test_a_currency_with_a_slip_in_its_code_is_found_where_it_was_typed():
    """`USD/KAZ` for the tenge: the row is missing, and the line that was meant for it is named."""
    rates = parse_rates(
        "as_of: 2026-04-02\nquotes:\n  - USD/UZS = 12000\n  - USD/KAZ = 518.10\n", "rates.yml"
    )
    (found,) = review(rates, around(currencies=("UZS", "KZT")))
    assert str(found) == "rates.yml:4:5: USD/KZT: has no value -> is KAZ a slip for it?"
