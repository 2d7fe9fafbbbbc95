"""Small makers of valid values: a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image as Picture

from publisher.content.models import Article, Issue, Publication
from publisher.rates.models import RateRow, RatesTable
from publisher.rendering.models import Edition, Site
from publisher.rendering.settings import EmailSettings, FeedSettings
from publisher.rendering.templates import environment, shipped_folder
from publisher.rendering.theme import Theme


def publication(**changes: Any) -> Publication:
    """Make the publication all unit tests speak of."""
    fields: dict[str, Any] = {
        "title": "Steppe Letter",
        "tagline": "Central Asia in ten minutes",
        "url": "https://letter.example/",
        "language": "en",
        "timezone": "Asia/Bishkek",
        "founded": date(2025, 1, 1),
        "sections": [{"id": "economy", "title": "Economy"}, {"id": "nature", "title": "Nature"}],
        "publisher": {
            "name": "Steppe Letter",
            "email": "desk@letter.example",
            "address": "12 Example Street, Bishkek",
        },
    }
    return Publication.model_validate(fields | changes)


def article(**changes: Any) -> Article:
    """Make an article about a bridge."""
    fields: dict[str, Any] = {
        "id": "2025-12-10.bridge",
        "title": "A bridge opens in Osh",
        "slug": "bridge",
        "section": "economy",
        "authors": [{"name": "Aigul Sadykova"}],
        "published": datetime(2025, 12, 10, 1, 0, tzinfo=UTC),
        "summary": "The new bridge halves the way to work.",
        "body": "The bridge opened on **Monday**.\n\n- It is 214 metres long.\n- It cost $9 million.\n",
    }
    return Article.model_validate(fields | changes)


def issue(*articles: Article, **changes: Any) -> Issue:
    """Make an issue of the given articles, or of one."""
    fields: dict[str, Any] = {
        "date": date(2025, 12, 10),
        "title": "A bridge, and what it cost",
        "number": 128,
        "published": datetime(2025, 12, 10, 1, 0, tzinfo=UTC),
        "lead": "Good morning. A bridge opens.",
        "articles": articles or (article(),),
    }
    return Issue.model_validate(fields | changes)


def rates_table() -> RatesTable:
    """Make a table of two rows."""
    rows = (
        RateRow(base="USD", quote="KGS", local="KGS", value=Decimal("87.45")),
        RateRow(base="USD", quote="KZT", local="KZT", value=Decimal("518.10")),
    )
    return RatesTable(rows=rows, as_of=date(2025, 12, 10), sources=("NBKR", "NBK"))


def picture(width: int = 1000, height: int = 500, kind: str = "JPEG") -> bytes:
    """Make a picture with a slope of colour, so that scaling has something to do."""
    out = BytesIO()
    Picture.linear_gradient("L").resize((width, height)).convert("RGB").save(out, kind)
    return out.getvalue()


def site(*issues: Issue, images: dict[str, bytes] | None = None, **changes: Any) -> Site:
    """Make a site of the given issues, newest first, each with the table of two rows."""
    return Site(
        publication=publication(**changes),
        editions=tuple(Edition(one, rates_table()) for one in issues or (issue(),)),
        images=images or {},
        templates=environment([shipped_folder()]),
        theme=Theme(),
        feeds=FeedSettings(),
        email=EmailSettings(),
    )


def daily(
    days: int, stories: int = 1, title: str = "Правительство обсудило новую дорогу через горы и её цену"
) -> list[Issue]:
    """Make issues of one day after another from the first of 2024, newest first, each with some stories."""
    first = datetime(2024, 1, 1, 1, tzinfo=UTC)
    return [
        issue(
            *(
                article(id=f"{n}.{place}", slug=f"s{place}", title=title, summary=(f"{title}. " * 3)[:999])
                for place in range(stories)
            ),
            date=(first + timedelta(days=n)).date(),
            number=n + 1,
            title=title,
            published=first + timedelta(days=n),
        )
        for n in reversed(range(days))
    ]
