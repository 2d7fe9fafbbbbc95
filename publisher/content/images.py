"""Pictures beside the words: measured once, read when a renderer asks.

This is an edge: it reads files.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from PIL import Image as Pillow

from publisher.content.models import Issue
from publisher.content.privacy import without_metadata
from publisher.content.reading import read_bytes
from publisher.errors import Finding, InputError

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
_FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG"}
_UNREADABLE = (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError)
_ENDS = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9"}


class Measured(NamedTuple):
    """What a picture's file says of itself."""

    width: int
    height: int
    bytes: int


def measure(path: Path, file: str, *, within: Path) -> Measured:
    """Check that a file is the whole PNG or JPEG that its name says; never decode its pixels.

    Raises InputError otherwise: a cut-off picture would be broken in every reader's letter.
    """
    data = without_metadata(read_bytes(path, file, within=within, limit=MAX_BYTES))
    unreadable = _refusal(file, "is not a picture that can be read", "save it as PNG or JPEG again")
    try:
        kind, width, height = _head(data)
    except _UNREADABLE:
        raise unreadable from None
    if width * height > MAX_PIXELS:
        message = f"has {width} × {height} pixels; the limit is {MAX_PIXELS // 1_000_000} million"
        raise _refusal(file, message, "make it smaller: 1600 pixels are wide enough")
    if _FORMATS[path.suffix.lower().lstrip(".")] != kind:
        raise _refusal(file, f"is a {kind} by its content", f"rename it to end in .{kind.lower()}")
    if _ENDS[kind] not in data[-4096:]:
        raise _refusal(file, "is cut off: its end is missing", "copy it again from where it came")
    try:
        _check_sums(data)
    except _UNREADABLE:
        raise unreadable from None
    return Measured(width, height, len(data))


def _head(data: bytes) -> tuple[str, int, int]:
    """Format, width and height."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
        with Pillow.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            return picture.format or "", *picture.size


def _check_sums(data: bytes) -> None:
    """The checksums of a PNG's chunks; a JPEG has none."""
    with Pillow.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
        picture.verify()


class Images(Mapping[str, bytes]):
    """`"2025-12-10/images/dam.jpg"` -> the file's bytes, read when they are asked for."""

    def __init__(self, root: Path, names: Iterable[str]) -> None:
        """Serve the named files below the folder of issues."""
        self._root = root
        self._names = dict.fromkeys(sorted(names))

    def __getitem__(self, name: str) -> bytes:
        """Read one picture, without what the camera wrote into it."""
        if name not in self._names:
            raise KeyError(name)
        return without_metadata((self._root / name).read_bytes())

    def __iter__(self) -> Iterator[str]:
        """Names in order."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._names)


def images_of(root: Path, issues: Iterable[Issue]) -> Images:
    """All pictures that the issues show, as `Site.images` wants them; `root` holds `issues/`."""
    names = (f"{issue.slug}/{path}" for issue in issues for path in issue.pictures)
    return Images(root / "issues", names)


def _refusal(file: str, message: str, hint: str) -> InputError:
    return InputError([Finding(file, 0, 0, "", message, hint, "F111")])
