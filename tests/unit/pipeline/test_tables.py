"""Tables are laid out once, and read only where they are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import ROOT

from publisher.cache import Cache
from publisher.config import load_settings
from publisher.content.loading import load_issues
from publisher.pipeline.issues import load_history
from publisher.pipeline.tables import Tables, table_of
from publisher.rates.models import RatesTable
from publisher.rendering.models import Edition

SETTINGS = load_settings(ROOT / "publication.toml", {})
ISSUES = load_issues(ROOT, SETTINGS.publication)


def editions(cache: Cache) -> list[Edition]:
    """Our own issues with their tables, and what is new kept."""
    tables = Tables(SETTINGS.rates, load_history(SETTINGS, ISSUES), cache)
    found = [tables.edition(issue) for issue in ISSUES]
    cache.keep()
    return found


def test_a_kept_table_is_the_one_that_was_laid_out(tmp_path: Path) -> None:
    """Also for the recipes, which ask for its bytes."""
    first, again = editions(Cache(tmp_path)), editions(Cache(tmp_path))
    assert [edition.rates for edition in again] == [edition.rates for edition in first]
    assert list(map(table_of, again)) == list(map(table_of, first))
    assert any(edition.rates for edition in first)


def test_a_table_that_nobody_shows_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes are enough to tell that it is the same."""
    first = editions(Cache(tmp_path))
    monkeypatch.setattr(RatesTable, "model_validate_json", None)
    assert list(map(table_of, editions(Cache(tmp_path)))) == list(map(table_of, first))


def test_an_issue_without_rates_has_no_table(tmp_path: Path) -> None:
    """And nothing to be kept."""
    tables = Tables(SETTINGS.rates, load_history(SETTINGS, ISSUES), Cache(tmp_path))
    assert tables.edition(ISSUES[0].model_copy(update={"rates": None})).rates is None
