"""The one client that sources share: patient, but bounded in time, tries and bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
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


class _TryAgainError(Exception):
    """An answer that another try may better; `pause` in seconds if the server said."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.pause = pause


class HttpClient:
    """GET with a limit on the whole answer's time, not only on each silence within it."""

    def __init__(
        self,
        *,
        user_agent: str,
        timeout: float = 8.0,
        pause: float = 0.5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`timeout` is in seconds for one try; `pause` is doubled after each."""
        self._timeout, self._pause, self._sleep = timeout, pause, sleep
        headers = {"User-Agent": user_agent, "Accept": "application/json, application/xml, text/xml"}
        # a copy of a source on this machine is never behind the office's proxy
        here = dict.fromkeys(("all://127.0.0.1", "all://localhost"))
        self._http = httpx.Client(timeout=timeout, headers=headers, follow_redirects=False, mounts=here)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, url: str) -> bytes:
        """Fetch an address, trying again after 429, 5xx and broken connections.

        Raises SourceError when the tries are used up, the answer is too long or too slow, refers
        to another host, or is a refusal.
        """
        pause = self._pause
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._follow(url)
            except httpx.InvalidURL as error:
                raise SourceError(f"{url} is no address", hint="correct [rates.urls]") from error
            except (_TryAgainError, httpx.RequestError) as error:
                if attempt == _ATTEMPTS:
                    reason = str(error) or type(error).__name__
                    raise SourceError(f"{url}: {reason} ({attempt} tries)", hint=_AGAIN_LATER) from error
                asked = error.pause if isinstance(error, _TryAgainError) else 0.0
                self._sleep(min(_LONGEST_PAUSE, max(pause, asked)))
                pause *= 2
        raise AssertionError  # pragma: no cover  # the last try returns or raises

    def _follow(self, url: str) -> bytes:
        here = url
        for _ in range(_REDIRECTS + 1):
            status, body, onward = self._once(here)
            if not onward:
                return self._judged(here, status, body)
            there = urljoin(here, onward)
            if urlsplit(there)[:2] != urlsplit(here)[:2]:
                raise SourceError(f"{url} refers to another host, {there[:80]}", hint="check its address")
            here = there
        raise SourceError(f"{url} refers onward more than {_REDIRECTS} times", hint="check its address")

    def _once(self, url: str) -> tuple[int, bytes, str]:
        """One request: status, body, and where a redirect leads."""
        deadline = time.monotonic() + self._timeout
        with self._http.stream("GET", url) as response:
            if response.is_redirect:
                return response.status_code, b"", response.headers["Location"]
            if response.status_code in (429, 503):
                wait = response.headers.get("Retry-After", "")
                raise _TryAgainError(f"answered {response.status_code}", float(wait) if wait.isdigit() else 0)
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise SourceError(f"{url} answered with more than {MAX_BYTES} bytes", hint=_AGAIN_LATER)
                if time.monotonic() > deadline:
                    raise _TryAgainError(f"did not finish within {self._timeout:g} s")
            return response.status_code, bytes(body), ""

    def _judged(self, url: str, status: int, body: bytes) -> bytes:
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _TryAgainError(f"answered {status}")
        if status != httpx.codes.OK:
            raise SourceError(f"{url} answered {status}", hint="check its address, or use another source")
        return body
