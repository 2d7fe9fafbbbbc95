"""The page for lost readers."""

from __future__ import annotations

from functools import partial

from publisher.rendering.models import Site
from publisher.rendering.pages.frame import Frame, Head, Pages


def pages(press: Frame, site: Site) -> Pages:
    """One page, which static hosts find by its name."""
    del site  # it knows nothing of what is published
    yield "404.html", partial(_lost, press)


def _lost(press: Frame) -> str:
    """The one page that is shown at addresses of any depth: its links start at the site's root."""
    title = press.language.text("Page not found")
    return press.page("web/404.html", Head(path="404.html", title=title, description="", anywhere=True))
