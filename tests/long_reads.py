"""Stories too long for one page: of every kind of block, in any script, of any length."""

from __future__ import annotations

from typing import Any

import builders
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement

from publisher.rendering.models import Site

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
CYRILLIC = "Вода уходит в пески раньше, чем её успевают посчитать у последнего затвора. "
PERSIAN = "آب پیش از آن که شمرده شود در شن فرو می‌رود. "
LATIN = "The water is gone into the sand before anybody counts it at the last gate. "


def block(kind: str, size: int, number: int, sentence: str = LATIN) -> str:
    """Make a block of Markdown of about so many sentences; its number makes it like no other."""
    words = f"{number} {sentence * size}".strip()
    few = range(1, 2 + size % 7)
    return {
        "paragraph": words,
        "heading": f"## {number} {sentence.strip()}",
        "list": "\n".join(f"- {n} of {words}" for n in few),
        "numbered": "\n".join(f"{size + n}. {n} of {words}" for n in few),
        "quotation": "\n>\n".join(f"> {n} of {words}" for n in few),
        "table": "| Gate | Day |\n|---|--:|\n" + "\n".join(f"| {n} of {words} | {n} |" for n in few),
        "picture": f"![{number} gate](images/gate.png)",
        "rule": "***",
        "code": f"```\n{words}\n```",
    }[kind]


KINDS = (
    "paragraph", "paragraph", "heading", "list", "numbered", "quotation", "table", "picture", "rule", "code",
)  # fmt: skip


@st.composite
def stories(draw: st.DrawFn, *, blocks: int = 40, size: int = 12) -> str:
    """Markdown of many blocks, in any order."""
    drawn = draw(
        st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, size)), min_size=1, max_size=blocks)
    )
    return "\n\n".join(block(kind, length, number) for number, (kind, length) in enumerate(drawn))


def long_read(sentence: str = LATIN, blocks: int = 220) -> str:
    """A story of some 20,000 words: every kind of block in turn."""
    return "\n\n".join(
        block(KINDS[n % len(KINDS)], 5 + n % 4, n, sentence)
        for n in range(blocks)
        if KINDS[n % len(KINDS)] != "rule"
    )


def long_site(language: str = "en", **changes: Any) -> Site:
    """Make a site of an issue with a long read between two short stories."""
    sentence = {"ru": CYRILLIC, "fa": PERSIAN}.get(language, LATIN)
    long = builders.article(**({"body": long_read(sentence)} | changes))
    issue = builders.issue(
        builders.article(id="a", slug="before", title="A gate opens"),
        long,
        builders.article(id="z", slug="after", title="A gate closes"),
    )
    images = {"2025-12-10/images/gate.png": builders.picture(700, 30, "PNG")}
    return builders.site(issue, images=images, language=language)


def told(element: HtmlElement) -> list[tuple[str, str]]:
    """What a text says, block by block in reading order; a table's head goes without saying."""
    kinds = {"p", "li", "pre", "hr", *HEADINGS}
    found = []
    for part in element.iter("p", "li", "pre", "hr", "tr", *HEADINGS):
        if part.tag in kinds or part.getparent().tag == "tbody":
            words = " ".join(part.text_content().split())
            words += "".join(image.get("alt") for image in part.iter("img"))
            found.append((part.tag, words))
    return found


def prose(page: bytes) -> HtmlElement:
    """The story's text on a page."""
    (found,) = html.fromstring(page.decode()).find_class("prose")
    return found
