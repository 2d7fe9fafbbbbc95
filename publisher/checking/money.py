"""Rules about sums of money: what a text converts must fit the rates of its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from publisher.checking.amounts import Conversion, conversions
from publisher.checking.manuscript import Manuscript, Page
from publisher.checking.rule import Remark, on_words, rule
from publisher.errors import Severity
from publisher.rates.history import History
from publisher.rates.models import Quote, RatesFile
from publisher.rates.notation import EXACT, at_digits, plain

LIMIT = Decimal(3)
"""Percent. Banks, exchange offices and the days around a date differ by less."""

_RECENT = timedelta(days=7)
_SHOWN_DIGITS = 7
_PIVOTS = ("USD", "EUR", "RUB", "CNY")


@rule(
    "E213",
    Severity.WARNING,
    "A sum and its conversion imply a rate; when it is not the day's rate, one of the two is wrong.",
)
def contradicting_conversion(manuscript: Manuscript) -> Iterator[Remark]:
    """Conversions more than three percent from the rates of the article's date."""
    for page in manuscript.pages:
        book = RateBook(manuscript.history, manuscript.issue.rates, _day(page, manuscript))
        for passage in page.passages:
            for conversion in conversions(passage.text):
                if message := contradiction(conversion, book):
                    hint = "check both sums and the day they are of"
                    yield on_words(page, passage, conversion.words, message, hint)


@dataclass(frozen=True)
class Known:
    """What one unit of a currency was worth in another, and how well that is known."""

    value: Decimal
    error: Decimal
    day: date | None

    def times(self, other: Known) -> Known:
        """Through a third currency; the older day is the day of both."""
        days = [day for day in (self.day, other.day) if day]
        value = EXACT.multiply(self.value, other.value)
        return Known(value, self.error + other.error, min(days, default=None))


@dataclass(frozen=True)
class RateBook:
    """The rates of a day: from memory, else from the issue's own table."""

    history: History
    rates: RatesFile | None
    day: date

    def worth(self, one: str, other: str) -> Known | None:
        """One unit of a currency in another, directly or through a currency both are quoted in."""
        if direct := self._direct(one, other):
            return direct
        for pivot in _PIVOTS:
            first, second = self._direct(one, pivot), self._direct(pivot, other)
            if first and second:
                return first.times(second)
        return None

    def _direct(self, one: str, other: str) -> Known | None:
        quote = self._quote(one, other)
        if quote is None:
            return None
        value = quote.value if quote.base == one else EXACT.divide(Decimal(1), quote.value)
        return Known(value, quote.relative_error, quote.as_of)

    def _quote(self, one: str, other: str) -> Quote | None:
        """The last value of the week, one with digits enough if there is any; else the issue's own."""
        past = self.history.before(one, other, self.day + timedelta(days=1))
        recent = [quote for quote in past if quote.as_of and self.day - quote.as_of <= _RECENT]
        exact = [quote for quote in recent if quote.invertible]
        typed = [q for q in (self.rates.quotes if self.rates else ()) if {q.base, q.quote} == {one, other}]
        return next(iter([*exact[-1:], *recent[-1:], *typed]), None)


def contradiction(conversion: Conversion, book: RateBook) -> str:
    """What a conversion implies and what the day's rate is; empty when they agree.

    The converted sum may be rounded: what would round to it is no contradiction.
    """
    original, converted = conversion.original, conversion.converted
    known = book.worth(converted.currency, original.currency)
    if known is None or not converted.value or not original.value:
        return ""
    implied = EXACT.divide(original.value, converted.value)
    apart = (EXACT.divide(implied, known.value) - 1) * 100
    right = EXACT.divide(original.value, known.value)
    if abs(apart) <= LIMIT or abs(right - converted.value) <= converted.half_unit:
        return ""
    day = f" of {known.day}" if known.day else ""
    unsure = f", known to {known.error * 100:.1f} %" if known.error * 100 > 1 else ""
    return (
        f"“{conversion.words}” implies {_shown(implied)} {original.currency} for 1 {converted.currency},"
        f" the rate{day} is {_shown(known.value)} ({apart:+.1f} %{unsure})"
    )


def _shown(rate: Decimal) -> str:
    digits = at_digits(rate, _SHOWN_DIGITS)
    return plain(digits.normalize() if digits != digits.to_integral() else digits.quantize(Decimal(1)))


def _day(page: Page, manuscript: Manuscript) -> date:
    """The article's own day in the publication's zone; the issue's for its front."""
    if page.article is None:
        return manuscript.issue.date
    return page.article.published.astimezone(ZoneInfo(manuscript.publication.timezone)).date()
