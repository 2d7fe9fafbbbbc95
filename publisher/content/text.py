"""Text hygiene at the door: every string that enters is clean, or refused with a reason.

Nothing further in has to think about control characters, lone surrogates or look-alike
compositions: feedgen and lxml refuse them without saying which entry was at fault, and a
carriage return in a title is a second header line in a letter.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

# C0 and C1 controls, surrogates and the two non-characters XML 1.0 forbids (sec. 2.2), and the
# line and paragraph separators, which YAML and JavaScript take for line ends and people never see.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
# Embeddings, overrides and their end: they can make a title read as what it is not (UAX #9).
# Isolates (U+2066 to U+2069) and the plain marks stay allowed: right-to-left text needs them.
_OVERRIDES = re.compile("[\u202a-\u202e]")


def clean_body(value: str) -> str:
    """Normalise to NFC with LF line ends; refuse what XML and mail cannot carry."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if found := FORBIDDEN.search(text):
        raise ValueError(f"contains the invisible character U+{ord(found.group()):04X}; delete it")
    return text


def clean_line(value: str) -> str:
    """Clean one line of text, such as a title: as a body, but without breaks and overrides."""
    text = clean_body(value)
    if "\n" in text.strip("\n") or "\t" in text:
        raise ValueError("has a line break or a tab in it; write it in one line, with blanks")
    if found := _OVERRIDES.search(text):
        raise ValueError(f"contains the direction override U+{ord(found.group()):04X}; delete it")
    return text.strip()


def shown(text: str, limit: int = 80) -> str:
    """Words from outside, as they can be printed: nothing invisible, nothing endless."""
    if len(text) > limit:
        text = f"{text[:limit]}…"
    printable = (c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return "".join(printable)


def invisible(text: str) -> str:
    """The first character that nobody sees, as U+00A0: what spoils a word that looks right."""
    return next((f"U+{ord(c):04X}" for c in text if not c.isprintable() and c not in "\t\n"), "")


Line = Annotated[str, AfterValidator(clean_line), StringConstraints(min_length=1, max_length=500)]
"""A title, a name: one clean line, not empty."""

OptionalLine = Annotated[str, AfterValidator(clean_line), StringConstraints(max_length=1000)]
"""The same, or nothing."""

Body = Annotated[str, AfterValidator(clean_body), StringConstraints(max_length=1_000_000)]
"""Markdown of any number of lines; a megabyte is the limit (a newspaper page has ten kilobytes)."""
