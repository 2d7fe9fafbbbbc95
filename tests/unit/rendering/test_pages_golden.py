"""Every kind of page of a small site, as it was when somebody last looked at it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import builders
import pytest
from golden import assert_golden

from publisher.rates.models import Change, Direction, RateRow, RatesTable
from publisher.rendering.models import Edition, Site
from publisher.rendering.pages.plan import page_files

GOLDEN = Path(__file__).resolve().parents[2] / "samples" / "site"
PAGES = [
    "index.html",
    "2025-12-10/index.html",
    "2025-12-10/bridge/index.html",
    "2025-12-10/viaduct/index.html",
    "sections/economy/index.html",
    "archive/index.html",
    "archive/2025/index.html",
    "feeds/index.html",
    "404.html",
]


# What a picture's bytes and the style sheet are is another test's affair.
_HASH = re.compile(rb"-[0-9a-f]{10}(?=[-.])")


@pytest.fixture(scope="module")
def site() -> Site:
    """Make a site with an image, a correction, a moved address, three days of a rate and a second issue."""
    bridge = builders.article(
        image={"path": "images/dam.png", "alt": "A bridge", "caption": "The bridge", "credit": "Drawing: us"},
        corrections=[{"at": "2025-12-11T09:30:00+06:00", "text": "It is 214 metres long."}],
        moved_from=("2025-12-10/viaduct/",),
        tags=("Kyrgyzstan",),
    )
    days = [date(2025, 12, day) for day in (8, 9, 10)]
    row = RateRow(
        base="USD",
        quote="KZT",
        local="KZT",
        value=Decimal("518.10"),
        change=Change(percent=Decimal("1.40"), direction=Direction.WEAKER, since=days[1]),
        trend=Change(percent=Decimal("1.7"), direction=Direction.WEAKER, since=days[0]),
        as_of=days[2],
        history=tuple(zip(days, map(Decimal, ("509.40", "510.97", "518.10")), strict=True)),
    )
    older = builders.issue(
        date=date(2025, 12, 9), number=127, title="Snow", published=datetime(2025, 12, 9, 1, tzinfo=UTC)
    )
    site = builders.site(images={"2025-12-10/images/dam.png": builders.picture(900, 300, "PNG")})
    rates = RatesTable(rows=(row,), as_of=days[2], sources=("NBK",))
    return Site(**{**vars(site), "editions": (Edition(builders.issue(bridge), rates), Edition(older))})


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_as_it_was(site, path):
    """A change of a page is seen in review; one that nobody meant fails here."""
    assert_golden(GOLDEN / path, _HASH.sub(b"-HASH", page_files(site)[path]))
