"""The frame round every answer, 404 and 500 included: known hosts only, and headers that protect readers."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = "Content-Security-Policy"
HEADERS = {
    _POLICY: "default-src 'none'; style-src 'self'; img-src 'self' data: https:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Set on every answer that does not say otherwise itself. No script runs on any page."""

_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s\[\]:/@?#]+)(?::[0-9]{0,5})?")
_A_YEAR = "max-age=31536000"


class Guard:
    """ASGI round ASGI."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], *, secure: bool, forms: str = "") -> None:
        """`hosts` are the names we answer to, in lower case; `secure`: the site lives at https.

        `forms` is the origin to which the site's form is sent: pages under another of our names send it there too.
        """
        self.app = app
        self.hosts = frozenset(hosts)
        policy = HEADERS[_POLICY].replace("form-action 'self'", f"form-action 'self' {forms}".rstrip())
        self.headers = (
            HEADERS | {_POLICY: policy} | ({"Strict-Transport-Security": _A_YEAR} if secure else {})
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        scope = origin_form(scope)
        app = self.app
        if is_ambiguous(scope):
            app = PlainTextResponse("Bad Request\n", 400, {"Connection": "close"})
        elif not self._is_known(scope):
            app = PlainTextResponse("This is not that site.\n", 421)
        await app(scope, receive, send_guarded)

    def _is_known(self, scope: Scope) -> bool:
        """Exactly one Host, and one of ours (RFC 9110, 7.4: otherwise 421)."""
        named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        return len(named) == 1 and host_name(named[0]) in self.hosts


def is_ambiguous(scope: Scope) -> bool:
    """Whether two servers could disagree about where the request ends (RFC 9112, 6.1: refuse and hang up)."""
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}


def origin_form(scope: Scope) -> Scope:
    """Read `GET http://letter.example/subscribe`: the target's host counts, not the Host line (RFC 9112, 3.2.2)."""
    if not scope["path"].lower().startswith(("http://", "https://")):
        return scope
    try:
        target = urlsplit(scope["raw_path"].decode("ascii", "replace"))
    except ValueError:  # `http://[::1/`: nobody's host, so not ours either
        return {**scope, "headers": []}
    headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
    return {
        **scope,
        "path": unquote(target.path) or "/",
        "raw_path": target.path.encode() or b"/",
        "headers": [(b"host", target.netloc.encode()), *headers],
    }


def host_name(authority: str) -> str:
    """`Example.org:8000` -> `example.org`, in A-labels; the empty name when it is no host and port."""
    found = _AUTHORITY.fullmatch(authority)
    if not found:
        return ""
    try:
        return found[1].lower().encode("idna").decode()
    except UnicodeError:
        return ""
