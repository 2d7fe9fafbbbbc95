"""What all pages share: the head, the style sheet, and how a template is called."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, Protocol

from publisher.content.models import Section
from publisher.rendering.images import measure
from publisher.rendering.language import Language
from publisher.rendering.links import FEED_TYPES, Links
from publisher.rendering.models import Site
from publisher.rendering.pages.pictures import BESIDE, COLUMN, PictureView
from publisher.rendering.pages.structured_data import as_script
from publisher.rendering.pages.views import Views
from publisher.rendering.templates import fill
from publisher.rendering.theme import Theme

Pages = Iterator[tuple[str, partial[str]]]
"""Files of one kind: where each lies, and what sets it."""


class Kind(Protocol):
    """A kind of page: one file of this room."""

    def pages(self, press: Frame, site: Site, /) -> Pages:
        """Every page of the kind; its maker is given the frame, and then all that it shows."""


def file_of(folder: str) -> str:
    """`2025-12-10/` -> `2025-12-10/index.html`."""
    return f"{folder}index.html"


class Turn(NamedTuple):
    """The way to the page before or after."""

    path: str
    title: str


@dataclass(frozen=True)
class Head:
    """What a page says of itself to browsers, search engines and those who share its link."""

    path: str  # '' for the front page, '2025-12-10/' for a folder, '404.html' for a file
    title: str
    description: str
    kind: str = "website"  # or 'article' (ogp.me)
    data: Mapping[str, Any] | None = None  # JSON-LD
    published: datetime | None = None
    modified: datetime | None = None
    image: PictureView | None = None
    section: Section | None = None  # its feeds are offered too
    language: str = ""  # only if it differs from the publication's
    anywhere: bool = False  # shown at other addresses than its own


FEED_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True)
class Frame:
    """Calls the templates of one site."""

    site: Site  # without its editions: a page is given those that it shows
    language: Language
    views: Views
    style: bytes
    icon: bytes

    @property
    def links(self) -> Links:
        """Every address of the site."""
        return self.site.links

    @property
    def style_path(self) -> str:
        """The style sheet's name carries its hash, so that browsers may keep it for ever."""
        return _hashed("site", self.style, "css")

    @property
    def icon_path(self) -> str:
        """The same for the icon in a browser's tab."""
        return _hashed("icon", self.icon, "svg")

    def page(self, template: str, head: Head, **content: object) -> str:
        """Set one page."""
        return self._set(template, head=head, root=self._root(head), **content)

    def redirect(self, file: str, target: str) -> str:
        """A page that leads from an address that once was to the one that is."""
        root = "../" * file.count("/")
        return self._set("web/redirect.html", root=root, target=target)

    def _set(self, template: str, **content: object) -> str:
        site = self.site
        return fill(
            site.templates,
            template,
            publication=site.publication,
            language=self.language,
            say=self.language.text,
            links=self.links,
            theme=site.theme,
            settings=site.pages,
            style_path=self.style_path,
            icon_path=self.icon_path,
            feed_types=FEED_TYPES,
            feed_names=FEED_NAMES,
            column=COLUMN,
            beside=BESIDE,
            as_script=as_script,
            **content,
        )

    def _root(self, head: Head) -> str:
        """The way from a page to the site's root.

        Links are relative, so that a site works below any path and in any folder; only a page that
        is shown at addresses of any depth says the path of the site's own address.
        """
        if head.anywhere:
            return f"{self.site.publication.base_path}/"
        return "../" * head.path.count("/") or "./"


def frame(site: Site) -> Frame:
    """Measure the pictures, write the style sheet and draw the icon, once for all pages."""
    shared = replace(site, editions=())
    pictures = site.pictures or measure(site.images)
    return Frame(shared, site.language, Views(shared, pictures), style_sheet(site), icon(site))


def icon(site: Site) -> bytes:
    """The publication's initial on its accent colour."""
    template = site.templates.get_template("web/icon.svg")
    return template.render(theme=site.theme, initial=site.publication.title[0].upper()).encode()


def style_sheet(site: Site) -> bytes:
    """The theme's tokens as custom properties, then `web/site.css`, which speaks of colours by name only."""
    loader = site.templates.loader
    if loader is None:
        raise LookupError("a template environment without a loader has no style sheet")
    rules, _, _ = loader.get_source(site.templates, "web/site.css")
    return f"{_tokens(site.theme)}{rules}".encode()


def _tokens(theme: Theme) -> str:
    light = _declarations(theme.css_variables("light"))
    dark = _declarations(theme.colour_variables("dark"))
    return (
        f":root {{ color-scheme: light dark;{light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{{dark} }} }}\n"
    )


def _declarations(variables: Mapping[str, str]) -> str:
    return "".join(f" {name}: {value};" for name, value in variables.items())


def _hashed(name: str, data: bytes, suffix: str) -> str:
    return f"assets/{name}-{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"
