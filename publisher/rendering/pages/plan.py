"""The plan of the pages: which there are, where they lie, and what makes each.

Every page depends on as little as possible, so that tomorrow's issue changes few files: an article's
page knows its own issue; an issue's page its two neighbours; a year's archive its issues. Only the
front page, the archive's first page and the sections know the newest. Nothing is numbered from the
newest end, which would shift every page each day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from publisher.rendering.images import image_files
from publisher.rendering.models import Site
from publisher.rendering.pages import archive, article, feeds, front, issue, lost, moved, section
from publisher.rendering.pages.frame import frame

KINDS = (article, issue, section, archive, feeds, lost, front)


class PageFiles(Mapping[str, bytes]):
    """Path -> bytes, made when asked for and not kept: memory stays flat in the archive's size."""

    def __init__(self, makers: Mapping[str, Callable[[], str | bytes]]) -> None:
        """Keep what makes each file."""
        self._makers = makers

    def __getitem__(self, path: str) -> bytes:
        """Make one file."""
        made = self._makers[path]()
        return made.encode() if isinstance(made, str) else made

    def __iter__(self) -> Iterator[str]:
        """All paths: pictures and style first, then what shows them."""
        return iter(self._makers)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._makers)


def page_files(site: Site) -> PageFiles:
    """Every file of the web site but feeds: path -> bytes, the same for the same site."""
    press = frame(site)
    return PageFiles(
        {
            **dict(moved.pages(press)),  # where another page stands now, that one is written
            **image_files(site.images, press.views.pictures),
            press.style_path: lambda: press.style,
            press.icon_path: lambda: press.icon,
            **{path: make for kind in KINDS for path, make in kind.pages(press)},
        }
    )
