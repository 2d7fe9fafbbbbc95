"""Tokens -> HTML that is safe by an allow-list, with absolute addresses and headings that fit their place."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from typing import Any
from urllib.parse import urljoin

import nh3
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from publisher.content.markup.parsing import PARSER

TAGS = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
CLASSES = {"th": {"end", "center"}, "td": {"end", "center"}}
"""What an author's `---:` and `:---:` become: the side where the language's lines end, or the middle."""
SCHEMES = frozenset({"http", "https", "mailto"})


def to_html(
    tokens: Sequence[Token], *, base_url: str, top_heading: int = 3, with_classes: bool = False
) -> str:
    """Write safe HTML.

    Relative addresses are resolved against `base_url`. The highest headings of the text become
    `<h3>` (`top_heading`), whether typed as `##` or `###`, and no level is skipped below them.
    `with_classes` marks aligned cells for whoever has a style sheet; a feed has none.
    """
    env = {"base": base_url, "levels": _levels(tokens, top_heading)}
    html = _Renderer().render(tokens, PARSER.options, env)
    return _WITHOUT_ADDRESS.sub(r"\1", _clean(str(html), CLASSES if with_classes else None))


def leads_somewhere(address: str) -> bool:
    """Whether a link to an absolute address is published as a link; else its words stand alone."""
    return "href" in _clean(f'<a href="{escapeHtml(address)}">x</a>')


_WITHOUT_ADDRESS = re.compile(r'<a(?: title="[^"]*")?>((?:(?!</a>).)*)</a>', re.DOTALL)
"""What is left of a link whose address may not be published: `tel:`, a host that cannot be."""


def _clean(html: str, classes: Mapping[str, Collection[str]] | None = None) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        allowed_classes={tag: set(names) for tag, names in classes.items()} if classes else None,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


class _Renderer(RendererHTML):
    """Writes absolute addresses and shifted headings, leaving the shared tokens as they are."""

    def heading_open(
        self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """Move a heading to where it stands in the page as a whole."""
        del tokens, options
        return f"<h{env['levels'][idx]}>"

    def heading_close(
        self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """The end of the same."""
        del tokens, options
        return f"</h{env['levels'][idx]}>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]) -> str:
        """The head of a column, its alignment as a class: styles belong to pages and letters."""
        del options, env
        return f"<th{_alignment(tokens[idx])}>"

    def td_open(self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]) -> str:
        """A cell, with the same."""
        del options, env
        return f"<td{_alignment(tokens[idx])}>"

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """A link, its address made absolute."""
        del options
        address = escapeHtml(urljoin(env["base"], str(tokens[idx].attrGet("href") or "")))
        return f'<a href="{address}"{_title(tokens[idx])}>'

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]) -> str:
        """A picture, its address made absolute."""
        token = tokens[idx]
        address = escapeHtml(urljoin(env["base"], str(token.attrGet("src") or "")))
        alt = escapeHtml(self.renderInlineAsText(token.children or [], options, env))
        return f'<img src="{address}" alt="{alt}"{_title(token)}>'


def _levels(tokens: Sequence[Token], top: int) -> dict[int, int]:
    """The level of each heading's two ends: one below the heading it stands under, whatever was typed."""
    above: list[int] = []
    levels: dict[int, int] = {}
    for n, token in enumerate(tokens):
        if token.type == "heading_open":
            typed = int(token.tag[1])
            above = [*(level for level in above if level < typed), typed]
        if token.type in {"heading_open", "heading_close"}:
            levels[n] = min(6, top + len(above) - 1)
    return levels


def _alignment(token: Token) -> str:
    side = str(token.attrGet("style") or "").removeprefix("text-align:")
    name = {"right": "end", "center": "center"}.get(side)
    return f' class="{name}"' if name else ""


def _title(token: Token) -> str:
    title = token.attrGet("title")
    return f' title="{escapeHtml(str(title))}"' if title else ""
