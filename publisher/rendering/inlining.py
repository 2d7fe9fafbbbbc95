"""premailer behind one function: CSS into style attributes, nothing fetched, nothing lost.

premailer 3.10 opens what `@import` names whatever its options say (cssutils does it, for http:
and file: alike), corrupts width attributes, and libxml2 silently cuts a page below depth 256.
Hence a parser that cannot fetch, fixed options, and a gate that compares before with after.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import cssutils
from lxml import etree
from premailer import Premailer

from publisher.errors import ConfigurationError, PublisherError
from publisher.rendering.page_parts import parts_of

_OPTIONS: dict[str, Any] = {
    "allow_network": False,
    "allow_loading_external_files": False,
    "strip_important": False,  # True takes the mark from kept media rules too
    "keep_style_tags": False,
    "remove_classes": False,  # kept media rules need them
    "include_star_selectors": False,
    "disable_validation": True,
    "align_floating_images": False,
    "disable_basic_attributes": ["width", "height", "align", "valign", "bgcolor"],
    "cssutils_logging_level": logging.CRITICAL,
}


class LostContentError(PublisherError):
    """Inlining would have dropped or changed a reader's words; the letter was not made."""


@lru_cache(maxsize=8)
def _parsed(css: str, validate: bool) -> Any:  # noqa: FBT001  # premailer's own signature
    """Parse a sheet with a fetcher that finds nothing. Letters of one publication share the result."""
    return cssutils.CSSParser(validate=validate, fetcher=_nothing).parseString(css)


def _nothing(url: str) -> tuple[None, bytes]:
    del url
    return None, b""


class _OfflinePremailer(Premailer):  # type: ignore[misc]  # premailer carries no types
    """Reads style elements only; asks neither the network nor the disk."""

    def _parse_css_string(self, css_body: str, validate: bool = True) -> Any:  # noqa: FBT001, FBT002  # the base class's signature
        return _parsed(css_body, validate)

    def _load_external(self, url: str) -> str:
        raise ConfigurationError(
            f"a letter's template links the style sheet {url!r}", hint="put the rules into inline.css"
        )


def inline(html: str) -> str:
    """Write the rules of a page's style elements into its style attributes.

    Style elements marked `data-premailer="ignore"` stay as they are. The words, elements and
    attributes of the result are those of the source. Raises LostContentError when they are not,
    ConfigurationError when the template links or imports a style sheet.
    """
    before = parts_of(html)
    if before.outside:
        raise ConfigurationError(
            f"a letter's template fetches {before.outside!r}", hint="remove <link> and @import from it"
        )
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    inlined = _OfflinePremailer(etree.fromstring(html.encode(), parser), **_OPTIONS).transform()
    for element in inlined.iter():
        if style := element.get("style"):
            element.set("style", style.replace("; ", ";"))
    result = etree.tostring(inlined, method="html", encoding="unicode")
    if lost := before.first_difference(parts_of(result)):
        raise LostContentError(
            f"the letter was not made, because inlining its styles would change {lost}",
            hint="look for lists or quotations nested very deeply near these words",
        )
    return str(result)
