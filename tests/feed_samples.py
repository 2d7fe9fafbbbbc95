"""Sites that feeds are made of: a plain one of any length, and one full of what breaks feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import builders

from publisher.content.models import Correction, Issue
from publisher.rates.models import Change, Direction, RateRow, RatesTable
from publisher.rendering.feeds import feed_files
from publisher.rendering.models import Edition, Site
from publisher.rendering.settings import FeedSettings

FIRST_DAY = datetime(2025, 1, 6, 1, 0, tzinfo=UTC)


def small_rates() -> RatesTable:
    """Make a table of a pair in its own currency that fell, and one turned round without a past."""
    since = FIRST_DAY.date() - timedelta(days=1)
    fell = Change(percent=Decimal("0.28"), direction=Direction.WEAKER, since=since)
    return RatesTable(
        rows=(
            RateRow(base="KGS", quote="USD", local="KGS", value=Decimal("0.01144"), change=fell),
            RateRow(base="USD", quote="KZT", local="KZT", value=Decimal("518.10")),
        ),
        as_of=FIRST_DAY.date(),
        sources=("NBKR", "NBK"),
    )


def numbered_issue(number: int, articles: int = 4) -> Issue:
    """Make the issue of the n-th day, its articles in turn in one section and the other."""
    at = FIRST_DAY + timedelta(days=number)
    stories = [
        builders.article(
            id=f"{number}.{place}",
            slug=f"story-{place}",
            title=f"Story {place} of issue {number}",
            published=at,
            section=("economy", "nature")[place % 2],
        )
        for place in range(articles)
    ]
    return builders.issue(*stories, date=at.date(), number=number + 1, published=at, title=f"Issue {number}")


def site_of(*issues: Issue, images: dict[str, bytes] | None = None, **settings: Any) -> Site:
    """Make a site of issues (newest first) with the given feed settings."""
    plain = builders.site(*issues, images=images)
    editions = tuple(Edition(issue, small_rates()) for issue in issues)
    lengths = {} if images else None  # these pictures cannot be measured, so no page can be set
    feeds = FeedSettings.model_validate(settings)
    return replace(plain, editions=editions, feeds=feeds, lengths=lengths)


def long_site(issues: int, /, articles: int = 4, **settings: Any) -> Site:
    """Make a site of many issues."""
    return site_of(*(numbered_issue(n, articles) for n in reversed(range(issues))), **settings)


TITLES = (
    "How <meta> tags & <b>bold</b> break",
    "]]> ends <![CDATA[ nothing",
    "AT&amp;amp;T says &lt;b&gt; twice",
    "🚀 flies 👩‍👩‍👧 home",
    "سد روگون ۳۳۵ متر، −0.28%",
    "Казахстан: рубль < тенге",
    "<script>alert(1)</script>",
    "</title> ends here",
    "5 < 6 > 4 &#x3C; &#60; &nbsp;",
    "'single' \"double\"",
    "A" * 500,
)
BODIES = (
    "<script>alert(1)</script>\n\n[x](javascript:alert(1)) [near](../other/) [here](#part)\n\n![pic](images/a.png)\n",
    "]]> <![CDATA[ &amp;amp; &nbsp;\n\n```html\n<b onclick=x>&nbsp;</b>\n```\n",
    "| a | b |\n|---:|:--:|\n| 1 | 2 |\n",
    "word " * 4000,
    "> one\n> > two\n\n1. a\n2. b\n\n   - c\n\n***\n\n~~gone~~ **b *i***\n",
    "<http://a.example/?a=1&b=2>\n\n<!-- a secret -->\n\n\\<b>\n",
    "متن ۱۲:۳۰ و 12:30 و −0.28% است.\n\n- USD/KGS 87.45 & 'x'\n",
    "\n\n".join(f'![p{n}](images/p{n}.png "t&<>")' for n in range(12)),
)


def hostile_site(**publication: Any) -> Site:
    """Make a site whose every text tries to be something else."""
    issues = [_hostile_issue(number) for number in reversed(range(4))]
    images = {f"{issue.slug}/images/a.png": b"\x89PNG" + bytes(100) for issue in issues}
    plain = site_of(
        *issues, images=images, entries=10, issues=1, archive_issues=1, hub="https://hub.example/?a=1&b=2"
    )
    hostile = {
        "title": "Steppe & <Letter> ]]>",
        "tagline": "</b> & <meta>",
        "copyright": "© A & B <x>",
        "sections": [{"id": "economy", "title": "Econ & <omy>"}, {"id": "empty", "title": "Empty"}],
        "publisher": {"name": "P & <Q>", "email": "desk@letter.example"},
    }
    return replace(plain, publication=builders.publication(**{**hostile, **publication}))


def _hostile_issue(number: int) -> Issue:
    at = FIRST_DAY + timedelta(days=number)
    extras: dict[int, dict[str, Any]] = {
        0: {"authors": (), "image": {"path": "images/a.png", "alt": '<alt> "q" & ]]>', "credit": "© <x>"}},
        1: {"authors": [{"name": "A & B <x>", "url": "https://a.example/?a=1&b=2"}, {"name": "Ж"}]},
        2: {"corrections": [{"at": at + timedelta(hours=5), "text": "It was <b>5</b> & not 6."}]},
        3: {"corrections": [{"at": at + timedelta(hours=5), "text": "Gone ]]>", "retraction": True}]},
        4: {"language": "fa"},
        5: {"source": {"name": "K & <co>", "url": "https://k.example/?x=1&y=2"}, "sources": [{"name": "B"}]},
    }
    articles = [
        builders.article(
            id=f"{number}.{place}",
            slug=f"story-{place}",
            title=title,
            published=at,
            tags=["Oil & gas <x>", "Ж"],
            summary="A <b>sum</b> & &amp; ]]> <meta>" if place % 2 else "",
            body=BODIES[(place + number) % len(BODIES)],
            **extras.get(place, {}),
        )
        for place, title in enumerate(TITLES)
    ]
    lead = BODIES[number]
    return builders.issue(
        *articles, date=at.date(), number=number + 1, published=at, title=TITLES[number], lead=lead
    )


def write_feeds(site: Site, folder: Path) -> Path:
    """Write all feed files below a folder, as a publish does."""
    for path, data in feed_files(site).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def correction(at: datetime, **more: Any) -> Correction:
    """Make a correction of something small."""
    return Correction(at=at, text="The bridge is 214 metres long, not 241.", **more)


def with_rates(site: Site, table: RatesTable) -> Site:
    """Put a table at the top of every issue."""
    return replace(site, editions=tuple(Edition(edition.issue, table) for edition in site.editions))
