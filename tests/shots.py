"""Screenshots of the letters and of every kind of page: `./run shots [FOLDER]`, by default shots/.

Thumbnails of the pages are kept in tests/samples/shots/; `UPDATE_GOLDEN=1 ./run shots` takes them
anew. A thumbnail is a grey picture of 160 pixels' width: it shows that a column moved or a table
came apart, and not that a font was drawn a little differently.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

import letter_shots
from chromium import chromium
from hostile import hostile_site
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser
from sites import example_site, opened

from publisher.rendering.pages import page_files

ROOT = Path(__file__).resolve().parent.parent
THUMBNAILS = ROOT / "tests" / "samples" / "shots"
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
_WIDTH, _TALLEST = 160, 900


class Shot(NamedTuple):
    """A picture of a page."""

    name: str
    png: bytes

    @property
    def thumbnail(self) -> Image.Image:
        """The upper part of the page, small and grey."""
        with Image.open(BytesIO(self.png)) as picture:
            height = round(picture.height * _WIDTH / picture.width)
            small = picture.convert("L").resize((_WIDTH, height), Image.Resampling.BOX)
        return small.crop((0, 0, _WIDTH, min(height, _TALLEST)))


def page_shots(browser: Browser, *, all_sizes: bool = True) -> Iterator[Shot]:
    """Shoot every kind of page of the example, and the front and issue of the dreadful publication."""
    variants: list[tuple[int, Literal["light", "dark"], bool]] = [
        (1440, "light", False),
        (375, "dark", False),
    ]
    if all_sizes:
        more = [(width, scheme) for width in (1440, 800, 375, 320) for scheme in ("light", "dark")]
        variants = [(width, scheme, False) for width, scheme in more] + [(800, "light", True)]
    sites = {"": (example_site(ROOT), KINDS)}
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


def difference(one: Image.Image, other: Image.Image) -> float:
    """How unlike two thumbnails are, from 0 to 255; pages of other lengths are compared as far as both go."""
    common = (0, 0, _WIDTH, min(one.height, other.height))
    lengths = abs(one.height - other.height) / max(one.height, other.height) * 100
    stat = ImageStat.Stat(ImageChops.difference(one.crop(common), other.crop(common)))
    return max(float(stat.mean[0]), lengths)


def main(folder: Path) -> int:
    """Write all pictures, and with UPDATE_GOLDEN=1 the thumbnails."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for shot in page_shots(browser):
            (folder / f"{shot.name}.png").write_bytes(shot.png)
            print(shot.name, file=sys.stderr)
        if os.environ.get("UPDATE_GOLDEN") == "1":
            THUMBNAILS.mkdir(parents=True, exist_ok=True)
            for shot in page_shots(browser, all_sizes=False):
                shot.thumbnail.quantize(16).save(THUMBNAILS / f"{shot.name}.png", optimize=True)
    return letter_shots.main(folder / "letters", [])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "shots")))
