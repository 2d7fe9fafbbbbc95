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
from babel.dates import format_time
from babel.numbers import format_decimal, get_currency_name

from publisher.rendering import dates
from publisher.rendering.catalogue import catalogue

MINUS = "\u2212"
"""The sign that is as wide as a plus and is never broken from its number."""

# English without a region writes the day before the month and a day of 24 hours, as its readers do.
_LOCALES: Mapping[str, str] = MappingProxyType({"en": "en-GB"})

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

    def listed(self, *names: str) -> str:
        """`Energy, Kyrgyzstan`: with the comma of the script; what is empty is left out."""
        return ("، " if self.direction == "rtl" else ", ").join(filter(None, names))

    def text(self, message: str, **values: object) -> str:
        """Say a piece of furniture: the English message is the key; `{name}` is filled in.

        What ends in a full stop (`10 дек. 2025 г.`, `Ltd.`) brings no second one to a sentence's end.
        """
        said = catalogue(self.tag).gettext(message)
        for name, value in values.items():
            said = said.replace(f"{{{name}}}.", f"{{{name}}}") if str(value).endswith(".") else said
        return said.format(**values) if values else said

    def count(self, one: str, many: str, number: int) -> str:
        """`1 story`, `5 stories`: the language's own plural; `{count}` is filled in."""
        return catalogue(self.tag).ngettext(one, many, number).format(count=number)

    def long_date(self, day: date) -> str:
        """`Wednesday 10 December 2025`, as the language writes it."""
        return dates.long_date(day, self.locale)

    def medium_date(self, day: date) -> str:
        """`10 Dec 2025`, as the language writes it."""
        return dates.medium_date(day, self.locale)

    def short_date(self, day: date, near: date | None = None) -> str:
        """`10 Dec`, as the language writes it; with its year when that is not plain from a day `near`."""
        if near and abs(day - near) > _PLAIN:
            return self.medium_date(day)
        return dates.short_date(day, self.locale)

    def month(self, day: date) -> str:
        """`December`, as a heading."""
        return self.sentence(dates.month(day, self.locale))

    def month_and_year(self, day: date) -> str:
        """`December 2025`, as a heading."""
        return self.sentence(dates.month_and_year(day, self.locale))

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
        """`US dollar`: one of them, in the middle of a sentence."""
        return self._named(code, "currency") or get_currency_name(code, count=1, locale=self.locale)

    def currency_units(self, code: str) -> str:
        """`US dollars`: how the unit is called after a number such as 0.01144."""
        said = self._named(code, "currency units", "currency")
        return said or get_currency_name(code, count=Decimal("0.5"), locale=self.locale)

    def currency_heading(self, code: str) -> str:
        """`US dollars`: the head of a column of such values."""
        return self.sentence(self._named(code, "currency heading") or self.currency(code))

    def currency_noun(self, code: str) -> str:
        """`som`: the currency's everyday name, as in 'som weaker 0.28%'."""
        return self._named(code, "currency noun") or self.currency(code)

    def _named(self, code: str, *contexts: str) -> str:
        """What the catalogue calls a currency in the first of some contexts that it knows."""
        names = (catalogue(self.tag).pgettext(context, code) for context in contexts)
        return next((name for name in names if name != code), "")
