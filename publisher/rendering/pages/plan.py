"""The plan of the pages: which there are, where they lie, and what makes each.

Every page depends on as little as possible, so that tomorrow's issue changes few files: an article's
page knows its own issue; an issue's page its two neighbours; a year's archive its issues. Only the
front page, the archive's first page and the sections know the newest. Nothing is numbered from the
newest end, which would shift every page each day.
"""

from __future__ import annotations

from publisher.rendering.documents import Document, Documents, document
from publisher.rendering.images import image_files
from publisher.rendering.models import Site
from publisher.rendering.pages import archive, article, feeds, front, issue, lost, moved, section
from publisher.rendering.pages.frame import Frame, Kind, frame
from publisher.rendering.pages.lengths import counted

KINDS = (article, issue, section, archive, feeds, lost, front)


def page_files(site: Site) -> Documents:
    """Every file of the web site but feeds: pictures and style first, then what shows them."""
    site = counted(site)
    press = frame(site)
    return Documents(
        {
            **_pages(press, site, moved),  # where another page stands now, that one is written
            **image_files(site.images, press.views.pictures),
            press.style_path: Document(lambda: press.style, ()),
            press.icon_path: Document(lambda: press.icon, ()),
            **_pages(press, site, *KINDS),
        }
    )


def _pages(press: Frame, site: Site, *kinds: Kind) -> dict[str, Document]:
    return {path: document(make) for kind in kinds for path, make in kind.pages(press, site)}
