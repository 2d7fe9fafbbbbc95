"""How a publication speaks: furniture text, numbers, dates and currency names of its language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

_CURRENCIES = {
    "KGS": "Kyrgyz som",
    "KZT": "Kazakh tenge",
    "TJS": "Tajik somoni",
    "UZS": "Uzbek sum",
    "TMT": "Turkmen manat",
}


@dataclass(frozen=True)
class Language:
    """One language by its BCP 47 tag."""

    tag: str

    @cached_property
    def locale(self) -> Locale:
        """The CLDR locale."""
        return Locale.parse(self.tag, sep="-")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as in HTML's dir attribute."""
        return self.locale.text_direction

    def text(self, message: str, **values: object) -> str:
        """Say a piece of furniture: the English message is the key; `{name}` is filled in."""
        return message.format(**values) if values else message

    def long_date(self, day: date) -> str:
        """`Wednesday 10 December 2025`, as the language writes it."""
        return format_date(day, "full", locale=self.locale)

    def medium_date(self, day: date) -> str:
        """`10 Dec 2025`, as the language writes it."""
        return format_date(day, "medium", locale=self.locale)

    def moment(self, at: datetime, timezone: str) -> str:
        """`10 Dec 2025, 07:00` in the publication's zone."""
        return format_datetime(at.astimezone(ZoneInfo(timezone)), "medium", locale=self.locale)

    def number(self, value: Decimal) -> str:
        """All digits of the value and no more, grouped as the language does."""
        places = max(0, -int(value.as_tuple().exponent))
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return format_decimal(value, format=pattern, locale=self.locale)

    def currency(self, code: str) -> str:
        """`Kyrgyz som`."""
        return _CURRENCIES.get(code) or self.locale.currencies.get(code, code)
