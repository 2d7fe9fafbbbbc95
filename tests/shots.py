"""Screenshots of the letters and of every kind of page: `./run shots [FOLDER]`, by default shots/.

`UPDATE_GOLDEN=1 ./run shots` also takes the kept thumbnails anew (see thumbnails.py), and the README's picture.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import letter_shots
from chromium import chromium
from hostile import hostile_site
from long_reads import long_site
from playwright.sync_api import Browser
from sites import example_site, opened
from thumbnails import Shot, keep

from publisher.rendering.pages.plan import page_files

ROOT = Path(__file__).resolve().parent.parent
KINDS = {
    "front": "",
    "issue": "2025-12-10/",
    "corrected": "2025-12-09/railway/",
    "pictured": "2025-12-10/red-caspian/",
    "section": "sections/environment/",
    "archive": "archive/",
    "year": "archive/2025/",
    "feeds": "feeds/",
    "lost": "404.html",
}


def page_shots(browser: Browser, *, all_sizes: bool = True) -> Iterator[Shot]:
    """Shoot every kind of page of the example, and the front and issue of the dreadful publication."""
    variants: list[tuple[int, Literal["light", "dark"], bool]] = [
        (1440, "light", False),
        (375, "dark", False),
    ]
    if all_sizes:
        more = [(width, scheme) for width in (1440, 800, 375, 320) for scheme in ("light", "dark")]
        variants = [(width, scheme, False) for width, scheme in more] + [(800, "light", True)]
    sites = {"": (example_site(ROOT), KINDS), "long-": (long_site(), {"page": "2025-12-10/bridge/2/"})}
    hostile = {"hostile-front": "", "hostile-issue": "2025-12-10/", "hostile-story": "2025-12-10/story-1/"}
    if all_sizes:
        sites |= {f"{tag}-": (hostile_site(tag), hostile) for tag in ("en", "ru", "fa")}
    for prefix, (site, kinds) in sites.items():
        files = dict(page_files(site))
        for kind, path in kinds.items():
            for width, scheme, paper in variants:
                with opened(browser, files, path, width=width, scheme=scheme) as page:
                    if paper:
                        page.emulate_media(media="print")
                    page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
                    page.wait_for_load_state("networkidle")
                    name = f"{prefix}{kind}-{width}-{'print' if paper else scheme}"
                    yield Shot(name, page.screenshot(full_page=True))


def main(folder: Path) -> None:
    """Write all pictures, and with UPDATE_GOLDEN=1 the thumbnails."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for shot in page_shots(browser):
            (folder / f"{shot.name}.png").write_bytes(shot.png)
            print(shot.name, file=sys.stderr)
        if os.environ.get("UPDATE_GOLDEN") == "1":
            keep(page_shots(browser, all_sizes=False))
            keep(letter_shots.kept_shots(browser))
            (ROOT / "docs/digest.png").write_bytes(letter_shots.readme_picture(browser))
    letter_shots.main(folder / "letters", [])


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "shots"))
