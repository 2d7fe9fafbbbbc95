"""The editor's preview: a folder on 127.0.0.1 that reloads itself. Never for the public."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

RELOAD_PATH = "/.changed"
RELOAD = b"<script>fetch('/.changed').then(() => location.reload())</script>"


_HTML = "text/html; charset=utf-8"
_NOTICE = (
    "position:sticky;bottom:0;margin:0;padding:1rem;max-height:50vh;overflow:auto;white-space:pre-wrap;"
    "font:15px/22px monospace;color:#15202B;background:#FFF6E5;border-top:6px solid #B42318"
)


def fault_notice(fault: str) -> bytes:
    """What is wrong, at the foot of the last page that was right; nothing when all is well."""
    return f'<pre role="alert" style="{_NOTICE}">{escape(fault)}</pre>'.encode() if fault else b""


class Changes:
    """Lets every open page wait for the next publish."""

    def __init__(self) -> None:
        """Nothing has changed yet."""
        self.fault = ""
        self._condition = threading.Condition()
        self._count = 0

    def announce(self, fault: str = "") -> None:
        """Wake all waiting pages; `fault` tells them what keeps the issue from being published."""
        with self._condition:
            self.fault = fault
            self._count += 1
            self._condition.notify_all()

    def wait(self) -> None:
        """Return at the first change from now on."""
        with self._condition:
            before = self._count
            self._condition.wait_for(lambda: self._count != before)


class _Handler(SimpleHTTPRequestHandler):
    """Static files, with a line added to each page that reloads it after a change."""

    def __init__(self, changes: Changes, *arguments: Any, **options: Any) -> None:
        self.changes = changes
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        if self.path == RELOAD_PATH:
            self.changes.wait()
            self._send(b"changed", "text/plain")
        elif (page := self._page()) is not None:
            self._send(page.read_bytes() + fault_notice(self.changes.fault) + RELOAD, _HTML)
        elif self.changes.fault and self.path.endswith("/"):  # nothing could be published yet
            self._send(b"<!DOCTYPE html>" + fault_notice(self.changes.fault) + RELOAD, _HTML)
        else:
            super().do_GET()

    def _page(self) -> Path | None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() and self.path.split("?")[0].endswith("/") else path
        return path if path.suffix == ".html" and path.is_file() else None

    def _send(self, body: bytes, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # the base class's name
        """Stay quiet: the terminal belongs to findings."""


def preview_server(folder: Path, port: int, changes: Changes) -> ThreadingHTTPServer:
    """A server for one editor on this machine; port 0 takes a free one."""
    handler: Callable[..., _Handler] = partial(_Handler, changes, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    return server
