"""One Markdown file -> Article.

This is an edge: it reads files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from publisher.content import front_matter, images, markup
from publisher.content.findings import Findings
from publisher.content.marked import Marked
from publisher.content.models import Article, Publication
from publisher.content.reading import read_text
from publisher.content.remarks import open_questions
from publisher.content.text import shown
from publisher.content.times import localised
from publisher.content.validation import nearest, validate
from publisher.errors import Finding, InputError

_NAME = re.compile(r"(\d{1,4})-(.+)\.md")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")
_PICTURE = re.compile(r"images/[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.(?i:png|jpe?g)")
_ODDLY_NAMED = re.compile(r"images/[^/]*\.(?:png|jpe?g)", re.IGNORECASE)
_OTHER_PICTURE = re.compile(r"images/.*\.(?:avif|bmp|gif|heic|svg|tiff?|webp)", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """Where an article is being read: which issue, how many stand before it, what time it is there."""

    folder: Path
    issue_time: datetime
    position: int
    publication: Publication

    @property
    def published(self) -> datetime:
        """A second earlier for each position: readers that sort by date keep the editor's order."""
        return self.issue_time - timedelta(seconds=self.position)


def editorial_order(path: Path) -> tuple[int, str]:
    """02-dam.md stands before 10-road.md, with or without the leading zero."""
    found = _NAME.fullmatch(path.name)
    return (int(found[1]) if found else 10_000, path.name)


def load_article(path: Path, place: Place) -> Article:
    """Read one article; raises InputError with all that is wrong in its file."""
    file = f"{place.folder.parent.name}/{place.folder.name}/{shown(path.name)}"
    _check_name(path.name, file)
    findings = Findings()
    text = read_text(path, file, within=place.folder)
    findings.add(*open_questions(text, file))
    with findings:
        document = front_matter.read(text, file)
        unknown = _check_section(document.fields, place.publication)
        findings.add(*unknown, *_check_depth(document))
        fields = _complete(document, path.name, place)
        # a section that was told of already is not told of once more, for its form
        article = validate(Article, fields.replacing(section="told") if unknown else fields)
        article = _with_pictures(article, document.fields, place.folder)
        findings.raise_errors()
        return article
    raise InputError(findings.all)


def localise(fields: Marked, zone: tzinfo, at: time) -> dict[str, Any]:
    """Complete times typed without a zone, and days typed without a time."""
    times: dict[str, Any] = {
        name: localised(fields.data[name], zone, at)
        for name in ("published", "updated")
        if name in fields.data
    }
    corrections = fields.data.get("corrections")
    if isinstance(corrections, list):
        times["corrections"] = [
            item | {"at": localised(item["at"], zone, at)}
            if isinstance(item, dict) and "at" in item
            else item
            for item in corrections
        ]
    return times


def _complete(document: front_matter.Document, name: str, place: Place) -> Marked:
    """Add what an editor need not type."""
    fields = document.fields
    found = _NAME.fullmatch(name)
    defaults: dict[str, Any] = {"published": place.published, "slug": found[2] if found else None}
    missing = {key: value for key, value in defaults.items() if key not in fields.data}
    zone = ZoneInfo(place.publication.timezone)
    at = place.published.astimezone(zone).timetz().replace(tzinfo=None)
    body = {"body": document.body, "lines": document.lines, "file": fields.file}
    return fields.replacing(**missing, **localise(fields, zone, at), **body)


def _check_name(name: str, file: str) -> None:
    """The name gives an article its place and, unless typed, its slug."""
    found = _NAME.fullmatch(name)
    if not (found and _SLUG.fullmatch(found[2])):
        message = "has a name that is not a number, a hyphen and a-z, 0-9 or hyphens"
        usual = "rename it, for example 01-dam-opens.md"
        hint = "rename it to issue.md" if name.lower() == "issue.md" else usual
        raise InputError([Finding(file, 0, 0, "", message, hint, "F107")])


def _check_section(fields: Marked, publication: Publication) -> list[Finding]:
    """An article stands in one of the publication's sections.

    What could be no section's id is told as that, unless one is near: `Society` is meant for `society`.
    """
    section = fields.data.get("section")
    known = [known.id for known in publication.sections]
    if not isinstance(section, str) or section in known:
        return []
    hint = nearest(section, known) if section.isascii() else ""
    if not hint and not _SLUG.fullmatch(section):
        return []
    hint = hint or f"one of: {', '.join(known)}"
    return [fields.finding(("section",), "is not a section of publication.toml", hint, code="F109")]


def _check_depth(document: front_matter.Document) -> list[Finding]:
    """Beyond a hundred levels mail programs and libraries lose text without a word."""
    if not markup.may_be_deep(document.body):
        return []
    try:
        markup.parse(document.body)
    except ValueError as error:
        return [
            Finding(
                document.fields.file,
                document.body_line,
                0,
                "",
                str(error),
                "write it flatter, or split it",
                "F113",
            )
        ]
    return []


def _with_pictures(article: Article, fields: Marked, folder: Path) -> Article:
    """Measure the lead image, and check that those in the text exist."""
    findings = Findings()
    shown: tuple[str, ...] = ()
    update: dict[str, Any] = {}
    with findings:
        shown = pictures_in(article.body, article.line("body"), article.file, folder)
    if image := article.image:
        with findings:
            size = _measure(folder, image.path, fields.finding(("image", "path"), "", code="F111"))
            update["image"] = image.model_copy(update=size._asdict())
            shown = (image.path, *shown)
    findings.raise_errors()
    return article.model_copy(update=update | {"pictures": shown}) if shown else article


def pictures_in(body: str, body_line: int, file: str, folder: Path) -> tuple[str, ...]:
    """The paths of the pictures inside a text; raises InputError when one cannot be shown."""
    if "![" not in body:
        return ()
    findings = Findings()
    paths: list[str] = []
    lines = body.split("\n")
    for found in markup.addresses(markup.parse(body)):
        path = unquote(found.address)
        if found.kind == "link" or "//" in path:
            continue
        typed = (f"![{found.words}]({found.address}", f"![{found.words}]({path}", path)
        places = (markup.find_words(lines, found.line, words) for words in typed)
        line, column = next(filter(None, places), (found.line, 0))
        place = Finding(file, body_line + line, column + 1, "", "", code="F111")
        if not _PICTURE.fullmatch(path):
            findings.add(_no_picture(place, path))
            continue
        with findings:
            _measure(folder, path, place)
            paths.append(path)
    findings.raise_errors()
    return tuple(paths)


def _no_picture(place: Finding, path: str) -> Finding:
    """Why a path cannot be shown, and what to do."""
    if _OTHER_PICTURE.fullmatch(path):
        message = f"shows {shown(path)}, which many mail programs do not"
        return replace(place, message=message, hint="save it as JPEG or PNG, and name that file here")
    if _ODDLY_NAMED.fullmatch(path):
        message = f"shows {shown(path)}, whose name is more than a-z, 0-9, dots and hyphens"
        return replace(place, message=message, hint="rename the file, for example images/dam.jpg")
    message = f"shows {shown(path)}, which is not a picture of this issue"
    return replace(place, message=message, hint="put a PNG or JPEG into images/")


def _measure(folder: Path, path: str, place: Finding) -> images.Measured:
    """Measure a picture; what is wrong with it is told at the place that shows it."""
    try:
        return images.measure(folder / path, path, within=folder)
    except InputError as error:
        raise InputError(
            replace(place, message=f"{path} {fault.message}", hint=fault.hint) for fault in error.findings
        ) from None
