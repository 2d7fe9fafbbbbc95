"""Screenshots of letters: `python tests/letter_shots.py FOLDER [NAME …]`.

Every letter is shot as a desk, a telephone and the narrowest screen show it, light and dark; with
its pictures blocked; and with its style elements taken away, as some clients do. It also says
where anything is wider than the screen.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

from chromium import chromium, served
from letter_samples import LETTERS
from PIL import Image
from playwright.sync_api import Browser
from sites import example_site
from thumbnails import Shot

from publisher.rendering.digest import build_digest
from publisher.rendering.documents import Documents
from publisher.rendering.images import image_files, measure
from publisher.rendering.models import Edition, Site


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


_GAP, _SHOWN = 24, 1180  # pixels around the README's letters, and of each from the top


def kept_shots(browser: Browser) -> Iterator[Shot]:
    """Shoot what golden pictures are kept of."""
    for name, screens in KEPT_SCREENS.items():
        yield from shots(browser, name, screens)


def shots(browser: Browser, name: str, screens: list[Screen]) -> Iterator[Shot]:
    """Shoot one of the sample letters in some circumstances."""
    return _shots(browser, name, *LETTERS[name](), screens)


def _shots(
    browser: Browser, name: str, site: Site, edition: Edition, screens: list[Screen]
) -> Iterator[Shot]:
    """Shoot a letter, and say where it overflows."""
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


def readme_picture(browser: Browser) -> bytes:
    """The letter that `./run publish` makes, on a wide screen and a telephone, light and dark."""
    site = example_site(Path(__file__).resolve().parent.parent)
    screens = [Screen(700), Screen(375), Screen(375, "dark")]
    made = _shots(browser, "readme", site, site.editions[0], screens)
    pictures = [Image.open(BytesIO(shot.png)).convert("RGB") for shot in made]
    width = sum(picture.width + _GAP for picture in pictures) + _GAP
    sheet = Image.new("RGB", (width, _SHOWN + 2 * _GAP), (138, 146, 155))
    left = _GAP
    for picture in pictures:
        sheet.paste(picture.crop((0, 0, picture.width, _SHOWN)), (left, _GAP))
        left += picture.width + _GAP
    out = BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def main(folder: Path, names: list[str]) -> None:
    """Write the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for name in names or LETTERS:
            for shot in shots(browser, name, SCREENS):
                (folder / f"{shot.name}.png").write_bytes(shot.png)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
