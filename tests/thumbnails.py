"""Golden pictures: a screenshot beside the small grey one that was kept when somebody last looked.

They lie in tests/samples/shots/; `UPDATE_GOLDEN=1 ./run shots` takes them anew. A thumbnail is
160 pixels wide: it shows that a column moved or a table came apart, and not that a font was drawn
a little differently.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops, ImageStat

KEPT = Path(__file__).resolve().parent / "samples" / "shots"
TOLERANCE = 7.5
"""Of 255, measured: the same page gives up to 1, another font 2 to 6, a table or column come apart 8 to 10."""
_WIDTH, _TALLEST = 160, 900


class Shot(NamedTuple):
    """A picture of a page or a letter."""

    name: str
    png: bytes

    @property
    def thumbnail(self) -> Image.Image:
        """The upper part of it, small and grey."""
        with Image.open(BytesIO(self.png)) as picture:
            height = round(picture.height * _WIDTH / picture.width)
            small = picture.convert("L").resize((_WIDTH, height), Image.Resampling.BOX)
        return small.crop((0, 0, _WIDTH, min(height, _TALLEST)))


def difference(one: Image.Image, other: Image.Image) -> float:
    """How unlike two thumbnails are, from 0 to 255; pages of other lengths are compared as far as both go."""
    common = (0, 0, _WIDTH, min(one.height, other.height))
    lengths = abs(one.height - other.height) / max(one.height, other.height) * 100
    stat = ImageStat.Stat(ImageChops.difference(one.crop(common), other.crop(common)))
    return max(float(stat.mean[0]), lengths)


def changed(shots: Iterable[Shot]) -> dict[str, float]:
    """Name the shots that no longer look as they did, with how unlike they are."""
    unlike = {}
    for shot in shots:
        with Image.open(KEPT / f"{shot.name}.png") as golden:
            found = difference(shot.thumbnail, golden.convert("L"))
        if found > TOLERANCE:
            unlike[shot.name] = round(found, 1)
    return unlike


def keep(shots: Iterable[Shot]) -> None:
    """Take the golden pictures anew."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for shot in shots:
        shot.thumbnail.quantize(16).save(KEPT / f"{shot.name}.png", optimize=True)
