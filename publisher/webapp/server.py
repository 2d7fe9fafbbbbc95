"""The door on a port: uvicorn, with bounds for slow and greedy clients."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEAD_SECONDS = 15
"""A request's head must be complete by then; uvicorn itself would wait for ever."""
ANSWER_SECONDS = 300
"""An answer must have been taken by then."""
MOST_CONNECTIONS = 1_000
LARGEST_HEAD = 16_384


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 that hangs up on those who send or read too slowly."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """Start the clock."""
        super().connection_made(transport)
        self._wait(HEAD_SECONDS, None)

    def on_response_complete(self) -> None:
        """The next request has its own time."""
        super().on_response_complete()
        self._wait(HEAD_SECONDS, self.cycle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        if self._timer:
            self._timer.cancel()
        super().connection_lost(exc)

    def _wait(self, seconds: float, cycle: RequestResponseCycle | None) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._is_late, cycle)

    def _is_late(self, before: RequestResponseCycle | None) -> None:
        """Hang up unless a request has come since; then give its answer time."""
        now: RequestResponseCycle | None = self.cycle  # None before the first request
        if now and now is not before and not now.response_complete:
            self._wait(ANSWER_SECONDS, now)
        else:
            self.transport.abort()


def make_server(app: ASGIApp, host: str, port: int, **options: Any) -> uvicorn.Server:
    """A server that says nothing about itself and logs neither addresses nor links."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=BoundedProtocol,
            ws="none",
            lifespan="on",
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_level="warning",
            limit_concurrency=MOST_CONNECTIONS,
            h11_max_incomplete_event_size=LARGEST_HEAD,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=10,
            **options,
        )
    )
