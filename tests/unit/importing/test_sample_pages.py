"""Whole pages: what a person reads in them is what the draft holds."""

from __future__ import annotations

import imported_pages as pages
import pytest


@pytest.mark.parametrize("name", pages.NAMES)
def test_a_page_is_read_as_a_person_reads_it(name):
    """Date, rates, articles, sub-headings, lists, quotations, authors and furniture are all found."""
    expected = pages.truth(name)
    assert pages.outline(pages.draft_of(name)) == expected
