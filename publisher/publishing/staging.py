"""The new site, laid beside the old one: what stays is linked, what changed is written *.

The folder is kept from one publish to the next. What it then holds are the very files of the site
(hard links), so that one more issue is a few links and files, and not an archive of them. Nothing in
it is trusted: a file stays only if it is the one that stands in the site, which their inode numbers
tell. So it may be deleted, spoilt or left half done at any time.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from publisher.publishing.site import Fate, SitePlan


class Staging:
    """A folder that becomes the site; `live` is the site as it stands."""

    def __init__(self, folder: Path, live: Path) -> None:
        """Begin with what is the same in both; everything else is taken out.

        A link goes first: behind it lies a folder of somebody else, whose files would be taken out.
        """
        if folder.is_symlink():
            folder.unlink()
        folder.mkdir(exist_ok=True)
        self._folder, self._live = str(folder), str(live)
        self._standing, _ = _walk(self._live)
        laid, self._folders = _walk(self._folder)
        self._laid = {path for path, inode in laid.items() if self._standing.get(path) == inode}
        for path in laid.keys() - self._laid:
            os.unlink(f"{folder}/{path}")  # noqa: PTH108  # fifty thousand Paths take seconds
        self._wanted: set[str] = set()
        self.touched: set[str] = set()  # what is written or linked now: each looks other than before
        self.copies = False  # whether the file system has no links: then the folder is not worth keeping

    def keep(self, path: str) -> None:
        """Let a file of the site stand in the new one too."""
        self._wanted.add(path)
        if path in self._laid:
            return
        self._make_way(path)
        self.touched.add(path)
        source, target = f"{self._live}/{path}", f"{self._folder}/{path}"
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK):
                raise
            shutil.copy2(source, target, follow_symlinks=False)
            self.copies = True

    def write(self, path: str, data: bytes) -> Path:
        """Lay a new file; the one of the site is never written to."""
        self._wanted.add(path)
        self.touched.add(path)
        self._make_way(path)
        target = Path(self._folder, path)
        with target.open("xb") as file:
            file.write(data)
        return target

    def finish(self, ours: set[str]) -> None:
        """Bring along what is not `ours`, such as a host's CNAME, and take out what nobody wants any more.

        What stands in the place of a folder or file of ours gives way, as a file under one of our names does.
        """
        folders = _folders_of(self._wanted)
        for path in self._standing.keys() - ours - self._wanted:
            if path not in folders and self._wanted.isdisjoint(_folders_of({path})):
                self.keep(path)
        for path in self._laid - self._wanted:
            os.unlink(f"{self._folder}/{path}")  # noqa: PTH108  # Paths are slow
        for folder in sorted(self._folders - _folders_of(self._wanted), reverse=True):
            os.rmdir(f"{self._folder}/{folder}")  # noqa: PTH106  # Paths are slow

    def _make_way(self, path: str) -> None:
        """Take out what lies at a path, and make the folders above it."""
        folder = path.rpartition("/")[0]
        if folder and folder not in self._folders:
            self._make_way(folder)
            os.mkdir(f"{self._folder}/{folder}")  # noqa: PTH102  # Paths are slow
            self._folders.add(folder)
        if path in self._laid:
            os.unlink(f"{self._folder}/{path}")  # noqa: PTH108  # Paths are slow
            self._laid.remove(path)
        elif path in self._folders:
            shutil.rmtree(f"{self._folder}/{path}")
            below = f"{path}/"
            self._laid = {name for name in self._laid if not name.startswith(below)}
            self._folders = {name for name in self._folders if name != path and not name.startswith(below)}


def catch_up(folder: Path, plan: SitePlan) -> None:
    """Drop from the folder that was the site what has changed or gone: withdrawn words stay nowhere.

    What lies behind a link to a folder is not ours, even under one of our names.
    """
    inside = folder.resolve()
    for path in map(inside.joinpath, (*plan.paths(Fate.CHANGED), *plan.paths(Fate.REMOVED))):
        if path.parent.resolve() == path.parent:
            with suppress(OSError):  # then the next publish takes it out
                path.unlink()


def _folders_of(paths: Iterable[str]) -> set[str]:
    """`a/b/c` -> `a`, `a/b`."""
    folders = {path.rpartition("/")[0] for path in paths} - {""}
    return folders | _folders_of(folders) if folders else folders


def _walk(top: str) -> tuple[dict[str, int], set[str]]:
    """The inode number of every file below a folder, and all folders; links are not followed."""
    files: dict[str, int] = {}
    folders: set[str] = set()
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        with suppress(FileNotFoundError), os.scandir(f"{top}/{inside}") as entries:
            for entry in entries:
                path = f"{inside}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    folders.add(path)
                    waiting.append(f"{path}/")
                else:
                    files[path] = entry.inode()
    return files, folders
