"""Two small letters, kept as they were looked at: a change of template or style sheet shows in review."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import article, issue
from golden import assert_golden
from letter_samples import ROOT, per_base, persian, site

from publisher.rates.settings import RatesSettings
from publisher.rendering.digest import Digest, build_digest
from publisher.rendering.mime import digest_eml
from publisher.rendering.models import Edition, Site

GOLDEN = ROOT / "tests" / "samples" / "letters"

BODY = """The bridge opened on **Monday**, [they say](https://news.example/).

## What it cost

| Part | Million |
|---|---:|
| Steel | 5.1 |

> It was the cheapest thing we did.

1. One
2. Two
   - inner
"""


def small() -> Digest:
    """Build a letter that has one of everything."""
    corrected = {"at": "2025-12-11T09:30:00+06:00", "text": "It cost nine million, not eight."}
    second = article(id="2025-12-10.b", slug="b", title="Second", body="In short.")
    edition = Edition(issue(article(body=BODY, corrections=[corrected]), second), per_base())
    return drawn_in_blocks(site(edition), edition)


def drawn_in_blocks(made: Site, edition: Edition) -> Digest:
    """Build without pictures: their bytes, and so their names, depend on the machine's zlib."""
    return build_digest(replace(made, rates=RatesSettings(sparkline="blocks")), edition)


@pytest.mark.parametrize("name", ["small", "persian"])
def test_a_letter_is_as_it_was(name):
    """HTML and text are the golden ones, byte for byte."""
    digest = small() if name == "small" else drawn_in_blocks(*persian())

    assert_golden(GOLDEN / f"{name}.html", digest.html.encode())
    assert_golden(GOLDEN / f"{name}.txt", digest.text.encode())


def test_the_message_is_as_it_was():
    """Headers, boundaries and encodings too."""
    assert_golden(GOLDEN / "small.eml", digest_eml(small(), site(Edition(issue())).publication))
