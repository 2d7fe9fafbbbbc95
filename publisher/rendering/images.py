"""Pictures in the sizes that screens need: names first, bytes only for those that do not stand yet.

A name carries the hash of the picture as it came, so it never means two things and may be cached for
ever; a page can be written from names and measures alone, without decoding anything.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image as Picture
from PIL import ImageCms, ImageOps

from publisher.errors import Finding, InputError
from publisher.rendering.documents import Document

WIDTHS = (480, 800, 1216, 1600)
"""Pixels: a telephone; the same on a fine screen, or a column; a column of 38rem on a fine screen, to
the pixel; the same a half larger. Nothing is ever enlarged."""

_JPEG_QUALITY = 82
_ORIENTATION = 0x0112  # Exif 2.32, 4.6.4
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})


@dataclass(frozen=True)
class Variant:
    """One size of a picture."""

    path: str  # assets/dam-0123456789-800.jpg
    width: int
    height: int


@dataclass(frozen=True)
class Measured:
    """A picture as it came: its name, the hash of its bytes, and its upright size in pixels."""

    key: str  # 2025-12-10/images/dam.jpg
    digest: str
    width: int
    height: int
    media_type: str

    @property
    def path(self) -> str:
        """Where the file itself is served: a stable address, for feeds, letters and links in a text."""
        return self.key

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Every size that a page offers, the smallest first."""
        largest = min(self.width, WIDTHS[-1])
        smaller = [width for width in WIDTHS if width < largest]
        return tuple(self._variant(width) for width in (*smaller, largest))

    def _variant(self, width: int) -> Variant:
        name = PurePosixPath(self.key)
        path = f"assets/{name.stem}-{self.digest}-{width}{name.suffix}"
        return Variant(path, width, max(1, round(self.height * width / self.width)))


def measure(images: Mapping[str, bytes]) -> dict[str, Measured]:
    """Read names and sizes; only the header of each file is looked at."""
    return {key: _measured(key, data) for key, data in sorted(images.items())}


def _measured(key: str, data: bytes) -> Measured:
    with Picture.open(BytesIO(data)) as picture:
        width, height = picture.size
        # Of a PNG Pillow would decode all pixels to look for the mark; the loader has taken it away.
        if picture.format == "JPEG" and picture.getexif().get(_ORIENTATION) in _ON_ITS_SIDE:
            width, height = height, width
        media_type = Picture.MIME[picture.format or ""]
    return Measured(key, hashlib.sha256(data).hexdigest()[:10], width, height, media_type)


def image_files(images: Mapping[str, bytes], pictures: Mapping[str, Measured]) -> dict[str, Document]:
    """What makes each file: every picture as it came, under its own name, and its sizes under hashed ones."""
    files: dict[str, Document] = {}
    for key, measured in pictures.items():
        files[key] = Document(partial(images.__getitem__, key), (measured.digest,))
        for variant in measured.variants:
            files[variant.path] = Document(partial(resized, images, key, variant), (measured.digest,))
    return files


def resized(images: Mapping[str, bytes], key: str, variant: Variant) -> bytes:
    """Scale down. Metadata stays behind: a camera writes down where the photographer stood.

    Raises InputError when the picture is damaged inside, which only shows when it is decoded.
    """
    out = BytesIO()
    try:
        with Picture.open(BytesIO(images[key])) as opened:
            upright = ImageOps.exif_transpose(opened)
            size = (variant.width, variant.height)
            if opened.format == "JPEG":
                small = _screen_colours(upright).resize(size, Picture.Resampling.LANCZOS)
                small.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True, progressive=True)
            else:
                _small_png(upright, size).save(out, "PNG", optimize=True)
    except (OSError, ValueError, SyntaxError):
        fault, hint = "is damaged: it cannot be decoded", "save it again, or copy it from where it came"
        raise InputError([Finding(f"issues/{key}", 0, 0, "", fault, hint, "F111")]) from None
    return out.getvalue()


def _screen_colours(picture: Picture.Image) -> Picture.Image:
    """A photograph in the colours of screens (sRGB): those of print or of a fine camera would look dull."""
    if profile := picture.info.get("icc_profile"):
        with contextlib.suppress(ImageCms.PyCMSError):
            screen = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, BytesIO(profile), screen, outputMode="RGB")
            return converted or picture
    return picture.convert("RGB")


def _small_png(picture: Picture.Image, size: tuple[int, int]) -> Picture.Image:
    """Keep few colours few: a drawing scaled in full colour would outgrow its original."""
    picture = _in_eight_bits(picture)
    full = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    small = full.resize(size, Picture.Resampling.LANCZOS)
    if picture.mode != "P" or small.mode == "RGBA":
        return small
    return small.quantize(256, dither=Picture.Dither.NONE)


def _in_eight_bits(picture: Picture.Image) -> Picture.Image:
    """Greys of 16 bits, as maps and scanners write them: Pillow would cut them off, and all be white."""
    return picture.point(lambda grey: grey / 257).convert("L") if picture.mode.startswith("I") else picture
