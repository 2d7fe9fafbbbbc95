"""How a publication speaks: furniture text, numbers, dates and currency names of its language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, get_currency_name

from publisher.rendering.catalogue import catalogue

MINUS = "\u2212"
"""The sign that is as wide as a plus and is never broken from its number."""

# English without a region writes the day before the month and a day of 24 hours, as its readers do.
_LOCALES: Mapping[str, str] = MappingProxyType({"en": "en-GB"})
_LONG_DATES: Mapping[str, str] = MappingProxyType({"en": "EEEE d MMMM y"})

_PLAIN = timedelta(days=180)
"""Within half a year of a date that is told, a day and a month mean one day only."""


@dataclass(frozen=True)
class Language:
    """One language by its BCP 47 tag. Digits are Latin in all: they stand beside ISO codes."""

    tag: str

    @cached_property
    def locale(self) -> Locale:
        """The CLDR locale."""
        return Locale.parse(_LOCALES.get(self.tag, self.tag), sep="-")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as in HTML's dir attribute."""
        return self.locale.text_direction

    @property
    def start(self) -> str:
        """The side where a line begins; mail clients know no logical properties."""
        return "right" if self.direction == "rtl" else "left"

    @property
    def end(self) -> str:
        """The side where a line ends."""
        return "left" if self.direction == "rtl" else "right"

    def text(self, message: str, **values: object) -> str:
        """Say a piece of furniture: the English message is the key; `{name}` is filled in."""
        said = catalogue(self.tag).gettext(message)
        return said.format(**values) if values else said

    def count(self, one: str, many: str, number: int) -> str:
        """`1 story`, `5 stories`: the language's own plural; `{count}` is filled in."""
        return catalogue(self.tag).ngettext(one, many, number).format(count=number)

    def long_date(self, day: date) -> str:
        """`Wednesday 10 December 2025`, as the language writes it."""
        return format_date(day, _LONG_DATES.get(self.tag, "full"), locale=self.locale)

    def medium_date(self, day: date) -> str:
        """`10 Dec 2025`, as the language writes it."""
        return format_date(day, "medium", locale=self.locale)

    def short_date(self, day: date, near: date | None = None) -> str:
        """`10 Dec`, as the language writes it; with its year when that is not plain from a day `near`."""
        if near and abs(day - near) > _PLAIN:
            return self.medium_date(day)
        pattern = self.locale.datetime_skeletons.get("MMMd")
        return format_date(day, str(pattern.pattern) if pattern else "d MMM", locale=self.locale)

    def month(self, day: date) -> str:
        """`December`, as the language writes it alone at the head of a list."""
        return format_date(day, "LLLL", locale=self.locale)

    def month_and_year(self, day: date) -> str:
        """`December 2025`, as the language writes it alone."""
        pattern = self.locale.datetime_skeletons.get("yMMMM")
        return format_date(day, str(pattern.pattern) if pattern else "LLLL y", locale=self.locale)

    def span(self, first: date, last: date) -> str:
        """`10 Dec 2025 – 3 Jan 2026`."""
        days = (self.medium_date(first), self.medium_date(last))
        return " – ".join(dict.fromkeys(days))

    def moment(self, at: datetime, timezone: str) -> str:
        """`10 Dec 2025, 07:00` in the publication's zone."""
        local = at.astimezone(ZoneInfo(timezone))
        return f"{self.medium_date(local.date())}, {format_time(local.time(), 'short', locale=self.locale)}"

    @staticmethod
    def sentence(text: str) -> str:
        """Begin with a capital: many languages write dates small, but not at the top of a letter."""
        return text[:1].upper() + text[1:]

    def number(self, value: Decimal) -> str:
        """All digits of the value and no more, grouped as the language does."""
        places = max(0, -int(value.as_tuple().exponent))
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return format_decimal(value, format=pattern, locale=self.locale).replace("-", MINUS)

    def percent(self, value: Decimal, *, signed: bool = False) -> str:
        """`0.28%`, or signed `+0.28%` and `−0.28%`; the sign and spacing are the language's."""
        sign = ("+" if value > 0 else MINUS if value < 0 else "") if signed else ""
        template = str(self.locale.percent_formats[None].pattern)  # '#,##0%', '#,##0 %', '%#,##0'
        return sign + template.replace("#,##0", self.number(abs(value)))

    def currency(self, code: str) -> str:
        """`Kyrgyz som`."""
        said = catalogue(self.tag).pgettext("currency", code)
        return said if said != code else self.locale.currencies.get(code, code)

    def currency_unit(self, code: str) -> str:
        """`US dollar`: one of them, in the middle of a sentence."""
        said = catalogue(self.tag).pgettext("currency", code)
        return said if said != code else get_currency_name(code, count=1, locale=self.locale)

    def currency_units(self, code: str) -> str:
        """`US dollars`: how the unit is called after a number such as 0.01144."""
        said = catalogue(self.tag).pgettext("currency units", code)
        return said if said != code else get_currency_name(code, count=Decimal("0.5"), locale=self.locale)

    def currency_noun(self, code: str) -> str:
        """`som`: the currency's everyday name, as in 'som weaker 0.28%'."""
        said = catalogue(self.tag).pgettext("currency noun", code)
        return said if said != code else self.currency(code)
