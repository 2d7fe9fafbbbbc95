"""Letters to look at and to test: the example issue, a Russian, a Persian and a hostile one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from builders import article, issue, publication

from publisher.config import load_settings
from publisher.content.images import images_of
from publisher.content.loading import load_issues
from publisher.rates.models import Change, Direction, Peg, RateRow, RatesTable
from publisher.rates.notation import at_decimals
from publisher.rendering.digest import Digest, build_digest
from publisher.rendering.models import Edition, Site
from publisher.rendering.settings import EmailSettings, FeedSettings
from publisher.rendering.templates import environment
from publisher.rendering.theme import Theme

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2025, 12, 10)


def site(edition: Edition, **publication_changes: Any) -> Site:
    """Make a site of one edition, with the shipped templates and theme."""
    return Site(
        publication=publication(**publication_changes),
        editions=(edition,),
        images={},
        templates=environment([ROOT / "templates"]),
        theme=Theme(),
        feeds=FeedSettings(),
        email=EmailSettings(),
    )


def with_settings(of: Site, **email: Any) -> Site:
    """Change the `[email]` table of a site."""
    return replace(of, email=EmailSettings.model_validate(email))


def rate(base: str, quote: str, local: str, value: str, percent: str, *moves: int, **more: Any) -> RateRow:
    """Make a row whose last change is `percent` (signed, of the number shown) and a month of values.

    `moves` are steps of a thousandth of the value, oldest first, repeated to thirty days.
    """
    last, signed = Decimal(value), Decimal(percent)
    values = [last]
    for step in range(28):
        move = Decimal(moves[step % len(moves)] if moves else 0) / 1000
        values.append((values[-1] * (1 - move)).quantize(last))
    history = tuple((DAY - timedelta(days=age), past) for age, past in enumerate(values))[::-1]
    own = local == base
    whole = (last / values[-1] - 1) * 100
    fields: dict[str, Any] = {
        "history": history,
        "change": _change(signed, DAY - timedelta(days=1), own=own),
        "trend": _change(at_decimals(whole, 1), history[0][0], own=own),
        "as_of": DAY,
        "source": "NBKR",
    }
    return RateRow(base=base, quote=quote, local=local, value=last, **(fields | more))


def _change(signed: Decimal, since: date, *, own: bool) -> Change:
    """Make the change of a number that moved by so many percent."""
    moved = Direction.STRONGER if (signed > 0) == own else Direction.WEAKER
    return Change(percent=abs(signed), direction=moved if signed else Direction.UNCHANGED, since=since)


MANAT = Peg(
    anchor="USD",
    value=Decimal("3.50"),
    since=date(2015, 1, 1),
    authority="Central Bank of Turkmenistan",
)


def in_base() -> RatesTable:
    """Make the table of the design: dollars for one unit."""
    rows = (
        rate("KGS", "USD", "KGS", "0.01144", "0"),
        rate("TJS", "USD", "TJS", "0.10811", "-0.28", -4, 2, 3, -5, 1, 0, 2),
        rate("KZT", "USD", "KZT", "0.00192", "0.41", 5, -3, 0, 6, -8, 2),
        rate("UZS", "USD", "UZS", "0.0000826", "-0.06", 6, -6, 8, -7, 3, -4),
        rate(
            "TMT",
            "USD",
            "TMT",
            "0.28571",
            "0",
            peg=MANAT,
        ),
        rate("EUR", "USD", "EUR", "1.16420", "0.17", 1, 3, -6, 4, 2, -3, 1),
    )
    return RatesTable(rows=rows, as_of=DAY, sources=("example central-bank fixings",))


def per_base() -> RatesTable:
    """Make the table turned round: local money for one dollar."""
    rows = (
        rate("USD", "KGS", "KGS", "87.45", "0"),
        rate("USD", "KZT", "KZT", "518.10", "1.71", 4, 6, -2, 8, 1),
        rate("USD", "TJS", "TJS", "9.2498", "0.30", 2, -1, 4, -3),
        rate("USD", "UZS", "UZS", "12009.24", "-0.07", 3, -4, 5, -2),
        rate(
            "USD",
            "TMT",
            "TMT",
            "3.50",
            "0",
            peg=MANAT,
        ),
    )
    return RatesTable(rows=rows, as_of=DAY, sources=("NBKR", "NBT"), note="Mid-market values.")


def ten_digits() -> RatesTable:
    """Make a table of both kinds of pair with values that no column was made for."""
    rows = (
        rate("USD", "UZS", "UZS", "1234567890.12", "12.34", 9, -9),
        rate("UZS", "USD", "UZS", "0.0000000123", "-99.99", 9, -9),
        rate("USD", "KZT", "KZT", "518.10", "-1.71", 4, 6, -2),
        rate("TJS", "USD", "TJS", "0.10811", "-0.28", -4, 2),
    )
    return RatesTable(rows=rows, as_of=DAY, sources=("NBKR",))


def example() -> tuple[Site, Edition]:
    """Make the letter of the example publication's newest issue."""
    settings = load_settings(ROOT / "publication.toml", {})
    issues = load_issues(ROOT, settings.publication)
    editions = tuple(Edition(one, in_base()) for one in issues)
    return (
        Site(
            publication=settings.publication,
            editions=editions,
            images=images_of(ROOT, issues),
            templates=environment([ROOT / "templates"]),
            theme=settings.theme,
            feeds=settings.feeds,
            email=settings.email,
        ),
        editions[0],
    )


RUSSIAN = """Консорциум, который строит плотину, подписал договор на **первые две турбины**. Этого шага
кредиторы ждали, прежде чем открыть второй транш. Поставка назначена на конец 2028 года.

**Почему это важно.** Плотина должна избавить республику от зимнего импорта электроэнергии.

- Заказ охватывает два агрегата из четырёх.
- Доли: Кыргызстан 34 %, Казахстан и Узбекистан по 33 %.

> Мы перестали спрашивать, построят ли её. Вопрос в том, кому в июле достанется вода.

## Что дальше

Министры встречаются 4 августа; на столе [проект правил](https://letter.example/protocol).
"""

PERSIAN = """کنسرسیوم سازندهٔ سد، قرارداد **دو توربین نخست** را امضا کرد. تحویل برای پایان سال ۲۰۲۸ برنامه‌ریزی شده است.

- سفارش دو واحد از چهار واحد را در بر می‌گیرد.
- سهم‌ها: قرقیزستان 34٪، قزاقستان و ازبکستان هر کدام 33٪.

> دیگر نمی‌پرسیم که آیا ساخته می‌شود. پرسش این است که آب در ماه ژوئیه به چه کسی می‌رسد.

وزیران در تاشکند دیدار می‌کنند و [پیش‌نویس مقررات](https://letter.example/protocol) روی میز است.
"""


def russian() -> tuple[Site, Edition]:
    """Make a letter in Cyrillic, its rates turned round."""
    made = issue(
        article(
            title="Камбар-Ата получает первые две турбины",
            section="economy",
            tags=["Кыргызстан"],
            body=RUSSIAN,
        ),
        article(
            id="2025-12-10.second",
            slug="second",
            title="Вторая смена на Хоргосе сократила очередь грузовиков до девяти часов",
            section="nature",
            tags=["Казахстан"],
            body=RUSSIAN.partition("##")[0],
            corrections=[
                {"at": "2025-12-11T09:30:00+06:00", "text": "Очередь составляла девять часов, а не восемь."}
            ],
        ),
        title="Турбины для Камбар-Аты",
        lead="Доброе утро. У плотины есть турбины, на границе появилась ночная смена, а тенге ослаб.",
    )
    edition = Edition(made, per_base())
    sections = [{"id": "economy", "title": "Энергетика"}, {"id": "nature", "title": "Торговля"}]
    return site(
        edition,
        language="ru",
        title="Меридиан",
        tagline="Центральная Азия за десять минут",
        sections=sections,
    ), edition


def persian() -> tuple[Site, Edition]:
    """Make a letter that runs from right to left."""
    made = issue(
        article(title="سد کامبارآتا صاحب نخستین توربین‌ها می‌شود", tags=["قرقیزستان"], body=PERSIAN),
        article(
            id="2025-12-10.second",
            slug="second",
            title="نوبت دوم کار در مرز، صف کامیون‌ها را کوتاه کرد",
            section="nature",
            body=PERSIAN,
        ),
        title="توربین‌های کامبارآتا",
        lead="صبح بخیر. سد صاحب توربین شد و در مرز نوبت شبانه آغاز شد.",
    )
    edition = Edition(made, in_base())
    sections = [{"id": "economy", "title": "انرژی"}, {"id": "nature", "title": "بازرگانی"}]
    return site(
        edition, language="fa", title="نصف‌النهار", tagline="آسیای مرکزی در ده دقیقه", sections=sections
    ), edition


LONG = "Donau" + "dampfschifffahrt" * 8
HOSTILE = f"""{LONG} stands here, and `{LONG}` too, and https://letter.example/{LONG}.

- one
  - two
    - three {LONG}
      1. four
         1. five
            - six

> > A quotation in a quotation, {LONG}.

| {" | ".join(f"Head {n}" for n in range(12))} |
|{"---|" * 12}
| {" | ".join(str(10**9 + n) for n in range(12))} |

##### A heading five levels deep

```
{LONG} {LONG}
```

![A picture from elsewhere](https://tracker.example/pixel.gif) and <script>alert(1)</script> {{{{ name }}}}.

***
"""


def hostile() -> tuple[Site, Edition]:
    """Make a letter of all that breaks letters: long words, deep lists, wide tables, ten-digit rates."""
    made = issue(
        *(
            article(
                id=f"2025-12-10.h{n}",
                slug=f"h{n}",
                title=f'{n} {LONG if n % 2 else "Short"} & <b>"quoted"</b>',
                body=HOSTILE if n < 3 else "A plain paragraph of a few words.\n\n" * (1 + n % 3),
                summary="",
            )
            for n in range(40)
        ),
        title="A hostile issue & <more>",
        lead=f"Good morning, {LONG}.",
    )
    rows = (
        rate("USD", "UZS", "UZS", "1234567890.12", "12.34", 9, -9),
        rate("UZS", "USD", "UZS", "0.0000000123456789", "-99.99", 9, -9),
        rate("USD", "TMT", "TMT", "3.50", "0"),
    )
    edition = Edition(made, RatesTable(rows=rows, as_of=DAY, sources=(LONG,), note=LONG))
    return site(edition, title=LONG, tagline=LONG), edition


@cache
def built(make: Callable[[], tuple[Site, Edition]]) -> Digest:
    """Build a letter once for all tests that only look at it."""
    return build_digest(*make())


def unshortened() -> tuple[Site, Edition]:
    """Make the hostile letter in its full length."""
    made, edition = hostile()
    return with_settings(made, oversize="refuse"), edition


LETTERS = {
    "example": example,
    "russian": russian,
    "persian": persian,
    "hostile": hostile,
    "unshortened": unshortened,
}
