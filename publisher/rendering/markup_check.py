"""What can be seen to be wrong with a page or a letter of ours, without a browser and without Node.

Each function looks for one thing and says its faults in words; `what` is "the page" or "the letter".
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lxml import html
from lxml.html import HtmlElement

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def tree_of(page: str) -> HtmlElement:
    """Read HTML as browsers do, however deep."""
    return html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


def language_faults(tree: HtmlElement, what: str) -> Iterator[str]:
    """Voices and hyphens need the language, lines their direction (WCAG 2.2, 3.1.1)."""
    if not tree.get("lang") or not tree.get("dir"):
        yield f"{what} does not say its language and direction"


def table_faults(tree: HtmlElement) -> Iterator[str]:
    """Tables of layout say so; a table of data has heads with a scope (WCAG 2.2, 1.3.1)."""
    for table in tree.iter("table"):
        heads = [cell for cell in table.iter("th") if next(cell.iterancestors("table")) is table]
        if table.get("role") == "presentation":
            if heads:
                yield "a table marked as presentation has header cells"
        elif not heads:
            yield "a table is neither marked as presentation nor has header cells"
        elif any(not head.get("scope") for head in heads):
            yield "a header cell has no scope"


def image_faults(tree: HtmlElement) -> Iterator[str]:
    """A picture has words for those who do not see it, and a size, so that nothing jumps."""
    for image in tree.iter("img"):
        name = image.get("src", "")[:80]
        if "alt" not in image.attrib:
            yield f"the picture {name} has no alternative text"
        if not (image.get("width", "").isdigit() and image.get("height", "").isdigit()):
            yield f"the picture {name} has no width and height in pixels"


def heading_faults(tree: HtmlElement, what: str) -> Iterator[str]:
    """One first-level heading, and none skipped: many readers move by headings."""
    levels = [_HEADINGS.index(element.tag) + 1 for element in tree.iter(*_HEADINGS)]
    if levels.count(1) != 1:
        yield f"{what} has {levels.count(1)} first-level headings, needs one"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield "a heading level is skipped"


def link_faults(tree: HtmlElement) -> Iterator[str]:
    """A link has words (WCAG 2.2, 2.4.4)."""
    for link in tree.iter("a"):
        if not link.text_content().strip() and not any(image.get("alt") for image in link.iter("img")):
            yield f"the link to {link.get('href', '')} has no words"
