"""Make the output folder equal the plan, in one step.

The new site is laid beside the old one (`staging.py`): changed files are written, unchanged ones are
hard links to what stands already (so they keep their time stamps), files that are not ours come along.
When the disk holds all of it, the two folders trade names. A reader that polls meanwhile sees the old file or
the new one, never a torn or missing one; a crash at any point, or a full disk, leaves the old site
whole.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from publisher.errors import BusyError, OutputError
from publisher.publishing.compression import original
from publisher.publishing.durable import settle
from publisher.publishing.exchange import exchange
from publisher.publishing.site import Fate, SitePlan, fate_of, is_safe, make_plan
from publisher.publishing.staging import Staging, catch_up

Files = Iterable[tuple[str, bytes | None]]

MANIFEST = ".publisher.json"
"""What we published, and the newest issue's date: stands in the site itself, so that it is swapped with it."""


def published_until(output: Path) -> str:
    """The slug of the newest issue that is public, or nothing."""
    return _manifest(output)[1]


def plan_site(files: Files, output: Path, until: str) -> SitePlan:
    """Compare without writing anything (a dry run)."""
    ours, before = _manifest(output)
    fates = {
        path: Fate.UNCHANGED if data is None else fate_of(data, _read(output / path))
        for path, data in _with_manifest(files, max(until, before))
    }
    return make_plan(fates, ours)


def write_site(
    files: Files,
    output: Path,
    until: str,
    times: Mapping[str, datetime] = MappingProxyType({}),
) -> SitePlan:
    """Publish the files and return what changed; None for a file's bytes takes it as it stands.

    `times` tells when the contents of a path changed by their own account; a file that is written
    anew bears that time, and so do its compressed variants.

    Raises BusyError if another run is publishing, OutputError if the disk refuses or the folder
    holds somebody else's work; what stood before then stands as it was.
    """
    output = output.resolve()
    output.parent.mkdir(parents=True, exist_ok=True)
    beside, retired = _beside(output, "new"), _beside(output, "old")
    with _locked(output):
        _discard(retired)
        _refuse_foreign(output)
        try:
            staging = Staging(beside, output)
            ours, before = _manifest(output)
            plan = _stage(_with_manifest(files, max(until, before)), output, staging, times, ours)
            settle(beside)
            if plan.changes:
                _swap(beside, output, retired)
                catch_up(beside, plan)
        except BaseException as error:
            _discard(beside, retired)
            if isinstance(error, OSError):
                raise _refused(error, output) from error
            raise
        if staging.copies:
            _discard(beside)
    return plan


def _with_manifest(files: Files, until: str) -> Iterator[tuple[str, bytes | None]]:
    """The files as they come, then the list of them; a path that is unsafe or comes twice is our own fault."""
    seen: set[str] = set()
    for path, data in files:
        if path in seen or not is_safe(path):
            raise OutputError(
                f"Cannot publish the path {path!r}", hint="it is unsafe or used twice: report this"
            )
        seen.add(path)
        yield path, data
    manifest = {"files": sorted(seen), "until": until}
    yield MANIFEST, json.dumps(manifest, indent=0, sort_keys=True).encode() + b"\n"


def _refuse_foreign(output: Path) -> None:
    """Never take over a folder that holds something else, such as somebody's home."""
    if output.is_dir() and any(output.iterdir()) and not (output / MANIFEST).exists():
        raise OutputError(
            f"{output} holds files that Publisher did not write",
            hint="name a new or empty folder with --output",
        )


def _stage(
    files: Files, output: Path, staging: Staging, times: Mapping[str, datetime], ours: Sequence[str]
) -> SitePlan:
    """Link what is the same, write what is not."""
    fates: dict[str, Fate] = {}
    for path, data in files:
        fates[path] = Fate.UNCHANGED if data is None else fate_of(data, _read(output / path))
        if data is None or fates[path] is Fate.UNCHANGED:
            staging.keep(path)
            continue
        target = staging.write(path, data)
        if at := times.get(original(path)):
            _date(target, at, output / path)
    staging.finish({*ours, *fates})
    return make_plan(fates, ours, staging.touched)


def _date(target: Path, at: datetime, before: Path) -> None:
    """Give a changed file its own time, but always a later one than it had.

    Servers make Last-Modified, and nginx its ETag, from the time; two contents must never share one.
    """
    stamp = min(at.timestamp(), target.stat().st_mtime)
    with suppress(FileNotFoundError, NotADirectoryError):
        stamp = max(stamp, int(before.stat().st_mtime) + 1)
    os.utime(target, (stamp, stamp))


def _swap(staging: Path, output: Path, retired: Path) -> None:
    if not output.exists():
        staging.rename(output)
    elif not exchange(staging, output):  # two renames where one is not to be had: a gap of microseconds
        output.rename(retired)
        staging.rename(output)
        retired.rename(staging)
    _sync(output.parent)


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(output: Path, role: str) -> Path:
    return output.with_name(f".{output.name}.{role}")


def _discard(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    """One publisher at a time; the lock goes with the process, however it ends.

    A link in its place is refused: it would have us make, or empty, a file of somebody else.
    """
    try:
        handle = os.open(_beside(output, "lock"), os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        raise _refused(error, output) from error
    with os.fdopen(handle) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"Another run is publishing to {output}", hint="wait for it to finish") from None
        yield


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _manifest(output: Path) -> tuple[tuple[str, ...], str]:
    """What an earlier publish wrote here, and up to which issue; nothing for a new or foreign folder.

    It lies in the site, where others may write too: what it names outside of it must never be deleted.
    """
    try:
        found = json.loads(_read(output / MANIFEST) or b"{}")
        return tuple(filter(is_safe, map(str, found.get("files", ())))), str(found.get("until", ""))
    except (ValueError, AttributeError, TypeError):  # written by somebody else: nothing in it is ours
        return (), ""


def _refused(error: OSError, output: Path) -> OutputError:
    hints = {
        errno.ENOSPC: "free some space; the site stands as it was",
        errno.EBUSY: "the folder is a mount point: publish into a folder inside it with --output",
        errno.EXDEV: "the folder's parent is another file system: publish into a folder inside it with --output",
        errno.EACCES: "give this user the right to write there",
        errno.ELOOP: f"delete the link {error.filename}",
    }
    reason = f"Cannot publish into {output}: {error.strerror or error}"
    return OutputError(reason, hint=hints.get(error.errno or 0, "the site stands as it was"))
