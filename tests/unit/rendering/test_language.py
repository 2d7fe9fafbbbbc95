"""Numbers, dates, names and furniture in the languages of the region."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from publisher.rendering.catalogue import fallbacks
from publisher.rendering.language import Language

DAY = date(2025, 12, 10)
LANGUAGES = ["en", "ru", "kk", "ky", "uz", "uz-Cyrl", "tg", "tk", "fa"]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "Wednesday 10 December 2025"),
        ("en-US", "Wednesday, December 10, 2025"),
        ("ru", "среда, 10 декабря 2025 г."),
        ("kk", "2025 ж. 10 желтоқсан, сәрсенбі"),
        ("uz-Cyrl", "чоршанба, 10 декабр, 2025"),
        ("tg", "Чоршанбе, 10 Декабр 2025"),
    ],
)
def test_long_date(tag, expected):
    """A date is written as its language writes it, whatever the machine's locale is."""
    assert " ".join(Language(tag).long_date(DAY).split()) == expected


def test_moment_is_told_in_the_publications_zone():
    """01:00 UTC is seven in the morning in Bishkek."""
    at = datetime(2025, 12, 10, 1, 0, tzinfo=UTC)

    assert Language("en").moment(at, "Asia/Bishkek") == "10 Dec 2025, 07:00"


@pytest.mark.parametrize(
    ("tag", "value", "expected"),
    [
        ("en", "0.0000826", "0.0000826"),
        ("en", "1234567.50", "1,234,567.50"),
        ("ru", "1234.50", "1 234,50"),
        ("fa", "0.01144", "0.01144"),
        ("en", "-3.5", "−3.5"),
    ],
)
def test_number_keeps_exactly_the_digits_given(tag, value, expected):
    """No digit is added or dropped; separators and the minus are the language's."""
    assert Language(tag).number(Decimal(value)).replace("\xa0", " ") == expected


@pytest.mark.parametrize(
    ("tag", "expected"), [("en", "−0.28%"), ("ru", "−0,28 %"), ("kk", "−0,28%"), ("fa", "−0.28%")]
)
def test_signed_percent(tag, expected):
    """A signed percentage has a real minus and the language's spacing."""
    assert Language(tag).percent(Decimal("-0.28"), signed=True).replace("\xa0", " ") == expected


def test_zero_percent_has_no_sign():
    """Nothing moved: no plus, no minus."""
    assert Language("en").percent(Decimal("0.00"), signed=True) == "0.00%"


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("code", ["KGS", "KZT", "TJS", "UZS", "TMT", "USD", "EUR", "RUB", "CNY"])
def test_every_currency_has_a_name(tag, code):
    """No reader is shown a bare code where a name belongs."""
    assert Language(tag).currency(code) != code
    assert Language(tag).currency_units(code) != code


def test_direction_and_sides():
    """Persian runs from right to left, and its lines begin on the right."""
    assert (Language("fa").direction, Language("fa").start, Language("fa").end) == ("rtl", "right", "left")
    assert (Language("tg").direction, Language("tg").start, Language("tg").end) == ("ltr", "left", "right")


def test_fallbacks_never_change_the_script():
    """Cyrillic Uzbek does not become Latin Uzbek for lack of a sentence."""
    assert fallbacks("ru-KZ") == ["ru-KZ", "ru"]
    assert fallbacks("uz-Cyrl-UZ") == ["uz-Cyrl-UZ", "uz-Cyrl"]


def test_what_no_catalogue_says_is_said_in_english():
    """A missing translation is the English sentence, filled in."""
    assert Language("tk").text("A sentence about {thing}", thing="bread") == "A sentence about bread"
