"""What each file of the site is made of, said in a hash: while it is the same, the file would be too.

Everything that all files share is the house: the program and what it is built with, the templates,
and the settings that readers can see. The rest is what a file says it shows.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from publisher.config import Settings
from publisher.content.models import Article, Issue
from publisher.pipeline.tables import table_of
from publisher.rendering.images import Measured
from publisher.rendering.models import Edition, Site
from publisher.rendering.templates import shipped_folder

_BORROWED = re.compile(r"\d{4}-\d\d-\d\d/images/")
"""An address that may be that of another issue's picture: then all pictures count."""

_VISIBLE = ("publication", "theme", "feeds", "email", "pages", "rates")


def house(settings: Settings) -> str:
    """What all files share: the program, the templates, and the settings that readers can see."""
    state = hashlib.sha256(program().encode())
    for path in _files(settings.root / "templates"):
        state.update(f"{path.relative_to(settings.root)}\0".encode() + _digest(path.read_bytes()))
    state.update(settings.model_dump_json(include=set(_VISIBLE)).encode())
    return state.hexdigest()


@cache
def program() -> str:
    """The program itself: its files, the templates it ships, and the libraries and Python below it."""
    state = hashlib.sha256(sys.version.encode())
    libraries = (path.name for entry in sys.path for path in Path(entry).glob("*.dist-info"))
    state.update("\n".join(sorted(libraries)).encode())
    for folder in (Path(__file__).resolve().parent.parent, shipped_folder()):
        for path in _files(folder):
            state.update(f"{path.relative_to(folder)}\0".encode() + _digest(path.read_bytes()))
    return state.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    found = (path for path in sorted(folder.rglob("*")) if "__pycache__" not in path.parts)
    return (path for path in found if path.is_file())


class Recipes:
    """Recipes for one site."""

    def __init__(self, house: str, site: Site) -> None:
        """Take the digest of every edition: its words, its table, and its pictures."""
        self._house = house.encode()
        self._editions = {e.issue.slug: _edition(e, site.pictures) for e in site.editions}
        self._articles = {
            a.id: self._editions[e.issue.slug] + a.id.encode()
            for e in site.editions
            for a in e.issue.articles
        }
        self._everything = _digest(b"".join(self._editions.values()))
        self._shown: dict[int, tuple[object, bytes]] = {}

    def of(self, name: str, shows: Iterable[object] | None) -> str:
        """The recipe of a file that shows these values; None stands for the whole site."""
        shown = self._everything if shows is None else self._digest_of(shows)
        return hashlib.sha256(b"\0".join((self._house, name.encode(), shown))).hexdigest()

    def _digest_of(self, shows: Iterable[object]) -> bytes:
        """Worked out once for a feed, whose three formats show the very same values."""
        if id(shows) not in self._shown:
            self._shown[id(shows)] = (shows, _digest(self._said(shows)))
        return self._shown[id(shows)][1]

    def _said(self, value: object) -> bytes:
        """A value as bytes that differ where it differs; the most frequent ones are asked for first."""
        match value:
            case str() | date() | None | bool() | int() | float() | Enum():
                return repr(value).encode()
            case tuple() | list():
                return b"\0".join([b"[%d" % len(value), *map(self._said, value)])
            case Issue():
                return self._editions[value.slug]
            case Article():
                return self._articles[value.id]
            case Edition():
                return self._editions[value.issue.slug]
            case BaseModel():
                return value.model_dump_json().encode()
            case dict():
                return self._said(list(value.items()))
            case _ if is_dataclass(value):
                return self._said([getattr(value, field.name) for field in fields(value)])
            case _:
                raise TypeError(f"a file cannot show {value!r}: it has no digest")


def _edition(edition: Edition, pictures: Mapping[str, Measured]) -> bytes:
    issue = edition.issue
    own = {f"{issue.slug}/{path}" for path in issue.pictures}
    shown = pictures if _borrows(issue) else own
    parts = [
        (issue.digest or issue.model_dump_json()).encode(),  # its files, which say it all, or itself
        table_of(edition),
        *(pictures[key].digest.encode() for key in sorted(shown)),
    ]
    return _digest(b"\0".join(parts))


def _borrows(issue: Issue) -> bool:
    texts = (issue.lead, *(article.body for article in issue.articles))
    return any(_BORROWED.search(text) for text in texts if "/images/" in text)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
