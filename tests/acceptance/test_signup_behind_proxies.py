"""The door behind a real nginx and a real Caddy, with the configurations that we ship."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest
from commands import ROOT
from public_door import PublicDoor
from web_servers import free_port

HOST = {"Host": "letter.example"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@contextmanager
def nginx_before(door: PublicDoor, public: Path) -> Iterator[str]:
    """Run nginx with deploy/nginx.conf; only ports, folders and the certificate are left to the test."""
    port, folder = free_port(), door.folder
    server = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    server = re.sub(r"\n\s*ssl_certificate\S* .*", "", server)
    server = server.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    server = server.replace("127.0.0.1:8081", f"127.0.0.1:{free_port()}")
    server = server.replace("127.0.0.1:8000", f"127.0.0.1:{door.port}")
    server = server.replace("/srv/letter/public", str(public))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    main = (
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}"
    )
    file = folder / "nginx.conf"
    file.write_text(f"{main}\nhttp {{ access_log {folder}/access.log; {temporary}\n{server}\n}}\n", "utf-8")
    with _running(["/usr/sbin/nginx", "-c", str(file), "-p", str(folder)], port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def caddy_before(door: PublicDoor, public: Path) -> Iterator[str]:
    """Run Caddy with deploy/Caddyfile; only ports, the folder and the certificate are left to the test."""
    port = free_port()
    site = (ROOT / "deploy/Caddyfile").read_text("utf-8")
    site = site.replace("letter.example {", f"http://letter.example:{port} {{", 1)
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{door.port}")
    site = site.replace("/srv/letter/public", str(public))
    file = door.folder / "Caddyfile"
    file.write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{site}", "utf-8")
    with _running(["caddy", "run", "--adapter", "caddyfile", "--config", str(file)], port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert process.poll() is None, command
                    time.sleep(0.1)
            yield
        finally:
            process.terminate()


def public_folder(folder: Path) -> Path:
    """A site of two pages."""
    public = folder / "public"
    public.mkdir()
    (public / "index.html").write_text("<!doctype html><title>site</title>", "utf-8")
    (public / "404.html").write_text("<!doctype html><title>none</title>", "utf-8")
    return public


def proxied_door(folder: Path) -> PublicDoor:
    """A door that believes its proxy, and gives each reader two tries."""
    door = PublicDoor.of(folder, "sqlite:///data/publisher.db")
    file = folder / "publication.toml"
    project = file.read_text("utf-8").replace("tries_per_client = 1000", "tries_per_client = 2")
    file.write_text(f'{project}trusted_proxies = ["127.0.0.1"]\n', "utf-8")
    door.open()
    return door


Proxy = Callable[[PublicDoor, Path], AbstractContextManager[str]]
PROXIES = [
    pytest.param(nginx_before, id="nginx", marks=pytest.mark.nginx),
    pytest.param(caddy_before, id="caddy", marks=pytest.mark.caddy),
]


@pytest.mark.parametrize("proxy", PROXIES)
def test_the_four_paths_come_through_and_nothing_else(tmp_path: Path, proxy: Proxy) -> None:
    """Site from the folder, door through the proxy, tries counted by reader, large forms refused."""
    public, door = public_folder(tmp_path), proxied_door(tmp_path)
    with proxy(door, public) as url:
        assert "site" in httpx.get(url, headers=HOST).text
        form = httpx.get(f"{url}/subscribe", headers=HOST)
        assert "Subscribe to Steppe Letter" in form.text
        assert "frame-ancestors 'none'" in form.headers["content-security-policy"]
        inside = [httpx.get(f"{url}/{path}", headers=HOST).status_code for path in ("health", "metrics")]
        assert inside == [404, 404]
        lie = HOST | {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Host": "evil.example"}
        codes = [
            httpx.post(f"{url}/subscribe", data={"email": f"r{n}@b.org"}, headers=lie).status_code
            for n in range(3)
        ]
        assert codes == [200, 200, 429]
        link = door.letter_to("r0@b.org")
        assert httpx.post(url + link, headers=HOST).status_code == 200
        leave = link.replace("/confirm/c", "/unsubscribe/u")
        assert httpx.post(url + leave, data=ONE_CLICK, headers=HOST).status_code == 404
        large = [
            httpx.post(f"{url}/subscribe", content=b"x" * size, headers=HOST) for size in (20_000, 200_000)
        ]
        assert [answer.status_code for answer in large] == [413, 413]
    assert door.close() == 0
    told = [file.read_text("utf-8") for file in (tmp_path / "access.log",) if file.exists()]
    assert "/confirm/" not in "".join(told)


@pytest.mark.slow
@pytest.mark.parametrize("proxy", PROXIES)
def test_a_slow_reader_holds_up_nobody_behind_a_proxy(tmp_path: Path, proxy: Proxy) -> None:
    """A hundred who drip their forms: the others are answered, and a pause of 20 s breaks no connection."""
    public, door = public_folder(tmp_path), proxied_door(tmp_path)
    head = b"POST /subscribe HTTP/1.1\r\nHost: letter.example\r\nContent-Length: 100\r\n\r\nemail="
    with proxy(door, public) as url:
        port = int(url.rpartition(":")[2])
        slow = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(100)]
        for connection in slow:
            connection.sendall(head)
        with httpx.Client(base_url=url, headers=HOST, timeout=20) as reader:
            assert reader.get("/subscribe").status_code == 200
            time.sleep(20)
            assert reader.post("/subscribe", data={"email": "late@b.org"}).status_code == 200
        for connection in slow:
            connection.close()
    assert door.close() == 0
    assert "Traceback" not in door.log()
