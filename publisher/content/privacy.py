"""Pictures without what cameras write into them: where and when they were taken, and by whom.

A photographer's safety may hang on it. Segments and chunks are left out without touching a pixel;
only a picture that lies on its side is set upright first, because the mark that says so is among them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image as Pillow
from PIL import ImageOps

_ORIENTATION = 0x0112  # Exif 2.3 sec. 4.6.4
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_REMARKS = frozenset({b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"})
_JPEG_KEPT = frozenset({0xE0, 0xE2, 0xEE})  # JFIF, colour profile, Adobe's colour transform
_SCAN = 0xDA
_FINE = 92  # JPEG quality of a picture that had to be set upright


def without_metadata(data: bytes) -> bytes:
    """A PNG or JPEG with the same pixels and nothing else; bytes that are neither come back as they are."""
    if data.startswith(_PNG_SIGNATURE):
        return _PNG_SIGNATURE + b"".join(_png_chunks(data))
    if data.startswith(b"\xff\xd8"):
        return b"\xff\xd8" + b"".join(_jpeg_segments(_upright(data) or data))
    return data


def _png_chunks(data: bytes) -> Iterator[bytes]:
    """Every chunk but remarks (PNG 3rd edition sec. 11.3)."""
    position = len(_PNG_SIGNATURE)
    while position + 12 <= len(data):
        end = position + 12 + int.from_bytes(data[position : position + 4])
        if data[position + 4 : position + 8] not in _PNG_REMARKS:
            yield data[position:end]
        position = end


def _jpeg_segments(data: bytes) -> Iterator[bytes]:
    """Every segment but application data and comments; from the first scan on all is picture."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF and data[position + 1] != _SCAN:  # noqa: PLR2004  # marker
        marker = data[position + 1]
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4])
        remark = 0xE0 <= marker <= 0xEF or marker == 0xFE  # noqa: PLR2004  # APPn, COM (ITU T.81 table B.1)
        if marker in _JPEG_KEPT or not remark:
            yield data[position:end]
        position = end
    yield data[position:]


def _upright(data: bytes) -> bytes | None:
    """The picture turned as its mark says, or None where it stands upright already."""
    try:
        with Pillow.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            if picture.getexif().get(_ORIENTATION, 1) == 1:
                return None
            out = io.BytesIO()
            profile = picture.info.get("icc_profile")
            ImageOps.exif_transpose(picture).save(out, "JPEG", quality=_FINE, icc_profile=profile, exif=b"")
            return out.getvalue()
    except (OSError, ValueError, SyntaxError):
        return None
