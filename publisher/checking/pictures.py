"""Rules about pictures (P4xx)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checking.manuscript import Manuscript
from publisher.checking.rule import Remark, on_field, rule
from publisher.content import markup
from publisher.content.models import Image
from publisher.errors import Severity

LONGEST_ALT = 250
NARROWEST = 600
HEAVIEST = 1_000_000

_NOT_SAID = re.compile(
    r"(?:image|photo|picture|img|фото|картинка|изображение)?[ \d_-]*|.*\.(?:png|jpe?g)", re.IGNORECASE
)
_OPENING = re.compile(r"(?:an? )?(?:image|photo|photograph|picture) of\b|фото(?:графия)?:", re.IGNORECASE)


def _lead_images(manuscript: Manuscript) -> Iterator[tuple[Image, Remark]]:
    """Every lead image, with a remark on it to be filled in."""
    for page in manuscript.stories:
        if page.article and page.article.image:
            yield page.article.image, on_field(page, "image", "", "")


def _said(remark: Remark, field: str, message: str, hint: str) -> Remark:
    return Remark(remark.file, remark.line, remark.column, f"image.{field}", message, hint)


@rule("P401", Severity.WARNING, "The alt text is all that a blind reader, or one without pictures, gets.")
def empty_alt(manuscript: Manuscript) -> Iterator[Remark]:
    """Alt texts that say nothing, in front matter and in the text."""
    hint = "say what the picture shows, in a sentence"
    for image, remark in _lead_images(manuscript):
        if _NOT_SAID.fullmatch(image.alt):
            yield _said(remark, "alt", f"says nothing: “{image.alt}”", hint)
    for page in manuscript.pages:
        for found in markup.addresses(page.tokens):
            if found.kind == "image" and _NOT_SAID.fullmatch(found.words):
                line = page.source_line + found.line
                place = page.find(line, f"![{found.words}]({found.address}") or page.place(
                    line, found.address
                )
                yield Remark(page.file, *place, "", f"{found.address} has no alt text", hint)


@rule("P402", Severity.NOTE, "A screen reader says “image” by itself.")
def wordy_alt(manuscript: Manuscript) -> Iterator[Remark]:
    """Alt texts that begin with what is plain, or go on for too long."""
    for image, remark in _lead_images(manuscript):
        if found := _OPENING.match(image.alt):
            yield _said(remark, "alt", f"begins with “{found.group()}”", "begin with what it shows")
        if len(image.alt) > LONGEST_ALT:
            yield _said(remark, "alt", f"has {len(image.alt)} characters", "put the story into the caption")


@rule("P403", Severity.WARNING, "A picture has an author; naming her is law in most places.")
def no_credit(manuscript: Manuscript) -> Iterator[Remark]:
    """Lead images without a credit."""
    for image, remark in _lead_images(manuscript):
        if not image.credit:
            yield _said(remark, "credit", "is missing", "add who made it: credit: …")


@rule("P404", Severity.NOTE, "A letter is 600 pixels wide; a narrower picture is stretched or lost in it.")
def small_picture(manuscript: Manuscript) -> Iterator[Remark]:
    """Lead images too small for the letter."""
    for image, remark in _lead_images(manuscript):
        if 0 < image.width < NARROWEST:
            yield _said(remark, "path", f"is {image.width} pixels wide", f"use {NARROWEST} or more")


@rule("P405", Severity.WARNING, "On a slow line a megabyte takes longer than the story.")
def heavy_picture(manuscript: Manuscript) -> Iterator[Remark]:
    """Lead images too heavy for a telephone."""
    for image, remark in _lead_images(manuscript):
        if image.bytes > HEAVIEST:
            message = f"has {image.bytes / 1_000_000:.1f} MB"
            yield _said(remark, "path", message, "save it smaller: 1600 pixels wide, JPEG quality 80")
