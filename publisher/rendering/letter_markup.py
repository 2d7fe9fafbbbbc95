"""An article's safe HTML in the forms that hold in mail clients.

Word, which draws classic Outlook's letters, knows borders on cells but not on paragraphs: a
quotation becomes a table of one cell. Headings continue the letter's outline without a gap,
tables become data tables with scopes, and only pictures whose file is at hand stay pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree, html
from lxml.html import HtmlElement
from markupsafe import Markup

MOST_COLUMNS = 6
"""A seventh column would leave each less than 40 pixels of a telephone's screen."""

COLUMN = 520
"""How wide a picture is drawn: the letter's 600 px less the sides."""

_LAYOUT = {"role": "presentation", "width": "100%", "cellpadding": "0", "cellspacing": "0", "border": "0"}
_DATA = {"class": "dt", "width": "100%", "cellpadding": "0", "cellspacing": "0", "border": "0"}


@dataclass(frozen=True)
class Picture:
    """A picture as a letter shows it: an address, and the size it is drawn at in pixels."""

    src: str
    alt: str
    width: int
    height: int

    @property
    def style(self) -> str:
        """Of one narrower than the column: the style sheet would enlarge it to fill that."""
        return f"max-width:{self.width}px" if self.width < COLUMN else ""


def for_letter(
    safe_html: str, picture: Callable[[str, str], Picture | None], *, top_heading: int = 3
) -> Markup:
    """Rewrite an article's HTML; `picture` finds a picture by address and alt text, or has none.

    Its headings begin at `top_heading`, one below the heading that they stand under.
    """
    parser = html.HTMLParser(huge_tree=True, no_network=True, encoding="utf-8")
    page = html.document_fromstring(f"<body><div>{safe_html}</div></body>".encode(), parser=parser)
    body = page.find(".//div")
    if body is None:
        return Markup()
    _headings(body, top_heading)
    for table in list(body.iter("table")):
        wide = len(table.findall(".//th")) > MOST_COLUMNS
        _rows_as_lists(table) if wide else _data_table(table)
    for quotation in list(body.iter("blockquote")):
        _quotation(quotation)
    for image in list(body.iter("img")):
        _image(image, picture)
    for link in list(body.iter("a")):
        _link(link)
    inside = (body.text or "") + "".join(
        etree.tostring(child, method="html", encoding="unicode") for child in body
    )
    return Markup(inside.strip())  # noqa: S704  # it was cleaned by content.markup and only rearranged here


def _headings(body: HtmlElement, top: int) -> None:
    """The levels an author used become two, h3 and h4 in a story, in their order: no level is skipped."""
    found = [element for element in body.iter() if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    levels = sorted({str(element.tag) for element in found})
    for heading in found:
        heading.tag = f"h{top}" if heading.tag == levels[0] or heading is found[0] else f"h{top + 1}"


def _quotation(quotation: HtmlElement) -> None:
    table = _wrapped(quotation, "table", _LAYOUT | {"class": "qt"})
    cell = etree.SubElement(etree.SubElement(table, "tr"), "td", {"class": "qb"})
    _move_inside(quotation, cell)
    if len(cell) and cell[-1].tag == "p":
        cell[-1].set("class", "ql")


def _wrapped(old: HtmlElement, tag: str, attributes: dict[str, str]) -> HtmlElement:
    """Put a new element in the old one's place, keeping the words after it."""
    new = old.makeelement(tag, attributes)
    new.tail, old.tail = old.tail, None
    parent = old.getparent()
    if parent is not None:
        parent.replace(old, new)
    return new


def _move_inside(old: HtmlElement, new: HtmlElement) -> None:
    new.text = old.text
    for child in list(old):
        new.append(child)


def _data_table(table: HtmlElement) -> None:
    table.attrib.update(_DATA)
    for cell in table.iter("th", "td"):
        if cell.tag == "th":
            cell.set("scope", "col")
            if not cell.text_content().strip():  # an empty head says nothing to a screen reader
                cell.tag = "td"
                del cell.attrib["scope"]


def _rows_as_lists(table: HtmlElement) -> None:
    """A table too wide for a telephone is told row by row: every cell after the name of its column."""
    heads = [head.text_content().strip() for head in table.iter("th")]
    block = _wrapped(table, "div", {})
    for row in list(table.iter("tr"))[1:]:
        items = etree.SubElement(block, "ul")
        for head, cell in zip(heads, list(row), strict=False):
            cell.tag = "li"
            cell.attrib.clear()
            if head:
                name = cell.makeelement("strong", {})
                name.text, name.tail, cell.text = f"{head}:", f" {cell.text or ''}", None
                cell.insert(0, name)
            items.append(cell)


def _image(image: HtmlElement, picture: Callable[[str, str], Picture | None]) -> None:
    """A picture at hand is drawn; one from elsewhere would tell its server who reads: it becomes a link."""
    src, alt = str(image.get("src") or ""), str(image.get("alt") or "")
    found = picture(src, alt)
    if found:
        image.attrib.clear()
        image.attrib.update(
            {
                "class": "pic",
                "src": found.src,
                "alt": alt,
                "width": str(found.width),
                "height": str(found.height),
                **({"style": found.style} if found.style else {}),
            }
        )
        return
    linked = any(True for _ in image.iterancestors("a"))
    link = _wrapped(image, "span" if linked else "a", {} if linked else {"href": src})
    link.text = alt or src


def _link(link: HtmlElement) -> None:
    """A link without words shows its address."""
    if not link.text_content().strip() and link.find(".//img") is None:
        link.text = link.get("href")
