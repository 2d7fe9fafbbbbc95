"""What can be seen to be wrong with a finished letter, without a browser and without Node.

Structure (roles, alternatives, headings, link texts, scopes), placeholders that nobody filled
in, and CSS that a client in use does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from publisher.errors import Finding, Severity
from publisher.rendering.client_support import unsupported
from publisher.rendering.markup_check import (
    heading_faults,
    image_faults,
    language_faults,
    link_faults,
    table_faults,
    tree_of,
)

KEPT_STYLE_LIMIT = 8_000
"""Bytes of CSS in the head; Gmail drops all of it beyond 16 kB."""

SLOT = re.compile(r"%%\w+%%")
"""The form of a slot; one that is not ours would reach a reader as it stands."""
_PLACEHOLDER = re.compile(r"%%\w+%%|\{\{.*?\}\}|\{%.*?%\}|\*\|\w+\|\*")
_SCHEMES = ("https:", "http:", "mailto:", "cid:")


def check_letter(page: str, text: str, *, slots: Sequence[str], path: str) -> list[Finding]:
    """List every fault as an error of the letter's template or style sheets."""
    tree = tree_of(page)
    faults = [
        *language_faults(tree, "the letter"),
        *table_faults(tree),
        *image_faults(tree),
        *_formats(tree),
        *heading_faults(tree, "the letter"),
        *link_faults(tree),
        *_addresses(tree, slots),
        *_slots(page, text, slots),
        *_styles(tree),
    ]
    return [
        Finding(
            path=path,
            line=0,
            column=0,
            field="email",
            message=fault,
            hint="put templates/email/ right",
            code="L201",
            severity=Severity.ERROR,
        )
        for fault in dict.fromkeys(faults)
    ]


def _formats(tree: HtmlElement) -> Iterator[str]:
    for image in tree.iter("img"):
        name = image.get("src", "")
        if name.startswith("data:") or name.lower().endswith((".svg", ".webp", ".avif")):
            yield f"the picture {name[:60]} is in a format that mail clients do not show"


def _addresses(tree: HtmlElement, slots: Sequence[str]) -> Iterator[str]:
    for link in tree.iter("a"):
        address = link.get("href", "")
        if address not in slots and not address.startswith(_SCHEMES):
            yield f"the link {address!r} does not lead anywhere from a letter"


def _slots(page: str, text: str, slots: Sequence[str]) -> Iterator[str]:
    """Each slot stands in both parts and no other does; no address holds a placeholder."""
    for slot in slots:
        for part, words in (("HTML", page), ("text", text)):
            if slot not in words:
                yield f"the {part} part lacks {slot}"
    for left in sorted({*SLOT.findall(page), *SLOT.findall(text)} - set(slots)):
        yield f"the placeholder {left} was not filled in"
    for found in re.finditer(r'(?:href|src)="([^"]*)"', page):
        if found[1] not in slots and (left := _PLACEHOLDER.search(found[1])):
            yield f"the placeholder {left.group()} was not filled in"


def _styles(tree: HtmlElement) -> Iterator[str]:
    kept = "".join(element.text or "" for element in tree.iter("style"))
    if len(kept.encode()) > KEPT_STYLE_LIMIT:
        yield f"the styles in the head have {len(kept.encode()):,} bytes, the limit is {KEPT_STYLE_LIMIT:,}"
    inlined = {str(element.get("style")) for element in tree.iter() if element.get("style")}
    for css in (*sorted(inlined), kept):
        yield from unsupported(css)
