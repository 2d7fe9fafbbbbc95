"""Bytes from a clipboard or an old file -> clean text, and which encoding was assumed.

Marks at the beginning are believed, then UTF-8 is tried; only what is neither is guessed,
and a guess is told to the editor: Windows-1251 and KOI8-R share all their bytes, so only
the letters' frequency tells them apart.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from charset_normalizer import from_bytes

from publisher.errors import Finding, InputError

LARGEST_PAGE = 1_000_000
"""Bytes; a long newsroom page has twenty thousand."""

# The longer marks first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Unlimited, the detector takes a short Russian page for Mac Cyrillic or Shift JIS.
_GUESSES = ["cp1251", "koi8_r", "cp866", "cp1252"]
_NOT_TEXT = (
    (b"PK\x03\x04", "a Word or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a gzip file"),
)
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls, soft hyphens, zero-width marks, direction overrides, halves of characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff\ufffe\uffff]"
)


@dataclass(frozen=True)
class Decoded:
    """A page's text, and the encoding it was read in; `guessed` when nothing proves it."""

    text: str
    encoding: str
    guessed: bool = False


def decode(data: bytes, name: str, encoding: str = "") -> Decoded:
    """Read a pasted page; `encoding` is the editor's word, `name` stands in errors.

    Raises InputError for what is no text at all, is too large, or is not in `encoding`.
    """
    _refuse_other_files(data, name)
    if encoding:
        return Decoded(clean(_decode_as(data, encoding, name)), encoding)
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return Decoded(clean(data.decode(codec, "replace")), codec)
    if codec := _utf16_without_mark(data):
        return Decoded(clean(data.decode(codec, "replace")), codec, guessed=True)
    try:
        return Decoded(clean(data.decode("utf-8")), "utf-8")
    except UnicodeDecodeError:
        codec = _guess(data)
        return Decoded(clean(data.decode(codec, "replace")), codec, guessed=True)


def clean(text: str) -> str:
    """Compose letters, end lines with LF, and drop what nobody can see."""
    text = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _refuse_other_files(data: bytes, name: str) -> None:
    if len(data) > LARGEST_PAGE:
        message = f"{len(data):,} bytes is more than a page has"
        raise InputError(
            [
                Finding(
                    name, 0, 0, "", message, f"paste one issue; the limit is {LARGEST_PAGE:,} bytes", "F201"
                )
            ]
        )
    if kind := _other_kind(data):
        hint = "open it, copy its text, and paste that into a file"
        raise InputError([Finding(name, 0, 0, "", f"is {kind}, not text", hint, "F201")])


def _other_kind(data: bytes) -> str:
    """What a file is that holds no plain text, or nothing."""
    if _HTML.match(data):
        return "a web page's source"
    return next((kind for magic, kind in _NOT_TEXT if data.startswith(magic)), "")


def _decode_as(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, ValueError) as error:
        known = isinstance(error, ValueError)
        message = f"is not in {encoding}" if known else f"no encoding is called {encoding!r}"
        hint = "leave --encoding out to have it guessed, or try utf-8, cp1251, koi8-r"
        raise InputError([Finding(name, 0, 0, "", message, hint, "F201")]) from error


def _utf16_without_mark(data: bytes) -> str:
    """Text holds no zero bytes, but UTF-16 does: a space has one, and its side tells the order."""
    if not data.count(0):
        return ""
    high = sum(byte < 6 for byte in data[0::2])  # noqa: PLR2004  # Latin is 0, Cyrillic 4 and 5  # high bytes of UTF-16 in our alphabets
    low = sum(byte < 6 for byte in data[1::2])  # noqa: PLR2004
    if max(high, low) < len(data) // 3:
        return ""
    return "utf-16-be" if high > low else "utf-16-le"


def _guess(data: bytes) -> str:
    best = from_bytes(data, cp_isolation=_GUESSES).best()
    return best.encoding if best else "cp1252"
