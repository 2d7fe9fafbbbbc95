"""Screenshots of letters: `python tests/letter_shots.py FOLDER [NAME …]`.

Every letter is shot as a desk, a telephone and the narrowest screen show it, light and dark; with
its pictures blocked; and with its style elements taken away, as some clients do. It also says
where anything is wider than the screen.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from chromium import chromium, served
from letter_samples import LETTERS
from playwright.sync_api import Browser
from thumbnails import Shot

from publisher.rendering.digest import build_digest
from publisher.rendering.documents import Documents
from publisher.rendering.images import image_files, measure


class Screen(NamedTuple):
    """How a reader sees a letter; `bare` names what the client withholds."""

    width: int
    scheme: Literal["light", "dark"] = "light"
    bare: Literal["", "noimages", "nostyle"] = ""


SCREENS = [
    *(Screen(width, scheme) for width in (800, 375, 320) for scheme in ("light", "dark")),
    *(Screen(width, "light", bare) for width in (800, 375, 320) for bare in ("noimages", "nostyle")),
]
FEW_SCREENS = [
    Screen(800, "dark"),
    Screen(375),
    Screen(375, "dark"),
    Screen(320),
    Screen(320, bare="nostyle"),
]
KEPT_SCREENS = {"example": SCREENS, "russian": FEW_SCREENS, "persian": FEW_SCREENS}


def kept_shots(browser: Browser) -> Iterator[Shot]:
    """Shoot what golden pictures are kept of."""
    for name, screens in KEPT_SCREENS.items():
        yield from shots(browser, name, screens)


def shots(browser: Browser, name: str, screens: list[Screen]) -> Iterator[Shot]:
    """Shoot one letter in some circumstances, and say where it overflows."""
    site, edition = LETTERS[name]()
    digest = build_digest(site, edition)
    files = dict(digest.assets) | dict(Documents(image_files(site.images, measure(site.images))))
    unstyled = re.sub(r"(?s)<style>.*?</style>", "", digest.html)
    for width, scheme, bare in screens:
        html = unstyled if bare == "nostyle" else digest.html
        with served(browser, html, {} if bare == "noimages" else files, width=width, scheme=scheme) as page:
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                print(f"{name} {width} {scheme} {bare}: {wide} px wide", file=sys.stderr)
            picture = page.screenshot(full_page=True)
        yield Shot(f"letter-{name}-{width}-{scheme}{bare and '-' + bare}", picture)


def main(folder: Path, names: list[str]) -> None:
    """Write the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for name in names or LETTERS:
            for shot in shots(browser, name, SCREENS):
                (folder / f"{shot.name}.png").write_bytes(shot.png)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
