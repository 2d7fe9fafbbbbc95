"""The public door as one ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from publisher.subscribers.letters import Mailer
from publisher.webapp.base_path import BasePath
from publisher.webapp.bounces import bounce_routes
from publisher.webapp.door import Door
from publisher.webapp.faults import fault_handlers
from publisher.webapp.guard import Guard, host_name
from publisher.webapp.operations import operation_routes
from publisher.webapp.postman import Postman
from publisher.webapp.subscriptions import subscription_routes

_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def create_app(
    door: Door, mailer: Mailer, *, hosts: Iterable[str] = (), archive: ASGIApp | None = None
) -> ASGIApp:
    """Join the routes; `archive` answers for the published site, where we serve that too.

    `hosts` are further names to answer to, beside the publication's own and those of `[web] hosts`.
    """
    web, address = door.settings.web, door.settings.publication.url
    press = door.press
    routes = [
        *subscription_routes(door),
        *bounce_routes(door),
        *operation_routes(door.store, metrics=web.metrics),
        _file(press.style_path, press.style, "text/css"),
        _file(press.icon_path, press.icon, "image/svg+xml"),
        *([Mount("/", archive)] if archive else []),
    ]
    postman = Postman(door, mailer)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        rounds = asyncio.create_task(postman.rounds())
        yield
        rounds.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rounds

    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=fault_handlers(door))
    app.router.redirect_slashes = False  # it would build an address from what the client says
    known = {host_name(address.host or ""), *map(host_name, (*web.hosts, *hosts))}
    path, subscribe = door.settings.publication.base_path, door.settings.pages.subscribe
    forms = "{0.scheme}://{0.netloc}".format(urlsplit(str(subscribe))) if subscribe else ""
    return Guard(
        BasePath(app, path) if path else app, known - {""}, secure=address.scheme == "https", forms=forms
    )


def _file(path: str, data: bytes, media_type: str) -> Route:
    """Style sheet and icon, so that the pages look right wherever the site itself is served."""

    async def send(_request: Request) -> Response:  # an endpoint is awaited
        return Response(data, headers=_FOR_EVER, media_type=media_type)

    return Route(f"/{path}", send, methods=["GET"])
