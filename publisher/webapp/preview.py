"""The editor's preview: a folder on 127.0.0.1 that reloads itself. Never for the public."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

RELOAD_PATH = "/.changed"
RELOAD = b"<script>fetch('/.changed').then(() => location.reload())</script>"


class Changes:
    """Lets every open page wait for the next publish."""

    def __init__(self) -> None:
        """Nothing has changed yet."""
        self._condition = threading.Condition()
        self._count = 0

    def announce(self) -> None:
        """Wake all waiting pages."""
        with self._condition:
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
            self._send(page.read_bytes() + RELOAD, "text/html; charset=utf-8")
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
