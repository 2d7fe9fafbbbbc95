"""Every kind of page still looks as it did when somebody last looked at it."""

from __future__ import annotations

import pytest
from chromium import chromium
from PIL import Image
from shots import THUMBNAILS, difference, page_shots

TOLERANCE = 7.5
"""Of 255, measured: the same page gives up to 1, another font 2 to 6, a table or column come apart 8 to 10."""


@pytest.mark.browser
@pytest.mark.slow
def test_pages_look_as_they_did():
    """No column moved and no table came apart; if it was meant: UPDATE_GOLDEN=1 ./run shots."""
    unlike = {}
    with chromium() as browser:
        for shot in page_shots(browser, all_sizes=False):
            with Image.open(THUMBNAILS / f"{shot.name}.png") as golden:
                found = difference(shot.thumbnail, golden.convert("L"))
            if found > TOLERANCE:
                unlike[shot.name] = round(found, 1)
    assert unlike == {}
