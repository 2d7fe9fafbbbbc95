"""The servers that must serve the published files alike: ours, and nginx and Caddy with the snippets of our docs."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from commands import PUBLISHER, ROOT, environment

HUB = "https://hub.example/"
PROJECT = """
[publication]
title = "Steppe Letter"
url = "https://letter.example/"
founded = 2025-01-01
sections = [{ id = "economy", title = "Economy" }]
publisher = { name = "Steppe Letter", email = "desk@letter.example" }

[feeds]
hub = "https://hub.example/"
"""


@dataclass(frozen=True)
class Answer:
    """What came back; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class WebServer:
    """A server on loopback."""

    name: str
    port: int

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Send one request; `if_none_match="x"` is the header If-None-Match."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            wire = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=wire)
            answer = connection.getresponse()
            told: dict[str, str] = {}
            for name, value in answer.getheaders():
                key = name.lower()
                told[key] = f"{told[key]}, {value}" if key in told else value
            return Answer(answer.status, told, answer.read())
        finally:
            connection.close()


@contextmanager
def publisher_serve(public: Path, folder: Path, project: str = PROJECT) -> Iterator[WebServer]:
    """Run `publisher serve` over a published folder."""
    (folder / "publication.toml").write_text(project, encoding="utf-8")
    port = free_port()
    command = [*PUBLISHER, "serve", "--port", str(port), "--output", str(public)]
    with _running([*command, "--config", "publication.toml"], folder, port):
        yield WebServer("publisher serve", port)


@contextmanager
def nginx(public: Path, folder: Path) -> Iterator[WebServer]:
    """Run nginx with the snippet of docs/serving.md, nothing in it changed but folder and port."""
    port = free_port()
    server = (
        snippet("nginx")
        .replace("/srv/letter/public", str(public))
        .replace("listen 80", f"listen 127.0.0.1:{port}")
        .replace("127.0.0.1:8081", f"127.0.0.1:{free_port()}")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{ }}\n"
        f"http {{ include /etc/nginx/mime.types; gzip on; access_log {folder}/access.log; {_folders(folder)}\n{server}\n}}\n",
        encoding="utf-8",
    )
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin") or "nginx"
    with _running([program, "-c", str(configuration), "-p", str(folder)], folder, port):
        yield WebServer("nginx", port)


@contextmanager
def caddy(public: Path, folder: Path) -> Iterator[WebServer]:
    """Run Caddy with the snippet of docs/serving.md, nothing in it changed but folder and address."""
    port = free_port()
    site = snippet("caddy").replace("/srv/letter/public", str(public))
    site = site.replace("letter.example {", f"http://127.0.0.1:{port}, http://letter.example:{port} {{", 1)
    configuration = folder / "Caddyfile"
    configuration.write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{site}", encoding="utf-8")
    with _running(["caddy", "run", "--config", str(configuration)], folder, port):
        yield WebServer("caddy", port)


def snippet(language: str) -> str:
    """A configuration as docs/serving.md shows it."""
    docs = (ROOT / "docs/serving.md").read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", docs, re.DOTALL)
    assert found, f"docs/serving.md shows no configuration for {language}"
    return found[1]


def _folders(folder: Path) -> str:
    """An unprivileged nginx must not write to its usual folders."""
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return " ".join(f"{name}_temp_path {folder}/{name};" for name in names)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    log = folder / "server.log"
    own = {"XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}  # where Caddy keeps what it knows
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment() | own, stdout=out, stderr=out)
    try:
        _wait_for(port, process, log)
        yield
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, log.read_text(encoding="utf-8")
        time.sleep(0.05)
    raise AssertionError(f"nobody listens: {log.read_text(encoding='utf-8')}")
