"""Pictures as pages show them: in every size, in a place that is kept, and never from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree, html
from lxml.html import HtmlElement
from markupsafe import Markup

from publisher.content.models import Image
from publisher.rendering.images import Measured
from publisher.rendering.summaries import seen_in

COLUMN = "(min-width: 46rem) 38rem, calc(100vw - 2.5rem)"
"""How wide a picture is shown, for `sizes`: the column of site.css, or a telephone less its sides."""

BESIDE = "(min-width: 46rem) 11rem, calc(100vw - 2.5rem)"
"""The same of a picture beside a story in a list."""

DEFAULT_WIDTH = 800
"""Pixels: the size for browsers that do not choose, and for those who share a link."""


@dataclass(frozen=True)
class PictureView:
    """An image with all its sizes."""

    image: Image
    measured: Measured

    @property
    def path(self) -> str:
        """The size for browsers that do not choose, and for those who share a link."""
        return _default(self.measured)

    @property
    def seen(self) -> str:
        """What stands under it before who made it."""
        return seen_in(self.image)

    def attributes(self, root: str, *, sizes: str = COLUMN, lazy: bool = True) -> dict[str, str]:
        """The attributes of its `<img>`; `root` leads from the page to the site's root."""
        waits = {"loading": "lazy"} if lazy else {}
        return {**_attributes(self.measured, root, sizes), "alt": self.image.alt, **waits}


def with_pictures(text: Markup, find: Callable[[str], Measured | None], root: str) -> Markup:
    """Give the pictures inside a text their sizes, so that nothing jumps while they load.

    `find` knows a picture by its absolute address. One from elsewhere would tell its server who reads,
    and has no size before it is there: it becomes a link, as in the letter.
    """
    if "<img" not in text:
        return text
    parser = html.HTMLParser(huge_tree=True, no_network=True)  # else libxml2 drops what lies deep
    body = html.fragment_fromstring(str(text), create_parent="div", parser=parser)
    for image in list(body.iter("img")):
        if measured := find(str(image.get("src"))):
            image.attrib.update({**_attributes(measured, root, COLUMN), "loading": "lazy"})
        else:
            _link_to(image)
    children = (etree.tostring(child, method="html", encoding="unicode") for child in body)
    return Markup((body.text or "") + "".join(children))  # noqa: S704  # safe HTML, its pictures replaced


def _link_to(image: HtmlElement) -> None:
    address = str(image.get("src") or "")
    inside_link = any(True for _ in image.iterancestors("a"))
    image.tag = "span" if inside_link else "a"
    image.text = image.get("alt") or address
    image.attrib.clear()
    if not inside_link:
        image.set("href", address)


def _attributes(measured: Measured, root: str, sizes: str) -> dict[str, str]:
    """`width` and `height` keep the place; a picture of one size leaves nothing to choose."""
    attributes = {"src": root + _default(measured)}
    if len(measured.variants) > 1:
        offered = (f"{root}{variant.path} {variant.width}w" for variant in measured.variants)
        attributes |= {"srcset": ", ".join(offered), "sizes": sizes}
    return attributes | {"width": str(measured.width), "height": str(measured.height)}


def _default(measured: Measured) -> str:
    wide = (variant for variant in measured.variants if variant.width >= DEFAULT_WIDTH)
    return next(wide, measured.variants[-1]).path
