"""Recipes: the same while everything that a file shows is the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import builders
import pytest
from commands import ROOT, example

from publisher.config import load_settings
from publisher.pipeline.recipes import Recipes, house
from publisher.rendering.images import Measured


def recipes(*issues, **changes) -> Recipes:
    """Recipes of a site of these issues."""
    return Recipes("house", replace(builders.site(*issues), **changes))


ISSUE = builders.issue()
OLDER = builders.issue(builders.article(id="older"), date=date(2025, 12, 9), number=127)


def test_a_recipe_depends_on_nothing_else() -> None:
    """Another issue beside it changes nothing for a file that does not show it."""
    alone, beside = recipes(ISSUE), recipes(ISSUE, OLDER)
    assert alone.of("page", (ISSUE, "title", 3, None)) == beside.of("page", (ISSUE, "title", 3, None))
    assert alone.of("page", None) != beside.of("page", None)


@pytest.mark.parametrize(
    "changed",
    [
        ISSUE.model_copy(update={"title": "Another"}),
        builders.issue(builders.article(body="Another.")),
        builders.issue(builders.article(), builders.article(id="second", slug="second")),
    ],
)
def test_every_word_of_an_issue_counts(changed) -> None:
    """Its own, its stories' and how many they are."""
    assert recipes(ISSUE).of("page", (ISSUE,)) != recipes(changed).of("page", (changed,))


def test_the_table_counts() -> None:
    """Rates that were corrected give another page and letter."""
    site = builders.site(ISSUE)
    edition = site.editions[0]
    other = replace(edition, rates=edition.rates.model_copy(update={"note": "corrected"}))
    assert Recipes("", site).of("", (edition,)) != Recipes("", replace(site, editions=(other,))).of(
        "", (other,)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [(("a", "b"), ("ab",)), ((["a"], "b"), (["a", "b"],)), ((1,), ("1",)), ((None,), ("None",)), ((), ("",))],
)
def test_values_are_told_apart(one: tuple[object, ...], other: tuple[object, ...]) -> None:
    """However they are cut, and whatever they are."""
    assert recipes().of("page", one) != recipes().of("page", other)


def test_a_borrowed_picture_counts() -> None:
    """A story may show the picture of another issue, by its full address."""
    body = "![A dam](https://letter.example/2025-12-09/images/dam.png)"
    issue = builders.issue(builders.article(body=body))
    older = OLDER.model_copy(update={"pictures": ("images/dam.png",)})
    one, other = (
        recipes(issue, older, pictures={"2025-12-09/images/dam.png": Measured("", digest, 1, 1, "image/png")})
        for digest in ("one", "other")
    )
    assert one.of("page", (issue,)) != other.of("page", (issue,))


def test_what_has_no_digest_is_refused() -> None:
    """A maker that is given something new must not look the same for ever."""
    with pytest.raises(TypeError, match="no digest"):
        recipes().of("page", (object(),))


def test_the_house_knows_templates_and_visible_settings(tmp_path: Path) -> None:
    """A template laid over ours, or another title, changes every recipe; a port does not."""
    project = example(tmp_path) / "publication.toml"
    before = house(load_settings(project, {}))
    assert house(load_settings(project, {"PUBLISHER_WEB_PORT": "1234"})) == before
    assert house(load_settings(project, {"PUBLISHER_PUBLICATION_TITLE": "Another"})) != before
    (tmp_path / "templates/web").mkdir(parents=True)
    (tmp_path / "templates/web/404.html").write_bytes((ROOT / "templates/web/404.html").read_bytes())
    assert house(load_settings(project, {})) != before
