"""What stands round every answer: hosts, headers, sizes, and nonsense from strangers."""

import asyncio
from pathlib import Path

import httpx
import pytest
from doors import Browser, TestDoor, everything
from sqlalchemy import Engine

from publisher.subscribers.tokens import Purpose


@pytest.fixture
def door(tmp_path: Path, sqlite_engine: Engine) -> TestDoor:
    """A door with one reader, on SQLite."""
    return TestDoor(sqlite_engine, tmp_path, web={"metrics": True, "hosts": ["www.letter.example"]})


def requests(door: TestDoor) -> list[tuple[str, str]]:
    """Every route, and ways to miss one."""
    reader = door.reader("a@b.org")
    ring = door.store.keyring
    paths = [
        "/subscribe",
        f"/confirm/{ring.sign(Purpose.CONFIRM, reader.id, door.clock())}",
        f"/unsubscribe/{ring.sign(Purpose.UNSUBSCRIBE, reader.id)}",
        f"/preferences/{ring.sign(Purpose.PREFERENCES, reader.id)}",
        *("/health", "/metrics", "/nothing", "/confirm/forged", "/confirm/", "/"),
        f"/{door.door.press.style_path}",
    ]
    return [
        (method, path) for path in paths for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE")
    ]


def test_every_answer_is_guarded(door: TestDoor) -> None:
    """Each route and fault carries the same protection, sets no cookie and redirects nowhere."""
    for method, path in requests(door):
        answer = door.client.request(method, path)
        assert answer.status_code < 500, (method, path)
        assert not 300 <= answer.status_code < 400, (method, path)
        headers = answer.headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "strict-transport-security" in headers
        assert "set-cookie" not in headers
        assert "server" not in headers


def test_the_form_of_a_page_may_be_sent_where_the_settings_say(tmp_path: Path, sqlite_engine: Engine) -> None:
    """A page that is read as www.letter.example holds a form for letter.example, which is not itself."""
    pages = {"subscribe": "https://letter.example/subscribe"}
    door = TestDoor(sqlite_engine, tmp_path, pages=pages, web={"hosts": ["www.letter.example"]})
    answer = door.client.get("/subscribe", headers={"Host": "www.letter.example"})
    policy = answer.headers["content-security-policy"].split("; ")
    assert "form-action 'self' https://letter.example" in policy


def test_pages_about_readers_are_stored_by_nobody(door: TestDoor) -> None:
    """No cache keeps a page that a token opened, and no search engine lists it."""
    for method, path in requests(door):
        if "/assets/" not in path and method == "GET":
            answer = door.client.request(method, path)
            assert answer.headers["cache-control"] == "no-store", path
            if answer.headers["content-type"].startswith("text/html"):
                assert '<meta name="robots" content="noindex">' in answer.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("letter.example", 200),
        ("LETTER.example:443", 200),
        ("www.letter.example", 200),
        ("evil.example", 421),
        ("letter.example.evil.example", 421),
        ("letter.example@evil.example", 421),
        ("", 421),
        ("[", 421),
    ],
)
def test_only_known_hosts_are_answered(door: TestDoor, host: str, status: int) -> None:
    """A poisoned Host gets 421, and its name is repeated nowhere."""
    answer = door.client.get("/subscribe", headers={"Host": host})
    assert answer.status_code == status
    assert "evil" not in answer.text + str(answer.headers)


def test_no_header_of_a_stranger_reaches_page_or_letter(door: TestDoor) -> None:
    """Forwarded names, schemes and origins are ignored; links come from the settings."""
    lies = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "Forwarded": "host=evil.example",
        "Origin": "https://evil.example",
        "Referer": "https://evil.example/",
        "X-Original-URL": "/evil",
    }
    answer = door.client.post("/subscribe", data={"email": "new@b.org"}, headers=lies)
    (letter,) = door.carry()
    assert "evil" not in answer.text + str(answer.headers) + letter.text
    assert "https://letter.example/confirm/" in letter.text


def test_a_stranger_cannot_choose_whose_try_is_counted(door: TestDoor) -> None:
    """X-Forwarded-For from somebody who is no proxy of ours changes nothing."""
    codes = [
        door.client.post(
            "/subscribe", data={"email": f"r{n}@b.org"}, headers={"X-Forwarded-For": f"198.51.100.{n}"}
        ).status_code
        for n in range(11)
    ]
    assert codes[-1] == 429


def test_a_trusted_proxy_speaks_for_its_clients(tmp_path: Path, sqlite_engine: Engine) -> None:
    """Behind nginx each reader has tries of their own."""
    door = TestDoor(sqlite_engine, tmp_path, web={"trusted_proxies": ["192.0.2.1"]})
    codes = {
        door.client.post(
            "/subscribe", data={"email": f"r{n}@b.org"}, headers={"X-Forwarded-For": f"198.51.100.{n}"}
        ).status_code
        for n in range(12)
    }
    assert codes == {200}


@pytest.mark.parametrize(("size", "status"), [(15_900, 400), (16_100, 413), (5_000_000, 413)])
def test_a_form_is_sixteen_kilobytes_at_most(door: TestDoor, size: int, status: int) -> None:
    """More is refused while it arrives, not after."""
    body = b"email=" + b"a" * (size - 6)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert door.client.post("/subscribe", content=body, headers=kind).status_code == status


def test_a_form_that_drips_is_ended(door: TestDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not arrive in time is 408, and its try is not counted."""
    monkeypatch.setattr("publisher.webapp.forms.PATIENCE", 0.05)

    async def drip():
        yield b"email=a"
        await asyncio.sleep(0.5)
        yield b"@b.org"

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert door.client.post("/subscribe", content=drip(), headers=kind).status_code == 408
    assert everything(door.store.engine)["hits"] == []


HOSTILE_BODIES: list[tuple[str, bytes]] = [
    ("application/x-www-form-urlencoded", b""),
    ("application/x-www-form-urlencoded", b"email=%00"),
    ("application/x-www-form-urlencoded", b"email=%ff%fe@b.org"),
    ("application/x-www-form-urlencoded", b"email=a%0d%0aBcc:x@b.org"),
    ("application/x-www-form-urlencoded", b"&&&===%%%"),
    ("application/x-www-form-urlencoded", b"email=a@b.org&stamp=" + b"f." * 500),
    ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(500))),
    ("application/x-www-form-urlencoded", b"email=%ed%a0%80@b.org"),
    ("application/x-www-form-urlencoded", b"email=" + "ａ@ｂ.ｏｒｇ".encode()),
    ("application/x-www-form-urlencoded", b"email=a%40b.org%27%20OR%201%3D1--"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="email"; filename="e"\r\n\r\na@b.org\r\n--x--\r\n',
    ),
    ("multipart/form-data; boundary=" + "x" * 500, b"--x"),
    (
        "multipart/form-data; boundary=x; charset=utf-7",
        b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n+\r\n--x--',
    ),
    (
        "multipart/form-data; boundary=x; charset=nonsense",
        b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na\r\n--x--',
    ),
    ("application/json", b'{"email": "a@b.org"}'),
    ("text/xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"),
    ("", b"\x00\xff\xfe"),
    ("\xff\xfe", b"email=a"),
]


@pytest.mark.parametrize(("kind", "body"), HOSTILE_BODIES)
def test_nonsense_is_answered_in_words(door: TestDoor, kind: str, body: bytes) -> None:
    """No body of any kind makes the door fail, on any route."""
    reader = door.reader("a@b.org")
    ring = door.store.keyring
    paths = ["/subscribe", f"/preferences/{ring.sign(Purpose.PREFERENCES, reader.id)}"]
    paths += [f"/unsubscribe/{ring.sign(Purpose.UNSUBSCRIBE, reader.id)}", "/nothing"]
    headers = {"Content-Type": kind.encode("latin-1")} if kind else {}
    for path in paths:
        answer = door.client.post(path, content=body, headers=headers)
        assert answer.status_code < 500, (path, answer.status_code)
        assert b"Traceback" not in answer.content


@pytest.mark.parametrize(
    "path",
    [
        *("/%00", "/..%2f..%2fetc%2fpasswd", "//evil.example/", "/subscribe/", "/SUBSCRIBE", "/confirm//x"),
        *(
            "/subscribe?" + "a" * 4000,
            "/confirm/" + "%f0%9f%92%a9" * 50,
            "/unsubscribe/u.0.aa.%0d%0aSet-Cookie:x",
        ),
        *("/subscribe;x=1", "/confirm/c.1.aa.<script>alert(1)</script>", "/preferences/%ff%fe"),
    ],
)
def test_strange_addresses_are_answered_in_words(door: TestDoor, path: str) -> None:
    """No path makes the door fail, redirect or repeat what it was given."""
    for method in ("GET", "POST"):
        answer = door.client.request(method, path)
        assert answer.status_code in {200, 400, 404}, path
        assert "<script>alert" not in answer.text
        assert "set-cookie" not in answer.headers


def test_a_request_with_two_hosts_is_refused(door: TestDoor) -> None:
    """Two Host lines are how caches are poisoned."""

    async def ask() -> int:
        transport = httpx.ASGITransport(door.app)
        async with httpx.AsyncClient(transport=transport, base_url="https://letter.example") as client:
            twice = [("Host", "letter.example"), ("Host", "letter.example")]
            return (await client.get("/subscribe", headers=twice)).status_code

    assert asyncio.run(ask()) == 421


def test_another_machine_sees_the_same_style(door: TestDoor) -> None:
    """The style sheet is named after its content and may be kept for ever."""
    answer = Browser(door.app).get(f"/{door.door.press.style_path}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/css")
