"""An issue's folder appears as a whole or not at all, and never over another (an edge: writes files)."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from publisher.content.loading import is_begun
from publisher.content.times import YEARS
from publisher.errors import BusyError, Finding, InputError


def write_issue(root: Path, day: date, files: Mapping[str, str]) -> Path:
    """Write the files into `root/issues/<day>` in one step; return the folder.

    They are written beside it, in a folder that the loader does not look at, and moved when
    they are safe on the disk; rates that were fetched for the day move in with them. Raises
    InputError if the issue is there already, BusyError if another import is at work.
    """
    issues = root / "issues"
    issues.mkdir(parents=True, exist_ok=True)
    folder = issues / day.isoformat()
    with _alone_in(issues):
        refuse_existing(root, day)
        unfinished = issues / f".{folder.name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)  # what a crash may have left
        try:
            _write_all(unfinished, files)
            _move(unfinished, folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        _sync(issues)
    return folder


def _move(unfinished: Path, folder: Path) -> None:
    """Trade names. A folder with fetched rates keeps them; issue.md comes last."""
    if not folder.exists():
        unfinished.rename(folder)
        return
    for path in sorted(unfinished.iterdir(), key=lambda path: path.name == "issue.md"):
        if not (folder / path.name).exists():
            path.rename(folder / path.name)
    shutil.rmtree(unfinished)


def refuse_existing(root: Path, day: date) -> None:
    """Raise InputError if there is an issue of this day already, or if no issue of it could be read."""
    folder = root / "issues" / day.isoformat()
    if day.year not in YEARS:
        message, hint = f"has the year {day.year}", f"type one from {YEARS[0]} to {YEARS[-1]}"
        raise InputError([Finding(f"issues/{folder.name}", 0, 0, "", message, hint, "F107")])
    if folder.is_symlink() or folder.is_file() or (folder.exists() and is_begun(folder)):
        hint = "choose another day, or move the folder away"
        raise InputError([Finding(f"issues/{folder.name}", 0, 0, "", "exists already", hint, "F112")])


def _write_all(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir()
    for name, text in files.items():
        with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    _sync(folder)


def _sync(folder: Path) -> None:
    """Make a folder's list of names durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; it goes with the process, however that ends."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BusyError("another import is writing an issue", hint="try again in a moment") from error
    finally:
        os.close(handle)
