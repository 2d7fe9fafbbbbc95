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
        ("ky", "2025-ж., 10-декабрь, шаршемби"),
        ("uz", "2025-yil 10-dekabr, chorshanba"),
        ("uz-Cyrl", "2025 йил 10 декабрь, чоршанба"),
        ("tg", "Чоршанбе, 10 декабри соли 2025"),
        ("tk", "10 dekabr 2025, çarşenbe"),
        ("fa", "چهارشنبه 10 دسامبر 2025"),
    ],
)
def test_long_date(tag, expected):
    """A date is written as its language writes it, whatever the machine's locale is."""
    assert " ".join(Language(tag).long_date(DAY).split()) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", ["1 May 2026", "1 May", "May"]),
        ("ru", ["1 мая 2026 г.", "1 мая", "Май"]),
        ("kk", ["2026 ж. 1 мамыр", "1 мам.", "Мамыр"]),
        ("ky", ["2026-ж., 1-май", "1-май", "Май"]),
        ("uz", ["2026-yil 1-may", "1-may", "May"]),
        ("uz-Latn-UZ", ["2026-yil 1-may", "1-may", "May"]),
        ("uz-Cyrl", ["2026 йил 1 май", "1 май", "Май"]),
        ("tg", ["1 майи 2026", "1 май", "Май"]),
        ("tk", ["1 maý 2026", "1 maý", "Maý"]),
        ("fa", ["1 مه 2026", "1 مه", "مه"]),
    ],
)
def test_shorter_dates(tag, expected):
    """With the year, without it, and the month alone: no nought before the day, no CLDR misspelling."""
    day, language = date(2026, 5, 1), Language(tag)
    written = [language.medium_date(day), language.short_date(day), language.month(day)]
    assert [" ".join(said.split()) for said in written] == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2025, 12, 10), "Курсы на 10 дек. 2025 г."), (None, "Курсы на Ltd.")],
)
def test_a_sentence_has_one_full_stop(day, expected):
    """What ends in a full stop itself, a Russian year or a company, brings no second one."""
    language = Language("ru")
    said = language.text("Rates of {date}.", date=language.medium_date(day) if day else "Ltd.")
    assert " ".join(said.split()) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "tenge weaker 1.4%"),
        ("ru", "тенге слабее на 1,4 %"),
        ("kk", "теңге 1,4%-ға әлсіреді"),
        ("ky", "теңге 1,4%га алсырады"),
        ("uz", "tenge 1,4%ga zaiflashdi"),
        ("uz-Cyrl", "тенге 1,4%га заифлашди"),
        ("tg", "танга 1,4% заиф шуд"),
        ("tk", "teňňe 1,4 % gowşady"),
        ("fa", "تنگه 1.4% تضعیف شد"),
    ],
)
def test_a_change_in_words(tag, expected):
    """Each language puts noun, percentage and verb in its own order and its own case."""
    language = Language(tag)
    phrase = language.text("weaker {percent}", percent=language.percent(Decimal("1.4")))
    assert f"{language.currency_noun('KZT')} {phrase}".replace("\xa0", " ") == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("en", "US dollars"), ("ru", "Доллары США"), ("kk", "АҚШ доллары"), ("tg", "Доллари ИМА")],
)
def test_a_column_is_headed_by_a_noun_of_its_own(tag, expected):
    """Not by the case that follows a number: `доллара США`."""
    assert Language(tag).currency_heading("USD") == expected


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
    assert fallbacks("uz-Latn-UZ") == ["uz-Latn-UZ", "uz-Latn", "uz"]
    assert fallbacks("kk-Latn") == ["kk-Latn"]


def test_what_no_catalogue_says_is_said_in_english():
    """A missing translation is the English sentence, filled in."""
    assert Language("tk").text("A sentence about {thing}", thing="bread") == "A sentence about bread"


def test_a_list_has_the_comma_of_its_script():
    """Persian sets its own comma; nothing stands for what is empty."""
    assert Language("ru").listed("Энергетика", "", "Кыргызстан") == "Энергетика, Кыргызстан"
    assert Language("fa").listed("انرژی", "قرقیزستان") == "انرژی، قرقیزستان"
