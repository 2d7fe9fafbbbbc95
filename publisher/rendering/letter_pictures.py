"""The letter's pictures: fetched from the site, or travelling with the letter.

Hosted pictures have the hash of their bytes in their name: an old letter keeps showing what it
showed. Nothing about the reader stands in an address.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from publisher.rendering.images import measure, resized
from publisher.rendering.letter_markup import COLUMN, Picture
from publisher.rendering.models import Site


@dataclass(frozen=True)
class InlineImage:
    """A picture that travels with the letter, referred to as `cid:<cid>` (RFC 2392)."""

    cid: str
    media_type: str
    data: bytes


@dataclass
class Pictures:
    """Finds an article's pictures, keeps drawn ones, and remembers what must be put on the site."""

    site: Site
    place: Literal["hosted", "inline"]
    assets: dict[str, bytes] = field(default_factory=dict)
    inline: dict[str, InlineImage] = field(default_factory=dict)

    def keep(self, name: str, png: bytes) -> str:
        """Give a drawn picture its address; the same bytes get the same one."""
        digest = hashlib.sha256(png).hexdigest()[:16]
        if self.place == "inline":
            return self._attach(f"{name}-{digest}", "image/png", png)
        path = f"assets/{name}-{digest}.png"
        self.assets[path] = png
        return self.site.links.url(path)

    def find(self, src: str, alt: str) -> Picture | None:
        """Find a picture of ours by its absolute address: twice as fine as it is drawn, for fine screens."""
        key = src.removeprefix(f"{self.site.publication.base_url}/")
        data = self.site.images.get(key)
        if data is None:
            return None
        measured = measure({key: data})[key]
        variants = measured.variants
        variant = next((one for one in variants if one.width >= 2 * COLUMN), variants[-1])
        width = min(COLUMN, measured.width)
        height = max(1, round(measured.height * width / measured.width))
        if self.place == "inline":
            name = PurePosixPath(variant.path).stem
            return Picture(
                self._attach(name, measured.media_type, resized(self.site.images, key, variant)),
                alt,
                width,
                height,
            )
        return Picture(self.site.links.url(variant.path), alt, width, height)

    def _attach(self, name: str, media_type: str, data: bytes) -> str:
        host = self.site.links.tag("").split(":")[1].split(",")[0] or "letter.invalid"
        cid = f"{name}@{host}"
        self.inline[cid] = InlineImage(cid, media_type, data)
        return f"cid:{cid}"
