"""A site below a path: https://example.org/news/ is answered at /news/."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class BasePath:
    """ASGI round ASGI: takes the path of the site's own address off what is asked for.

    Proxies may leave it on or take it off themselves, so what comes without it is answered too.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        """`path` is `/news`, as in the publication's address, without a slash at its end."""
        self.app, self.path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked = str(scope.get("path", ""))
        if asked == self.path or asked.startswith(f"{self.path}/"):
            scope = {**scope, "path": asked.removeprefix(self.path) or "/"}
        await self.app(scope, receive, send)
