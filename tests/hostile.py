"""A publication that does everything that could break a page, in plausible measure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import builders

from publisher.content.models import Article, Issue
from publisher.rates.models import Change, Direction, RateRow, RatesTable
from publisher.rendering.models import Edition, Site

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch" * 2 + "12345678"
WIDE_TABLE = "\n".join(
    [
        "| " + " | ".join(f"Column {n}" for n in range(14)) + " |",
        "|" + "---|" * 14,
        *("| " + " | ".join(f"{row * n:,}.00" for n in range(14)) + " |" for row in range(1, 5)),
    ]
)
BODIES = (
    f"A word of a hundred and twenty letters: {LONG}.\n\n## {LONG}\n\n> {LONG}\n\n- {LONG}\n\n`{LONG}`",
    f"A wide table:\n\n{WIDE_TABLE}\n\nand the text after it.",
    "Lists in lists:\n\n- one\n  - two\n    - three\n      - four\n        - five\n          - six\n\n1. first\n   1. inner\n",
    "# Top\n\nText.\n\n##### Deep\n\nText.\n\n```\n" + "x = " + "1 + " * 60 + "1\n```\n\n***\n\nThe end.",
    f"<script>alert(1)</script> & <b>bold?</b> [a link](https://example.org/{LONG}) ![]() &lt;tag&gt;",
    "Кыргызстандын чыгышында жаңы көпүрө ачылды; ал жумушка баруу убактысын эки эсе кыскартат. " * 40,
)
TITLES = (
    LONG,
    "A headline that goes on, and on, because nobody dared to cut what the minister had said about the bridge",
    "<meta> & ]]> \"quoted\" 'quoted' &amp;amp; 🐎",
    "Ташкент, Бишкек, Астана: большая водохозяйственная конференция",
    "پل تازه در اوش ۲۱۴ متر است (214 m)",
    "x",
)


def article(n: int) -> Article:
    """Make one of forty stories."""
    return builders.article(
        id=f"story-{n}",
        slug=f"story-{n}",
        title=TITLES[n % len(TITLES)],
        section="economy",
        language="fa" if n % len(TITLES) == 4 else None,
        authors=[
            {"name": f"Author {LONG}" if n == 1 else "News desk", "url": "https://example.org/a?b=1&c=2"}
        ]
        * (n % 4),
        summary="" if n % 2 else f"{LONG}: " + "длинное краткое изложение " * 20,
        image={"path": "images/tall.jpg", "alt": "A tower", "caption": LONG} if n == 2 else None,
        tags=[LONG, "<b>"] if n == 0 else [],
        sources=[{"name": LONG, "url": f"https://example.org/{LONG}"}] if n == 0 else [],
        corrections=[{"at": "2025-12-11T09:30:00+06:00", "text": LONG, "retraction": n == 3}]
        if n in {1, 3}
        else [],
        body=BODIES[n % len(BODIES)],
    )


def rates() -> RatesTable:
    """Make a table of ten-digit rates, one of them old and one without history."""
    days = [date(2025, 11, 11) + timedelta(days=n) for n in range(30)]
    rows = [
        RateRow(
            base="UZS",
            quote="USD",
            local="UZS",
            value=Decimal("0.0000826412"),
            change=Change(percent=Decimal("14.27"), direction=Direction.WEAKER, since=days[-2]),
            as_of=days[0],
            stale=True,
            history=tuple(
                (day, Decimal("0.0000826412") + Decimal(n % 7) / 10_000_000) for n, day in enumerate(days)
            ),
        ),
        RateRow(base="IRR", quote="USD", local="IRR", value=Decimal("1234567890.12")),
    ]
    return RatesTable(rows=tuple(rows), as_of=date(2025, 12, 10), sources=(LONG, "NBKR"), note=LONG)


def hostile_site(language: str = "en") -> Site:
    """Make a site of one dreadful issue and one ordinary one."""
    dreadful: Issue = builders.issue(*(article(n) for n in range(40)), title=LONG, lead=f"{LONG} and so on.")
    older = builders.issue(
        date=date(2024, 2, 29), title=TITLES[3], published=datetime(2024, 2, 29, 1, tzinfo=UTC), number=1
    )
    images = {"2025-12-10/images/tall.jpg": builders.picture(900, 1600)}
    plain = builders.site(dreadful, older, images=images, language=language, title=LONG, tagline=LONG)
    return Site(**{**vars(plain), "editions": (Edition(dreadful, rates()), plain.editions[1])})
