"""Every kind of page, and the letters, still look as they did when somebody last looked at them."""

from __future__ import annotations

import pytest
from chromium import chromium
from letter_shots import kept_shots
from shots import page_shots
from thumbnails import changed


@pytest.mark.browser
@pytest.mark.slow
def test_pages_look_as_they_did():
    """No column moved and no table came apart; if it was meant: UPDATE_GOLDEN=1 ./run shots."""
    with chromium() as browser:
        assert changed(page_shots(browser, all_sizes=False)) == {}


@pytest.mark.browser
@pytest.mark.slow
def test_letters_look_as_they_did():
    """Nor in the letter: wide and narrow, light and dark, bare of pictures or styles, in three scripts."""
    with chromium() as browser:
        assert changed(kept_shots(browser)) == {}
