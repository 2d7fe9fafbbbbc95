"""The one client that sources share: patient, but bounded in time, tries and bytes."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from publisher.rates.sources.protocol import SourceError

MAX_BYTES = 2_000_000
"""The longest real answer has 100 KB."""

_ATTEMPTS = 3
_REDIRECTS = 3
_LONGEST_PAUSE = 10.0
_AGAIN_LATER = "try again later, or use another source"
_GZIP = 16 + zlib.MAX_WBITS


class _TryAgainError(Exception):
    """An answer that another try may better; `pause` in seconds if the server said."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.pause = pause


class HttpClient:
    """GET with one limit on everything: connections, headers, body, redirects, pauses and tries.

    Limits on each silence, which is all that sockets have, let a server that sends a byte now and
    then hold us for hours. So an event loop runs here, whose timeout ends whatever is under way.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        timeout: float = 20.0,
        pause: float = 0.5,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`timeout` is in seconds for one address altogether; `pause` is doubled after each try."""
        self._timeout, self._pause, self._sleep = timeout, pause, sleep
        headers = {
            "User-Agent": user_agent,
            "Accept": "application/json, application/xml, text/xml",
            "Accept-Encoding": "gzip",
        }
        # a copy of a source on this machine is never behind the office's proxy
        here = dict.fromkeys(("all://127.0.0.1", "all://localhost"))
        # half for one silence, so that a connection which came to nothing leaves time for another
        self._http = httpx.AsyncClient(timeout=timeout / 2, headers=headers, mounts=here)
        self._loop = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._loop:
            self._loop.run(self._http.aclose())

    def get(self, url: str) -> bytes:
        """Fetch an address, trying again after 429, 5xx and broken connections.

        Raises SourceError when the tries or the time are used up, the answer is too long, refers to
        another host, or is a refusal.
        """
        return self._loop.run(self._in_time(url))

    async def _in_time(self, url: str) -> bytes:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._tried(url)
        except TimeoutError as error:
            message = f"{url} did not answer in full within {self._timeout:g} s"
            raise SourceError(message, hint=_AGAIN_LATER) from error

    async def _tried(self, url: str) -> bytes:
        pause = self._pause
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await self._followed(url)
            except httpx.InvalidURL as error:
                raise SourceError(f"{url} is no address", hint="correct [rates.urls]") from error
            except (_TryAgainError, httpx.RequestError) as error:
                if attempt == _ATTEMPTS:
                    reason = str(error) or type(error).__name__
                    raise SourceError(f"{url}: {reason} ({attempt} tries)", hint=_AGAIN_LATER) from error
                asked = error.pause if isinstance(error, _TryAgainError) else 0.0
                await self._sleep(min(_LONGEST_PAUSE, max(pause, asked)))
                pause *= 2
        raise AssertionError  # pragma: no cover  # the last try returns or raises

    async def _followed(self, url: str) -> bytes:
        here = url
        for _ in range(_REDIRECTS + 1):
            async with self._http.stream("GET", here) as response:
                if not response.is_redirect:
                    return await _body(response, here)
                there = urljoin(here, response.headers["Location"])
            if urlsplit(there)[:2] != urlsplit(here)[:2]:
                raise SourceError(f"{url} refers to another host, {there[:80]}", hint="check its address")
            here = there
        raise SourceError(f"{url} refers onward more than {_REDIRECTS} times", hint="check its address")


async def _body(response: httpx.Response, url: str) -> bytes:
    """Judge the status, then read; a packed answer is unpacked no further than the limit."""
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        wait = response.headers.get("Retry-After", "")
        raise _TryAgainError(f"answered {status}", float(wait) if wait.isdecimal() else 0)
    if status != httpx.codes.OK:
        raise SourceError(f"{url} answered {status}", hint="check its address, or use another source")
    packed = response.headers.get("Content-Encoding", "identity")
    if packed not in ("identity", "gzip"):
        raise SourceError(
            f"{url} answered packed as {packed[:20]}, which nobody asked for", hint=_AGAIN_LATER
        )
    unpack = zlib.decompressobj(_GZIP) if packed == "gzip" else None
    body = bytearray()
    async for chunk in response.aiter_raw():
        try:
            body += unpack.decompress(chunk, MAX_BYTES + 1) if unpack else chunk
        except zlib.error as error:
            raise SourceError(f"{url} answered with a broken gzip", hint=_AGAIN_LATER) from error
        if len(body) > MAX_BYTES:
            raise SourceError(f"{url} answered with more than {MAX_BYTES} bytes", hint=_AGAIN_LATER)
    return bytes(body)
