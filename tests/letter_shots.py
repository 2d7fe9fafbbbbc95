"""Screenshots of letters: `python tests/letter_shots.py FOLDER [NAME …]`.

Every letter is shot as a desk, a telephone and the narrowest screen show it, light and dark; with
its pictures blocked; and with its style elements taken away, as some clients do. It also says
where anything is wider than the screen.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from chromium import chromium, served
from letter_samples import LETTERS
from playwright.sync_api import Browser

from publisher.rendering.digest import Digest, build_digest
from publisher.rendering.images import image_files, measure

_WIDTHS = (800, 375, 320)


def main(folder: Path, names: list[str]) -> int:
    """Write the pictures; count the letters that overflow their screen."""
    folder.mkdir(parents=True, exist_ok=True)
    overflowing = 0
    with chromium() as browser:
        for name in names or LETTERS:
            site, edition = LETTERS[name]()
            digest = build_digest(site, edition)
            pictures = image_files(site.images, measure(site.images))
            files = dict(digest.assets) | {path: make() for path, make in pictures.items()}
            overflowing += shoot(browser, digest, files, folder / name)
    return min(overflowing, 1)


def shoot(browser: Browser, digest: Digest, files: dict[str, bytes], stem: Path) -> int:
    """Shoot one letter in all its circumstances; return how many of them overflow."""
    overflowing = 0
    variants = [(width, scheme, "") for width in _WIDTHS for scheme in ("light", "dark")]
    variants += [(width, "light", bare) for width in (800, 375) for bare in ("noimages", "nostyle")]
    for width, scheme, bare in variants:
        html = re.sub(r"(?s)<style>.*?</style>", "", digest.html) if bare == "nostyle" else digest.html
        with served(browser, html, {} if bare == "noimages" else files, width=width, scheme=scheme) as page:
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                overflowing += 1
                print(f"{stem.name} {width} {scheme} {bare}: {wide} px wide", file=sys.stderr)
            page.screenshot(path=f"{stem}-{width}-{scheme}{bare and '-' + bare}.png", full_page=True)
    return overflowing


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
