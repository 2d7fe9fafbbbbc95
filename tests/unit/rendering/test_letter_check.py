"""What can be seen to be wrong with a finished letter without a browser."""

from __future__ import annotations

import pytest
from letter_samples import example

from publisher.rendering.digest import SLOTS, build_digest
from publisher.rendering.letter_check import check_letter


@pytest.fixture(scope="module")
def good():
    """Build a letter without a fault."""
    return build_digest(*example())


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('<html lang="en"', "<html", "does not say its language"),
        (
            '<table role="presentation" class="panel"',
            '<table class="panel"',
            "neither marked as presentation",
        ),
        ('<table class="rates"', '<table role="presentation" class="rates"', "has header cells"),
        ('scope="row"', "", "has no scope"),
        ('alt="', 'data-alt="', "has no alternative text"),
        ('width="56"', 'width="56px"', "no width and height"),
        (".png", ".svg", "format that mail clients do not show"),
        ("<h1", "<h2", "0 first-level headings"),
        ('<h2 class="toch"', '<h4 class="toch"', "a heading level is skipped"),
        ('href="https://', 'href="//', "does not lead anywhere"),
        ("Unsubscribe</a>", "</a>", "has no words"),
        ("%%unsubscribe_url%%", "https://x.example/", "lacks %%unsubscribe_url%%"),
        ("Meridian</a>", "%%first_name%%</a>", "%%first_name%% was not filled in"),
        (
            "https://meridian.example/2025-12-10/",
            "https://x.example/{{ slug }}",
            "{{ slug }} was not filled in",
        ),
        ("margin:0 auto", "display:flex", "'display:flex' is not known everywhere"),
        (
            "@media (prefers",
            "p{color:var(--x)}" + "/* */" * 2000 + "@media (prefers",
            "the styles in the head have",
        ),
    ],
)
def test_a_fault_is_named(good, right, wrong, fault):
    """Each fault that a changed template could bring is an error that says what it is."""
    assert right in good.html

    found = check_letter(good.html.replace(right, wrong), good.text, slots=SLOTS, path="issues/x")

    assert fault in " ".join(finding.message for finding in found)
    assert {finding.code for finding in found} == {"L201"}
