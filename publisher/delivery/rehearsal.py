"""Send one letter to ourselves, over SMTP and the loopback interface, and give back what arrived *."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from publisher.delivery.models import Claim, Job, Letter, Recipient, Reply, Stage
from publisher.delivery.settings import ServerSettings
from publisher.delivery.smtp import SmtpTransport
from publisher.errors import PublisherError, UnavailableError

PATIENCE = 20.0
"""Seconds for the whole talk; it takes some milliseconds."""
_LARGEST = 1 << 26

_ANSWERS = {
    b"EHLO": b"250-loopback\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 2.0.0 bye\r\n",
}


class _OneLetter:
    """A desk with a single job on it."""

    def __init__(self, job: Job) -> None:
        self._job: Job | None = job
        self.told = "nothing was answered"
        self.failure: PublisherError | None = None

    async def take(self, server: str = "", weight: int = 1) -> Job | None:  # noqa: ARG002  # a Desk's signature
        """Give the job, once."""
        job, self._job = self._job, None
        return job

    def next(self, server: str = "") -> Job | None:  # noqa: ARG002  # a Desk's signature
        """There is no second letter."""
        return None

    async def pause(self, seconds: float) -> None:
        """Sleep."""
        await asyncio.sleep(seconds)

    def put_back(self, job: Job) -> None:
        """Try again."""
        self._job = job

    def intend(self, job: Job, then: Callable[[], None]) -> None:  # noqa: ARG002  # a Desk's signature
        """Nothing is written down: let it go."""
        asyncio.get_running_loop().call_soon(then)

    def settle(self, job: Job, stage: Stage, reply: Reply, server: str = "") -> None:  # noqa: ARG002
        """Keep the answer."""
        self.told = f"{stage}: {reply}"

    def lose(self, job: Job, why: str, *, in_doubt: bool) -> None:  # noqa: ARG002  # a Desk's signature
        """Keep the reason."""
        self.told = why

    def warn(self, why: str) -> None:
        """Keep it as the reason."""
        self.told = why

    def stop(self, failure: PublisherError) -> None:
        """Keep the failure."""
        self.failure = failure


def rehearse(letter: Letter, to: Recipient) -> bytes:
    """Carry a letter by our own transport to a server of our own; return the message as it arrived.

    Raises UnavailableError with what was said instead, if it did not arrive.
    """
    return asyncio.run(_carry(Job(Claim(0, to), letter)))


async def _carry(job: Job) -> bytes:
    arrived: list[bytes] = []

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _receive(reader, writer, arrived)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(receive, "127.0.0.1", 0, limit=_LARGEST)
    port = server.sockets[0].getsockname()[1]
    desk = _OneLetter(job)
    try:
        async with asyncio.timeout(PATIENCE):
            relay = ServerSettings(host="127.0.0.1", port=port, connections=1, tls="none")
            await SmtpTransport([(relay, "")], ehlo_name="localhost").carry(desk)
    except TimeoutError:
        desk.told = f"no answer within {PATIENCE:g} s"
    finally:
        server.close()
    if len(arrived) != 1:
        raise desk.failure or UnavailableError(
            f"Our own letter did not arrive on this machine: {desk.told}",
            hint="look for a firewall on the loopback interface",
        )
    return arrived[0]


async def _receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, arrived: list[bytes]) -> None:
    """Take letters as RFC 5321 says, with nothing that one letter from ourselves does not need."""
    writer.write(b"220 loopback ESMTP\r\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        writer.write(_ANSWERS.get(verb, b"250 2.0.0 ok\r\n"))
        if verb == b"DATA":
            await writer.drain()
            data = await reader.readuntil(b"\r\n.\r\n")
            arrived.append(data[:-3].replace(b"\r\n..", b"\r\n."))
            writer.write(b"250 2.0.0 taken\r\n")
        await writer.drain()
        if verb == b"QUIT":
            return
