"""Pages for what cannot be answered; they look like all others and tell nothing of the inside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from publisher.errors import BusyError, UnavailableError
from publisher.webapp.door import Door

Handler = Callable[[Request, Exception], Awaitable[Response]]


def fault_handlers(door: Door) -> Mapping[Any, Handler]:
    """What Starlette calls when a route raises, or when there is none."""
    say = door.language.text
    nothing = say("Please try again. Nothing was changed.")
    words = {
        404: (
            say("There is no such page"),
            say("The address may have been mistyped, or cut short on its way to you."),
        ),
        405: (
            say("This cannot be done here"),
            say("Please use the links and buttons of our letters and pages."),
        ),
        408: (say("That took too long"), nothing),
        413: (say("That is more than we accept"), nothing),
    }

    async def refused(_request: Request, error: Exception) -> Response:
        status, headers = (
            (error.status_code, error.headers) if isinstance(error, HTTPException) else (400, None)
        )
        title, line = words.get(status, (say("We could not read that"), nothing))
        response = door.notice(title, line, status=status)
        response.headers.update(headers or {})
        return response

    async def busy(_request: Request, _error: Exception) -> Response:
        line = say("Please try again in a few minutes. Nothing was changed.")
        return door.notice(say("We are very busy"), line, status=503)

    async def failed(_request: Request, _error: Exception) -> Response:
        line = say("It is our fault, and it has been written down. Please try again in a few minutes.")
        return door.notice(say("Something went wrong"), line, status=500)

    return {HTTPException: refused, BusyError: busy, UnavailableError: busy, Exception: failed}
