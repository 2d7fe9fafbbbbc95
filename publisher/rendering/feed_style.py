"""A feed opened in a browser is a readable page: `templates/web/feed.css`.

CSS, not XSLT, which browsers are giving up. Browsers apply it to `application/xml` and `text/xml`;
`application/rss+xml` and `application/atom+xml` are shown as source or offered for download.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from markupsafe import Markup

from publisher.rendering.models import Site

STYLESHEET = "feeds/feed.css"


def stylesheet_address(site: Site) -> str:
    """From the host's root, so that it is found wherever the same files are served."""
    return urlsplit(site.links.url(STYLESHEET)).path if site.feeds.stylesheet else ""


def render_stylesheet(site: Site) -> bytes:
    """The style sheet in the publication's colours and language."""
    advice = site.language.text(
        "This is a feed. Copy this page's address into a feed reader to follow {title}; {url} explains how.",
        title=site.publication.title,
        url=site.links.url("feeds/"),
    )
    template = site.templates.get_template("web/feed.css")
    return template.render(
        theme=site.theme, direction=site.language.direction, advice=_css_text(advice)
    ).encode()


def _css_text(text: str) -> Markup:
    """Text for between double quotes (CSS Syntax 3, sec. 4.3.7): whatever could end them is escaped."""
    return Markup(re.sub(r'["\\<>&\n]', lambda found: f"\\{ord(found.group()):x} ", text))  # noqa: S704  # what CSS or HTML would read has just been escaped
