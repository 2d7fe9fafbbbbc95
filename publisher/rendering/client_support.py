"""CSS that a mail client in use does not know; a small table derived from caniemail's data.

caniemail.com, as of June 2026, Copyright (c) 2019 HTeuMeuLeu, MIT licence. Only what an author of a
style sheet might reach for is listed, with the clients where the letter would come apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

FORBIDDEN: Mapping[str, str] = MappingProxyType(
    {
        r"\bvar\(": "CSS variables: Gmail, Outlook, Yahoo",
        r"\bcalc\(": "calc(): Outlook for Windows, some Gmail apps",
        r"\b(?:clamp|min|max)\(": "clamp(), min(), max(): Gmail, Outlook, Yahoo",
        r"\d(?:rem|vw|vh|vmin|vmax|ch)\b": "lengths other than px: Yahoo, Outlook for Windows",
        r"\burl\(": "url(): Gmail drops the whole style element; Outlook for Windows",
        r"\b(?:image-set|src)\(": "image-set() and src(): Gmail, Outlook, Yahoo",
        r"@import\b": "@import: nearly all",
        r"@font-face\b": "web fonts: Gmail, Outlook",
        r"@supports\b": "@supports: Gmail, Outlook, Yahoo",
        r"@(?:keyframes|layer|container)\b": "@keyframes, @layer, @container: Gmail, Outlook, Yahoo",
        r"(?<![\w-])display:\s*(?:flex|inline-flex|grid|inline-grid)": "flexbox and grid: Outlook for Windows, Yahoo",
        r"(?<![\w-])position:\s*(?:absolute|fixed|sticky|relative)": "position: Gmail, Outlook, Yahoo",
        r"(?<![\w-])float:": "float: Outlook for Windows",
        r"(?<![\w-])gap:": "gap: Gmail, Outlook, Yahoo",
        r"(?<![\w-])(?:margin|padding|border)-(?:inline|block)": "logical sides: Gmail, Outlook, Yahoo",
        r"(?<![\w-])text-align:\s*(?:start|end)": "text-align start and end: Gmail, Outlook for Windows",
        r"(?<![\w-])inset(?:-\w+)?:": "inset: Gmail, Outlook, Yahoo",
        r"(?<![\w-])aspect-ratio:": "aspect-ratio: Gmail, Outlook, Yahoo",
        r"(?<![\w-])object-fit:": "object-fit: Outlook, Yahoo",
        r"(?<![\w-])(?:clip-path|mask|mask-image|filter|mix-blend-mode|transform|transition|animation)\s*:": (
            "clipping, filters, transforms and motion: Gmail, Outlook, Yahoo"
        ),
        r"(?<![\w-])background(?:-image)?:[^;]*gradient\(": "gradients: Outlook for Windows",
        r"(?<![\w-])margin(?:-\w+)?:[^;]*-\d": "negative margins: Gmail, Outlook",
        r"(?<![\w-])content:": "generated content: Gmail, Outlook, Yahoo",
        r"::?(?:before|after)\b": "::before and ::after: Gmail, Outlook, Yahoo",
        r":(?:is|where|has)\(": ":is(), :where(), :has(): Gmail, Outlook, Yahoo",
        r"\b(?:oklch|oklab|lch|lab|color|color-mix|light-dark)\(": "new colour notations: Gmail, Outlook, Yahoo",
        r"#[0-9A-Fa-f]{8}\b": "colours with opacity: Outlook for Windows, Yahoo",
        r"\brgba?\([^)]*/": "rgb() with a slash: Gmail, Outlook, Yahoo",
        r"expression\(|behavior:|javascript:": "script in CSS: all",
    }
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), clients) for pattern, clients in FORBIDDEN.items())


def unsupported(css: str) -> Iterator[str]:
    """Say for each forbidden feature in a piece of CSS what it is and who does not know it."""
    for pattern, clients in _PATTERNS:
        if found := pattern.search(css):
            yield f"the style {found.group().strip()!r} is not known everywhere ({clients})"
