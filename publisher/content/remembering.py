"""Issues that were read before, given back while not a byte of their folder has changed *.

Files that look as they did (inode, size, both times of change) are not read again to see that. A
look is worth nothing while it is fresh: two writes may share one time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG

from publisher.cache import Cache
from publisher.content.loading import load_issue
from publisher.content.models import Article, Issue, Publication

_LARGEST = 10_000_000
"""Bytes of a file that is read to see whether it changed; a larger one is refused where it is used."""

_FRESH = 2.0
"""Seconds: the coarsest step of time stamps that a file system has (FAT)."""


def recall_issue(folder: Path, publication: Publication, *, cache: Cache) -> Issue:
    """Read an issue, or remember it. Raises InputError with the findings of all its files.

    What is remembered was checked when it was read, by this program and with these settings.
    """
    digest = _known_digest(folder, cache)
    if kept := cache.read(f"issues/{folder.name}", digest):
        return _unpacked(kept)
    issue = load_issue(folder, publication).model_copy(update={"digest": digest})
    if folder_digest(folder) == digest:  # nobody wrote into it meanwhile
        cache.write(f"issues/{folder.name}", digest, _packed(issue))
    return issue


def _packed(issue: Issue) -> bytes:
    """The issue as JSON, and its texts as they are behind it: no text has a NUL in it (`clean_body`).

    Texts are nearly all of an issue. In JSON they would be unescaped and looked through for forbidden
    characters again at every publish, half of the time that it takes to load an archive.
    """
    bare = issue.model_copy(update={"articles": tuple(_with_body(article, "") for article in issue.articles)})
    texts = (article.body for article in issue.articles)
    return "\0".join([bare.model_dump_json(), *texts]).encode()


def _unpacked(kept: bytes) -> Issue:
    head, *texts = kept.decode().split("\0")
    bare = Issue.model_validate_json(head)
    articles = tuple(_with_body(*both) for both in zip(bare.articles, texts, strict=True))
    return bare.model_copy(update={"articles": articles})


def _with_body(article: Article, body: str) -> Article:
    return article.model_copy(update={"body": body})


def _known_digest(folder: Path, cache: Cache) -> str:
    """The folder's digest, worked out once while all its files look the same."""
    name, (look, changed) = f"looks/{folder.name}", folder_look(folder)
    if kept := cache.read(name, look):
        return kept.decode()
    digest = folder_digest(folder)
    if changed + _FRESH < cache.opened:
        cache.write(name, look, digest.encode())
    return digest


def folder_look(folder: Path) -> tuple[str, float]:
    """How all files below a folder look, and when the last of them changed, in Unix seconds."""
    looks, changed = [], 0.0
    for path in sorted(_entries(folder)):
        with suppress(OSError):
            found = os.stat(path)  # noqa: PTH116  # ten thousand Paths would take a tenth of a second
            looks.append(
                (path, found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            )
            changed = max(changed, found.st_ctime)
    return repr(looks), changed


def folder_digest(folder: Path) -> str:
    """A hash of the names and bytes of all files below a folder.

    Pipes and devices are never opened, links to folders never followed.
    """
    state = hashlib.sha256()
    for path in sorted(_entries(folder)):
        name = path.removeprefix(str(folder)).encode("utf-8", "surrogateescape")
        state.update(name + b"\0" + _bytes_of(path))
    return state.hexdigest()


def _entries(folder: Path) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        yield from (f"{place}/{name}" for name in names)


def _bytes_of(path: str) -> bytes:
    """What tells that a file has changed: its bytes; of what is no file, or too large, only its looks."""
    try:
        status = os.stat(path)  # noqa: PTH116  # likewise
        if not S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            return f"{status.st_mode} {status.st_size} {status.st_mtime_ns}".encode()
        with open(path, "rb") as file:  # noqa: PTH123  # likewise
            return hashlib.sha256(file.read()).digest()
    except OSError as error:
        return f"cannot be read: {error.errno}".encode()
