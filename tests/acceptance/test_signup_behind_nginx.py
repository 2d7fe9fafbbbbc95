"""The door behind a real nginx with the configuration that we ship."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from commands import ROOT
from public_door import PublicDoor
from web_servers import free_port

pytestmark = pytest.mark.nginx


@contextmanager
def nginx_before(door: PublicDoor, public: Path) -> Iterator[str]:
    """Run nginx with deploy/nginx.conf; only ports, folders and the certificate are left to the test."""
    port = free_port()
    server = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    server = re.sub(r"\n\s*ssl_certificate\S* .*", "", server)
    server = server.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    server = server.replace("127.0.0.1:8081", f"127.0.0.1:{free_port()}")
    server = server.replace("127.0.0.1:8000", f"127.0.0.1:{door.port}").replace(
        "/srv/letter/public", str(public)
    )
    folder = door.folder
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = (
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}"
    )
    file = folder / "nginx.conf"
    file.write_text(f"{main}\nhttp {{ access_log {folder}/access.log; {temporary}\n{server}\n}}\n", "utf-8")
    with subprocess.Popen(
        ["/usr/sbin/nginx", "-c", str(file), "-p", str(folder)], stderr=subprocess.PIPE
    ) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.1)
        else:
            return
    raise AssertionError("nginx does not listen")


def test_the_four_paths_come_through_and_nothing_else(tmp_path: Path) -> None:
    """Site from the folder, door through the proxy, tries counted by reader, links not in the access log."""
    public = tmp_path / "public"
    public.mkdir()
    (public / "index.html").write_text("<!doctype html><title>site</title>", "utf-8")
    (public / "404.html").write_text("<!doctype html><title>none</title>", "utf-8")
    door = PublicDoor.of(tmp_path, "sqlite:///data/publisher.db")
    project = (tmp_path / "publication.toml").read_text("utf-8")
    project = project.replace("tries_per_client = 1000", "tries_per_client = 2")
    project += 'trusted_proxies = ["127.0.0.1"]\n'
    (tmp_path / "publication.toml").write_text(project, "utf-8")
    door.open()
    host = {"Host": "letter.example"}
    with nginx_before(door, public) as url:
        assert "site" in httpx.get(url, headers=host).text
        assert "Subscribe to Steppe Letter" in httpx.get(f"{url}/subscribe", headers=host).text
        assert [httpx.get(f"{url}/{path}", headers=host).status_code for path in ("health", "metrics")] == [
            404
        ] * 2
        lie = host | {"X-Forwarded-For": "198.51.100.7"}
        codes = [
            httpx.post(f"{url}/subscribe", data={"email": f"r{n}@b.org"}, headers=lie).status_code
            for n in range(3)
        ]
        assert codes == [200, 200, 429]
        link = door.letter_to("r0@b.org")
        assert httpx.post(url + link, headers=host).status_code == 200
        large = httpx.post(f"{url}/subscribe", content=b"x" * 20_000, headers=host)
        assert large.status_code == 413
    assert door.close() == 0
    assert "/confirm/" not in (tmp_path / "access.log").read_text("utf-8")
