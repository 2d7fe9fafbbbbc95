"""A WebSub hub on loopback that remembers every ping and answers as it is told."""

from __future__ import annotations

import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs


class Hub:
    """Use it in a `with`; `heard` has the forms that came, `answers[topic]` the next statuses to give."""

    def __init__(self) -> None:
        """Listen on a port of its own."""
        self.heard: list[dict[str, str]] = []
        self.types: set[str] = set()
        self.answers: defaultdict[str, list[int]] = defaultdict(list)
        self.always = 204
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                topic = form["hub.url"][0]
                hub.types.add(self.headers["content-type"])
                hub.heard.append({name: values[0] for name, values in form.items()})
                self.send_response(hub.answers[topic].pop(0) if hub.answers[topic] else hub.always)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self) -> Self:
        """Start answering."""
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and give the port back."""
        self.server.shutdown()
        self.server.server_close()
