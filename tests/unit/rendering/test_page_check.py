"""What can be seen to be wrong with finished pages without a browser."""

from __future__ import annotations

from dataclasses import replace

import builders
import pytest
from hostile import hostile_site
from jinja2 import ChoiceLoader, DictLoader

from publisher.errors import Severity
from publisher.rendering.pages.check import faults, page_remarks
from publisher.rendering.pages.plan import page_files


@pytest.fixture(scope="module")
def good() -> str:
    """Make an issue's page without a fault: rates, a picture, a heading, a link."""
    article = builders.article(
        image={"path": "images/dam.jpg", "alt": "A dam"},
        body="## Why\n\nText with a [link](https://a.example/).",
    )
    site = builders.site(builders.issue(article), images={"2025-12-10/images/dam.jpg": builders.picture()})
    page = page_files(site)["2025-12-10/index.html"].decode()
    assert list(faults(page)) == []
    return page


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('<html lang="en"', "<html", "does not say its language"),
        ("<h1>", "<h2>", "has 0 first-level headings"),
        ("<h3>", "<h5>", "a heading level is skipped"),
        ('scope="row"', "", "has no scope"),
        ('alt="A dam"', "", "has no alternative text"),
        ('width="1000"', 'width="50%"', "no width and height"),
        (">link</a>", "></a>", "the link to https://a.example/ has no words"),
        ('id="bridge"', 'id="main_"', 'the id "main_" stands 2 times'),
        ("</body>", "<script>1</script></body>", "a script stands in the page"),
        ("<body>", '<body style="color:red">', "a style stands in the page itself"),
        ("</head>", "<style></style></head>", "a style stands in the page itself"),
        ('href="https://a.example/"', 'href="https://a.example/{{ slug }}"', "{{ slug }} was not filled in"),
    ],
)
def test_each_fault_is_named(good, right, wrong, fault):
    """A page that breaks one promise is told which."""
    assert right in good
    assert any(fault in found for found in faults(good.replace(right, wrong)))


def test_dreadful_words_make_no_fault():
    """Whatever editors write, our own templates keep their promises."""
    site = hostile_site()
    assert [remark for remark in page_remarks(site, site.editions[0]) if remark.code != "S101"] == []


def test_a_long_story_is_named_with_its_file():
    """Ten thousand words in one paragraph make a heavy page: a note, at the line where they begin."""
    story = builders.article(
        body="A dam opens.\n\n" + "Водохранилище " * 10_000,
        file="issues/2025-12-10/01-long.md",
        lines=(("body", 9),),
    )
    site = builders.site(builders.issue(story))
    (found,) = page_remarks(site, site.editions[0])
    expected = ("issues/2025-12-10/01-long.md", 11, "S101", Severity.NOTE)
    assert (found.path, found.line, found.code, found.severity) == expected


def test_a_template_of_ones_own_is_looked_at_too():
    """A publication's own block that breaks a promise is named with the page that shows it."""
    own = {
        "web/base.html": '{% extends "shipped/web/base.html" %}{% block head %}<style>a{}</style>{% endblock %}'
    }
    site = builders.site()
    loader = ChoiceLoader([DictLoader(own), site.templates.loader])
    site = replace(site, templates=site.templates.overlay(loader=loader))
    found = list(page_remarks(site, site.editions[0]))
    assert {remark.code for remark in found} == {"S201"}
    assert [remark.path for remark in found] == [
        "index.html", "2025-12-10/index.html", "2025-12-10/bridge/index.html",
    ]  # fmt: skip  # in the order they are looked at
