"""The door on a port: uvicorn, with bounds for slow and greedy clients."""

from __future__ import annotations

import asyncio
import errno
import socket
from http import HTTPStatus
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from publisher.errors import ConfigurationError
from publisher.webapp.guard import HEADERS

HEAD_SECONDS = 15
"""A request's head must be complete by then, and the next one begun; a proxy before us must wait less."""
ANSWER_SECONDS = 300
"""An answer must have been taken by then."""
MOST_CONNECTIONS = 1_000
LARGEST_HEAD = 16_384


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 that hangs up on those who send or read too slowly."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """Start the clock; one who comes when the house is full is told so and let go."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.write(_refusal(HTTPStatus.SERVICE_UNAVAILABLE))
            transport.close()
        else:
            self._wait(HEAD_SECONDS, None)

    def on_response_complete(self) -> None:
        """The next request has its own time."""
        super().on_response_complete()
        self._wait(HEAD_SECONDS, self.cycle)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's words name the parser's complaint
        """Refuse what is no HTTP; nothing that was begun on this connection goes on."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.write(_refusal(HTTPStatus.BAD_REQUEST))
        self.transport.close()
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request
        if cycle:
            cycle.disconnected = True
            cycle.message_event.set()

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


def _refusal(status: HTTPStatus) -> bytes:
    """An answer where no application is asked, as guarded as all others."""
    body = f"{status.phrase}\n".encode()
    fields = {
        **HEADERS,
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": len(body),
        "Connection": "close",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n".encode() + body


def listen(host: str, port: int) -> list[socket.socket]:
    """Take the port at every address of the host, before anybody is told that the door is open.

    Raises ConfigurationError where it is another program's, or not for us.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        once = dict.fromkeys((family, address) for family, *_, address in found)  # a name may stand twice
        taken = [_taken(*place) for place in once]
        why = "no address of this machine"
    except UnicodeError:
        taken, why = [], "no name of a host"
    except OSError as error:
        taken, why = [], str(error.strerror)
    if sockets := list(filter(None, taken)):
        return sockets
    raise ConfigurationError(
        f"The door cannot listen at {host}:{port}: {why}",
        hint="close what listens there, or set another --host or --port",
    )


def _taken(family: int, address: Any) -> socket.socket | None:
    """None where there is no such address: `localhost` is two, and a machine may have no IPv6."""
    try:
        return socket.create_server(address, family=family)
    except OSError as error:
        if error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
            return None
        raise


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
            log_level="error",  # what strangers send that is no HTTP is answered, and fills no disk
            h11_max_incomplete_event_size=LARGEST_HEAD,
            timeout_keep_alive=HEAD_SECONDS,
            timeout_graceful_shutdown=10,
            **options,
        )
    )
