"""Names and addresses as they may be typed: slugs, ids, languages, people, web and mail addresses."""

from __future__ import annotations

import re
from typing import Annotated

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, BeforeValidator, HttpUrl, StringConstraints

from publisher.content.text import Line, OptionalLine

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,80}$")]
"""A path segment that is safe on every file system and in every URL."""

EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,120}$")]
"""The stored part of an article's permanent identity; unique for ever within a publication."""


def _known_language(tag: str) -> str:
    """Refuse a language whose dates and numbers nobody can write."""
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError(
            f'"{tag}" is no language that we know; write its tag, for example ky, ru or uz-Cyrl'
        ) from None
    return tag


Language = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"), AfterValidator(_known_language)
]
"""A BCP 47 tag that CLDR describes."""


def _without_address(name: str) -> str:
    """A name goes into every feed and page, where addresses are harvested; validators warn of it."""
    if re.search(r"[^\s@]@[^\s@]+\.\w", name):
        raise ValueError("has an e-mail address in it; write the name alone")
    return name


Name = Annotated[Line, AfterValidator(_without_address)]
"""Of a person, a desk or a company."""

MailAddress = Annotated[
    OptionalLine,
    StringConstraints(pattern=r"^$|^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"),
]
"""One that every mail server takes (RFC 5322 sec. 3.4.1 in plain ASCII, as HTML's forms have it), or none."""


_NO_HOST = re.compile(r"https?:(?!//[^/\\])", re.IGNORECASE)


def _typed_address(value: object) -> object:
    """Refuse what pydantic would silently delete or encode: an address is typed without blanks."""
    if isinstance(value, str) and any(character.isspace() for character in value.strip()):
        raise ValueError("has a blank or a line break in it; delete it")
    if isinstance(value, str) and _NO_HOST.match(value):
        raise ValueError("is not a web address; type it in full, for example https://example.org/")
    return value


def _plain_web_address(value: HttpUrl) -> HttpUrl:
    """Refuse user:password@ in an address: it is never meant and hides where a link leads."""
    if value.username or value.password:
        raise ValueError("has a user name or password in it; delete everything up to the @")
    if ".." in (value.host or ""):
        raise ValueError("has two dots in its host name; delete one")
    return value


WebAddress = Annotated[HttpUrl, BeforeValidator(_typed_address), AfterValidator(_plain_web_address)]


def _folder(value: HttpUrl) -> HttpUrl:
    """The addresses of all pages begin with it, so nothing may come after its path."""
    if value.query is not None or value.fragment is not None:
        raise ValueError("has a ? or a # in it; delete it and all that follows")
    return value


SiteAddress = Annotated[WebAddress, AfterValidator(_folder)]
"""Where a whole site lives."""


def _site_relative(value: object) -> object:
    """`/2024-05-02/dam/` -> `2024-05-02/dam/`."""
    return value.removeprefix("/") if isinstance(value, str) else value


def _page(path: str) -> str:
    """Only a page can lead on: `feeds/atom.xml` that is HTML would help nobody."""
    name = path.rstrip("/").rpartition("/")[2]
    if "." in name and not name.endswith((".html", ".htm")):
        raise ValueError(f"has {path}, which is no page and cannot lead on; name the address of a page")
    return path


OldPath = Annotated[
    str,
    BeforeValidator(_site_relative),
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*/?$", max_length=200),
    AfterValidator(_page),
]
"""An address that the site once had, relative to its root."""
