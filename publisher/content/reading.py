"""Bytes on disk -> clean text, or findings that say how to make them so.

This is an edge: it reads files.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
from pathlib import Path

from charset_normalizer import from_bytes

from publisher.content.text import FORBIDDEN
from publisher.errors import Finding, InputError

MAX_BYTES = 1_000_000

MANY = 10

_ENCODINGS = ["cp1251", "koi8_r", "cp1252", "utf_8"]
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_text(path: Path, file: str, *, within: Path) -> str:
    """Read one UTF-8 text file with LF line ends; `file` is its name in findings.

    A file that leads out of the folder `within`, is larger than a megabyte, is not UTF-8 or
    holds control characters raises InputError.
    """
    return decode(read_bytes(path, file, within=within, limit=MAX_BYTES), file)


def read_bytes(path: Path, file: str, *, within: Path, limit: int) -> bytes:
    """Read a regular file inside the folder `within`, whatever links point at it."""
    try:
        linked = path.is_symlink() or path.parent != within
        if linked and not path.resolve().is_relative_to(within.resolve()):
            raise _refusal(file, "is a link that leads out of its folder", "copy the file itself here")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refusal(file, "is not a file", "remove it, or put a file in its place")
        if status.st_size > limit:
            message = f"has {status.st_size:,} bytes; the limit is {limit:,}"
            raise _refusal(file, message, "make it smaller, or split it")
        return path.read_bytes()
    except FileNotFoundError:
        raise _refusal(file, "is missing", "add it, or correct its name") from None
    except (OSError, RuntimeError) as error:  # links in a circle are a RuntimeError before Python 3.13
        number = getattr(error, "errno", errno.ELOOP)
        reason = "its links go round in a circle" if number == errno.ELOOP else os.strerror(number)
        raise _refusal(file, f"cannot be read: {reason}", "check the file and its permissions") from None


def decode(data: bytes, file: str) -> str:
    """UTF-8, with or without a byte order mark, any line ends; control characters are refused."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([_not_utf8(data, file, error)]) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := FORBIDDEN.search(text):
        raise InputError([_invisible(text, found, file)])
    return text


def _not_utf8(data: bytes, file: str, error: UnicodeDecodeError) -> Finding:
    """Name the probable encoding, where it shows, and the command that converts it."""
    before = data[: error.start].rpartition(b"\n")[2].decode("utf-8", "replace")
    place = (file, data.count(b"\n", 0, error.start) + 1, len(before) + 1, "")
    if _is_nearly_utf8(data):
        return Finding(*place, "has a broken character", "delete it and type it again", "F101")
    name = _MARKS.get(data[:2]) or _guess(data)
    if not name:
        return Finding(*place, "is not text in UTF-8", "save it as UTF-8", "F101")
    hint = f"save it as UTF-8, or convert it: iconv -f {name} -t utf-8 {file} > new.md"
    return Finding(*place, f"is not UTF-8; it looks like {name}", hint, "F101")


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether most letters beyond ASCII are whole, or only halves of pairs spoil it."""
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        beyond = sum(not character.isascii() for character in text)
        return beyond > 2 * text.count("\ufffd")
    return True


def _guess(data: bytes) -> str:
    """Guess among what editors of the region have; without the short list, guesses are wild."""
    best = from_bytes(data[:20_000], cp_isolation=_ENCODINGS).best()
    return best.encoding.replace("_", "-") if best else ""


def _invisible(text: str, found: re.Match[str], file: str) -> Finding:
    """Where the first character is that neither XML nor mail can carry, and how many there are."""
    start = found.start()
    place = (text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
    count = len(FORBIDDEN.findall(text))
    more = f", the first of {count} such" if count > 1 else ""
    message = f"has the invisible character U+{ord(found.group()):04X}{more}"
    hint = "delete it" if count < MANY else "save it as plain text in UTF-8"
    return Finding(file, *place, "", message, hint, "F101")


def _refusal(file: str, message: str, hint: str) -> InputError:
    """One finding about a file as a whole."""
    return InputError([Finding(file, 0, 0, "", message, hint, "F101")])
