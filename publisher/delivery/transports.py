"""How letters leave: the Transport protocol, and the ones that need no server.

A transport pulls: it takes jobs from the desk, says before a letter leaves (`intend`), and says what
came back (`settle`) or that nothing did (`lose`). What that means is not its business.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from publisher.delivery.models import Job, Reply, Stage
from publisher.errors import OutputError, PublisherError

LANES = 8
"""Letters written side by side, so that they share commits."""


class Desk(Protocol):
    """Where a transport gets its jobs and leaves its answers; all on one event loop."""

    async def take(self, server: str = "", weight: int = 1) -> Job | None:
        """Wait for a job; None means that there will be no more.

        Of several servers that wait, the one that had the least for its weight is served first.
        """
        ...

    def next(self, server: str = "") -> Job | None:
        """Return a job if one is ready and the server's own rate allows it."""
        ...

    async def pause(self, seconds: float) -> None:
        """Sleep, but wake up when the desk closes."""
        ...

    def put_back(self, job: Job) -> None:
        """Return a job that was taken and not begun."""
        ...

    def intend(self, job: Job, then: Callable[[], None]) -> None:
        """Write down that the letter is about to leave, then call `then`."""
        ...

    def settle(self, job: Job, stage: Stage, reply: Reply, server: str = "") -> None:
        """Say what the server answered about this letter."""
        ...

    def lose(self, job: Job, why: str, *, in_doubt: bool) -> None:
        """Say that no answer will come; in doubt if the final dot may have left."""
        ...

    def warn(self, why: str) -> None:
        """Tell a person what this run goes on in spite of."""
        ...

    def stop(self, failure: PublisherError) -> None:
        """Close the desk: this transport cannot go on. What is on the wire is still finished."""
        ...


class Transport(Protocol):
    """One way out."""

    @property
    def name(self) -> str:
        """What a person is told: `the folder data/outbox`, `relay.example:587`."""
        ...

    @property
    def lines(self) -> int:
        """How many letters are on their way at once, at most."""
        ...

    async def carry(self, desk: Desk) -> None:
        """Carry jobs until the desk has no more; a fault is told to the desk, not raised."""
        ...


class Shelf:
    """A transport that puts each letter somewhere at once; the parent of those below."""

    name = "memory"
    lines = LANES

    async def carry(self, desk: Desk) -> None:
        """Let a few lanes take turns, so that one commit serves them all."""
        await asyncio.gather(*(self._lane(desk) for _ in range(self.lines)))

    async def _lane(self, desk: Desk) -> None:
        while (job := await desk.take()) is not None:
            written = asyncio.Event()
            desk.intend(job, written.set)
            await written.wait()
            try:
                place = await asyncio.to_thread(self.put, job, plain(job))
            except OutputError as error:  # written whole or not at all, so nothing is in doubt
                desk.lose(job, str(error), in_doubt=False)
                desk.stop(error)
            else:
                desk.settle(job, Stage.DOT, Reply(250, place))

    def put(self, job: Job, message: bytes) -> str:
        """Store the message durably; return where."""
        raise NotImplementedError


class Memory(Shelf):
    """Keeps letters in a list: for previews and tests."""

    def __init__(self) -> None:
        """Start with an empty shelf."""
        self.letters: list[tuple[str, bytes]] = []

    def put(self, job: Job, message: bytes) -> str:
        """Append it."""
        self.letters.append((job.recipient.address, message))
        return "kept in memory"


class Folder(Shelf):
    """Writes each letter as an .eml file, named after the recipient's number."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when the first letter is written."""
        self.folder = folder
        self.name = f"the folder {folder}"

    def put(self, job: Job, message: bytes) -> str:
        """Write `0000042.eml`; the same letter again replaces itself."""
        file = self.folder / f"{job.recipient.id:07d}.eml"
        _write(file, file.with_suffix(".part"), message)
        return f"written to {file.name}"


class Maildir(Shelf):
    """Delivers into a maildir that any mail program can open (tmp, then new)."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds `tmp`, `new` and `cur`."""
        self.folder = folder
        self.name = f"the maildir {folder}"

    def put(self, job: Job, message: bytes) -> str:
        """Write into `tmp` and move into `new`, under a name that is the letter's own."""
        unique = f"{job.recipient.id:07d}.{sha256(job.letter.message_id.encode()).hexdigest()[:16]}.publisher"
        (self.folder / "cur").mkdir(parents=True, exist_ok=True)
        _write(self.folder / "new" / unique, self.folder / "tmp" / unique, message)
        return f"delivered as {unique}"


def plain(job: Job) -> bytes:
    """The message in one piece."""
    return b"".join(job.letter.chunks)


def _write(file: Path, temporary: Path, message: bytes) -> None:
    """Write, sync, rename, sync the folder: the file is whole, or not there.

    What a crash left under the temporary name is not written into: a link may stand there, and lead elsewhere.
    """
    try:
        for folder in {file.parent, temporary.parent}:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as handle:
            handle.write(message)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(file)
        folder_handle = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder_handle)
        finally:
            os.close(folder_handle)
    except OSError as error:
        raise OutputError(
            f"{file} cannot be written: {error.strerror}", hint="check the disk's space"
        ) from None
