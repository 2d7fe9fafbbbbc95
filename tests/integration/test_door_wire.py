"""What strangers write on the wire: every shape gets a guarded answer below 500, and changes nothing."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from doors import TestDoor, everything
from sqlalchemy import Engine

from publisher.subscribers.tokens import Purpose
from publisher.webapp import server as server_module
from publisher.webapp.guard import HEADERS
from publisher.webapp.server import listen, make_server

HOST = b"Host: letter.example\r\n"
CONTINUE = re.compile(rb"HTTP/1\.1 100[^\r]*\r\n\r\n")
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@contextmanager
def listening(door: TestDoor) -> Iterator[int]:
    """The door on a port of this process; gives the port."""
    server = make_server(door.app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def door(tmp_path: Path, sqlite_engine: Engine) -> TestDoor:
    """A door with one reader."""
    made = TestDoor(sqlite_engine, tmp_path)
    made.reader("a@b.org")
    return made


def say(port: int, *pieces: bytes) -> bytes:
    """Write the pieces, and read until the other side has nothing more to say."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(0.02)
        except OSError:
            pass  # it has been refused already: what it said is still there to read
        told = b""
        try:
            while piece := connection.recv(65536):
                told += piece
                connection.settimeout(0.2)
        except OSError:
            pass  # kept open after the answer, or cut off
        return told


def heads(told: bytes) -> list[tuple[int, str]]:
    """Status and header block of every answer in what was said."""
    pattern = re.compile(rb"HTTP/1\.1 (\d{3})[^\r]*\r\n(.*?)\r\n\r\n", re.DOTALL)
    return [
        (int(status), block.decode("latin-1").lower())
        for status, block in pattern.findall(CONTINUE.sub(b"", told))
    ]


WIRE: dict[str, tuple[bytes, list[int]]] = {
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", [400]),
    "NUL in the target": (b"GET /sub\0scribe HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
    "raw UTF-8 in the target": ("GET /подписка HTTP/1.1\r\n".encode() + HOST + b"\r\n", [400]),
    "percent and nothing": (b"GET /%zz%f HTTP/1.1\r\n" + HOST + b"\r\n", [404]),
    "invalid UTF-8": (b"GET /confirm/%ff%fe%c0%af HTTP/1.1\r\n" + HOST + b"\r\n", [404]),
    "line break in the target": (b"GET /x%0d%0aSet-Cookie:a=b HTTP/1.1\r\n" + HOST + b"\r\n", [404]),
    "no host": (b"GET /subscribe HTTP/1.1\r\n\r\n", [400]),
    "no host, HTTP/1.0": (b"GET /subscribe HTTP/1.0\r\n\r\n", [421]),
    "two hosts": (b"GET /subscribe HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n", [400]),
    "host with user": (b"GET /subscribe HTTP/1.1\r\nHost: a@letter.example\r\n\r\n", [421]),
    "host with path": (b"GET /subscribe HTTP/1.1\r\nHost: letter.example/evil\r\n\r\n", [421]),
    "host with a dot": (b"GET /subscribe HTTP/1.1\r\nHost: letter.example.\r\n\r\n", [421]),
    "host in Cyrillic": ("GET / HTTP/1.1\r\nHost: письмо.example\r\n\r\n".encode(), [421]),
    "host with a port": (b"GET /subscribe HTTP/1.1\r\nHost: LETTER.example:8443\r\n\r\n", [200]),
    "host with a strange port": (b"GET / HTTP/1.1\r\nHost: letter.example:x\r\n\r\n", [421]),
    "whole address": (b"GET http://letter.example/subscribe HTTP/1.1\r\n" + HOST + b"\r\n", [200]),
    "whole address of another": (b"GET http://evil.example/subscribe HTTP/1.1\r\n" + HOST + b"\r\n", [421]),
    "whole address, no path": (b"GET http://letter.example HTTP/1.1\r\n" + HOST + b"\r\n", [404]),
    "whole address, in capitals": (b"GET HTTP://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n", [421]),
    "whole address, broken": (b"GET http://[::1/subscribe HTTP/1.1\r\n" + HOST + b"\r\n", [421]),
    "whole address, with a user": (b"GET http://a:b@letter.example/ HTTP/1.1\r\n" + HOST + b"\r\n", [421]),
    "asterisk": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", [404]),
    "tunnel": (b"CONNECT letter.example:443 HTTP/1.1\r\n" + HOST + b"\r\n", [404]),
    "unknown method": (b"BREW /subscribe HTTP/1.1\r\n" + HOST + b"\r\n", [405]),
    "traversal": (b"GET /../../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", [404]),
    "traversal, encoded": (b"GET /subscribe/..%2f..%2fetc%2fpasswd HTTP/1.1\r\n" + HOST + b"\r\n", [404]),
    "head too long": (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 20_000, [400]),
    "target too long": (b"GET /" + b"a" * 20_000, [400]),
    "folded header": (b"GET /subscribe HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n", [200]),
    "blank before the colon": (b"GET /subscribe HTTP/1.1\r\n" + HOST + b"X : a\r\n\r\n", [400]),
    "HTTP/2 upgrade": (
        b"GET /subscribe HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        [200],
    ),
    "web socket": (
        b"GET /subscribe HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        [200],
    ),
    "method override": (
        b"GET /subscribe HTTP/1.1\r\n" + HOST + b"X-HTTP-Method-Override: POST\r\nX-Method: DELETE\r\n\r\n",
        [200],
    ),
    "expectation": (
        b"POST /subscribe HTTP/1.1\r\n" + HOST + FORM + b"Expect: 100-continue\r\nContent-Length: 0\r\n\r\n",
        [400],
    ),
    "three in a row": (b"".join(b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n" for _ in range(3)), [200] * 3),
    # where two servers in a row could disagree about the end of a request (RFC 9112, 6.3 and 11.2)
    "length and chunks": (
        b"POST /subscribe HTTP/1.1\r\n"
        + HOST
        + FORM
        + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n",
        [400],
    ),
    "two lengths": (
        b"POST /subscribe HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\na=b12",
        [400],
    ),
    "signed length": (b"POST /subscribe HTTP/1.1\r\n" + HOST + b"Content-Length: +3\r\n\r\na=b", [400]),
    "negative length": (b"POST /subscribe HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n", [400]),
    "strange coding": (
        b"POST /subscribe HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        [400],
    ),
    "two codings": (
        b"POST /subscribe HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        [400],
    ),
    "coding, then none": (
        b"POST /subscribe HTTP/1.1\r\n"
        + HOST
        + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        [400],
    ),
    "length in other digits": (
        "POST /subscribe HTTP/1.1\r\nHost: letter.example\r\nContent-Length: ٥\r\n\r\na=b12".encode(),
        [400],
    ),
    "length of four hundred digits": (
        b"POST /subscribe HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n",
        [400],
    ),
    "negative chunk": (
        b"POST /subscribe HTTP/1.1\r\n"
        + HOST
        + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nemail\r\n0\r\n\r\n",
        [400],
    ),
    "another host in the trailer": (
        b"POST /subscribe HTTP/1.1\r\n"
        + HOST
        + FORM
        + b"Transfer-Encoding: chunked\r\n\r\n0\r\nHost: evil.example\r\nContent-Length: 50\r\n\r\n",
        [400],
    ),
    "hidden coding": (
        b"POST /subscribe HTTP/1.1\r\n" + HOST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
        [400],
    ),
    "broken chunk": (
        b"POST /subscribe HTTP/1.1\r\n" + HOST + FORM + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nemail=\r\n",
        [400],
    ),
    "chunk too long": (
        b"POST /subscribe HTTP/1.1\r\n"
        + HOST
        + FORM
        + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFFF\r\n",
        [400],
    ),
    "bare line breaks": (b"GET /subscribe HTTP/1.1\nHost: letter.example\n\n", [200]),
}


def test_whatever_is_on_the_wire_is_answered_below_500(
    door: TestDoor, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each shape has its status, guarded as every answer; no row changes and no fault is logged."""
    before = everything(door.store.engine)
    with listening(door) as port:
        answers = {name: heads(say(port, wire)) for name, (wire, _) in WIRE.items()}
        assert heads(say(port, b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"))[0][0] == 200
    assert {name: [status for status, _ in told] for name, told in answers.items()} == {
        name: expected for name, (_, expected) in WIRE.items()
    }
    for name, told in answers.items():
        for status, block in told:
            missing = [header for header in HEADERS if f"\r\n{header.lower()}:" not in f"\r\n{block}"]
            assert (missing, "server:" in block, "set-cookie" in block) == ([], False, False), (name, status)
    assert everything(door.store.engine) == before
    assert capfd.readouterr().err == ""


def test_a_chunked_form_is_a_form(door: TestDoor) -> None:
    """Chunks of one byte, with a trailer: the wish is taken like any other."""
    body = b"".join(b"1\r\n%c\r\n" % octet for octet in b"email=new%40b.org")
    head = b"POST /subscribe HTTP/1.1\r\n" + HOST + FORM + b"Transfer-Encoding: chunked\r\n\r\n"
    with listening(door) as port:
        assert heads(say(port, head, body, b"0\r\nX-Trailer: a\r\n\r\n"))[0][0] == 200
    assert len(everything(door.store.engine)["wishes"]) == 1


def test_chunks_that_break_off_in_the_middle_are_no_form(
    door: TestDoor, capfd: pytest.CaptureFixture[str]
) -> None:
    """Half a form and then nonsense, or then silence: nothing is written down, nothing is logged."""
    head = b"POST /subscribe HTTP/1.1\r\n" + HOST + FORM + b"Transfer-Encoding: chunked\r\n\r\n"
    half = b"f\r\nemail=new%40b.or\r\n"
    with listening(door) as port:
        assert heads(say(port, head, half, b"zz\r\n"))[0][0] == 400
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall(head + half)
        length = b"POST /subscribe HTTP/1.1\r\n" + HOST + FORM + b"Content-Length: 100\r\n\r\nemail=a%40b.org"
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall(length)
        time.sleep(0.3)
        assert heads(say(port, b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"))[0][0] == 200
    assert everything(door.store.engine)["wishes"] == []
    assert "Traceback" not in capfd.readouterr().err


def test_a_body_without_end_is_cut_off(door: TestDoor) -> None:
    """Ten megabytes for a form of sixteen kilobytes: 413, and the rest is not taken."""
    head = b"POST /subscribe HTTP/1.1\r\n" + HOST + FORM + b"Content-Length: 10000000\r\n\r\n"
    with listening(door) as port:
        assert [status for status, _ in heads(say(port, head, b"email=" + b"a" * 9_999_994))] == [413]


def test_a_full_house_says_so_in_words(door: TestDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the most connections a new one gets 503, guarded; those inside go on."""
    monkeypatch.setattr(server_module, "MOST_CONNECTIONS", 2)
    request = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"
    with listening(door) as port:
        inside = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(2)]
        time.sleep(0.2)
        ((status, block),) = heads(say(port, request))
        assert (status, "frame-ancestors 'none'" in block) == (503, True)
        inside[0].sendall(request)
        assert inside[0].recv(65536).startswith(b"HTTP/1.1 200")
        for connection in inside:
            connection.close()


def test_only_the_word_of_rfc_8058_unsubscribes(door: TestDoor) -> None:
    """A scanner that posts to each link, with nothing or with anything, presses no button."""
    path = f"/unsubscribe/{door.store.keyring.sign(Purpose.UNSUBSCRIBE, 1)}"
    door.store.prefer(1, ["economy"])
    choice = f"/preferences/{door.store.keyring.sign(Purpose.PREFERENCES, 1)}"
    before = everything(door.store.engine)
    strange = [b"", b"a=b", b"\0\xff", b"email=a%40b.org&submit=", b"{}", b"one-click=1"]
    answers = [door.client.post(path, content=body) for body in strange]
    assert {answer.status_code for answer in answers} == {400}
    assert all("One-Click" in answer.text for answer in answers)
    assert {door.client.post(choice, content=body).status_code for body in strange} == {400}
    assert everything(door.store.engine) == before
    assert door.client.post(path, content=b"List-Unsubscribe=One-Click").status_code == 200


def test_a_host_that_stands_twice_in_a_hosts_file_is_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second socket found the port taken by the first, and the door stayed closed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    once = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: [once, once])
    [taken] = listen("localhost", port)
    with taken:
        assert taken.getsockname() == ("127.0.0.1", port)
