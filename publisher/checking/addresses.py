"""Rules about links (L3xx)."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from markdown_it.common.normalize_url import normalizeLinkText

from publisher.checking.manuscript import Manuscript, Page
from publisher.checking.rule import Remark, rule
from publisher.content import markup
from publisher.errors import Severity

_EMPTY_WORDS = frozenset(
    [
        "here",
        "click here",
        "read more",
        "more",
        "link",
        "this link",
        "this",
        "source",
        "website",
        "details",
        "тут",
        "здесь",
        "сюда",
        "ссылка",
        "по ссылке",
        "подробнее",
        "читать далее",
        "далее",
        "источник",
        "сайт",
    ]
)
_TRACKERS = re.compile(
    r"utm_\w+|fbclid|gclid|yclid|mc_[ce]id|igshid|msclkid|_openstat|_hsenc|_hsmi|mkt_tok|vero_id|spm|ref_src",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<!\] \()(?<!\]\()(?:https?://|www\.)[^\s<>()]+[^\s<>().,;:!?»”\"']")

_NO_SCHEME = re.compile(
    r"(?:www\.[\w-]|(?:[\w-]+\.)+(?:[a-z]{2,}/|(?:com|info|kg|kz|net|org|ru|tj|tm|uz)$))[^\s:]*$",
    re.IGNORECASE,
)
"""`kabar.kg`, `www.kabar.kg`, `kabar.kg/news/1`: as people say addresses; no browser looks for another site there."""


@dataclass(frozen=True)
class Link:
    """A link in the text of a page."""

    page: Page
    words: str
    address: str
    line: int
    nth: int  # links to the same address before it in its paragraph

    def remark(self, message: str, hint: str) -> Remark:
        """Remark on this link."""
        typed = (self.address or f"[{self.words}]", normalizeLinkText(self.address))
        found = (self.page.find(self.line, words, self.nth) for words in typed)
        place = next(filter(None, found), (self.line, 1))
        return Remark(self.page.file, *place, "", message, hint)


def _links(manuscript: Manuscript) -> Iterator[Link]:
    """Every link of the issue."""
    for page in manuscript.pages:
        before: Counter[tuple[str, int]] = Counter()
        for found in markup.addresses(page.tokens):
            if found.kind == "link":
                place = (found.address, page.source_line + found.line)
                yield Link(page, found.words, *place, before[place])
                before[place] += 1


@rule("L301", Severity.WARNING, "Who hears links read aloud, or skims, hears only “here, here, here”.")
def vague_words(manuscript: Manuscript) -> Iterator[Remark]:
    """Links whose words do not say where they lead."""
    for link in _links(manuscript):
        if link.words.casefold().strip(" .:…→»") in _EMPTY_WORDS:
            yield link.remark(f"has the link text “{link.words}”", "say where it leads")


@rule(
    "L302",
    Severity.WARNING,
    "An http:// address can be read and changed on its way; most sites answer https://.",
)
def insecure(manuscript: Manuscript) -> Iterator[Remark]:
    """Links without encryption."""
    for link in _links(manuscript):
        if link.address.startswith("http://") and not _is_private(link.address):
            yield link.remark(f"links to {link.address}", "try https:// instead")


@rule(
    "L303", Severity.WARNING, "Tracking parameters tell the other site about our readers and break when cut."
)
def tracked(manuscript: Manuscript) -> Iterator[Remark]:
    """Links that carry somebody's campaign."""
    for link in _links(manuscript):
        names = [name for name, _ in parse_qsl(urlsplit(link.address).query) if _TRACKERS.fullmatch(name)]
        if names:
            message = f"links with the tracking parameter {', '.join(dict.fromkeys(names))}"
            yield link.remark(message, "cut it from the address")


@rule("L304", Severity.ERROR, "A link must lead somewhere, and have words to press on.")
def empty_link(manuscript: Manuscript) -> Iterator[Remark]:
    """Links without words, without an address, or with one that no browser could follow."""
    for link in _links(manuscript):
        if not link.address or link.address == "#":
            yield link.remark(f"has a link without an address: “{link.words}”", "add the address")
        elif not link.words:
            yield link.remark(f"has a link without words: {link.address}", "add the words")
        elif _NO_SCHEME.match(link.address):
            message = f"links to {link.address}, which would be looked for on our own site"
            yield link.remark(message, f"write https://{link.address}")
        elif link.address.startswith(("http:", "https:")) and not markup.leads_somewhere(link.address):
            yield link.remark(f"links to {link.address}, which is no web address", "copy it from the browser")


@rule("L305", Severity.WARNING, "An address in running text is not a link everywhere.")
def bare_address(manuscript: Manuscript) -> Iterator[Remark]:
    """Addresses that were typed but not linked."""
    for page in manuscript.pages:
        for token in page.tokens:
            depth = 0
            for child in token.children or ():
                depth += (child.type == "link_open") - (child.type == "link_close")
                found = _BARE.search(child.content) if child.type == "text" and not depth else None
                if found:
                    line = page.source_line + (token.map[0] if token.map else 0)
                    place = page.place(line, found.group())
                    hint = f"write [words]({found.group()}) or <{found.group()}>"
                    yield Remark(page.file, *place, "", f"{found.group()} is not a link", hint)


@rule("L306", Severity.ERROR, "An address of this machine or of an office network leads readers nowhere.")
def private_address(manuscript: Manuscript) -> Iterator[Remark]:
    """Links to localhost, private networks and files."""
    for link in _links(manuscript):
        if _is_private(link.address):
            yield link.remark(f"links to {link.address}, which only you can open", "link to the public page")


def _is_private(address: str) -> bool:
    """Whether an address means something to its author only."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return True
    if host == "localhost" or host.endswith((".local", ".internal", ".localhost")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


@rule("L307", Severity.WARNING, "Only http, https and mailto links are published; others lose their address.")
def odd_scheme(manuscript: Manuscript) -> Iterator[Remark]:
    """Links of other kinds."""
    for link in _links(manuscript):
        scheme = link.address.split(":", 1)[0].lower() if re.match(r"[A-Za-z][\w+.-]*:", link.address) else ""
        if scheme and scheme not in markup.SCHEMES:
            yield link.remark(f"links with {scheme}:, which is not published", "use an https:// address")
