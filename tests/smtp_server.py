"""A scripted SMTP server on loopback that keeps the truth: which letters it took, and what it was told.

A `Fault` says at which stage, at which occurrence, the server misbehaves, and how: a 4xx, a 5xx, a
421, a drop of the connection, a stall, or garbage; `drip` says what is right, a letter every tenth of a
second, and `early` says a letter is taken before it has been read. `took` fills only when a letter's final dot was
answered (or would have been: `accept_then_drop`).
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5

STAGES = (
    "connect", "greeting", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "body", "dot", "RSET", "QUIT",
)  # fmt: skip
FAULTS = ("4xx", "5xx", "421", "drop", "stall", "garbage")
REPLIES = {
    "4xx": b"450 4.3.2 try later\r\n",
    "5xx": b"550 5.3.0 never\r\n",
    "421": b"421 4.3.2 closing\r\n",
    "garbage": b"\x00\xffwhat?\r\n",
}


@dataclass(frozen=True)
class Fault:
    """Misbehave at the n-th time (from 1) a stage is reached; `times` of them in a row."""

    stage: str
    kind: str
    nth: int = 1
    times: int = 1
    only: str = ""  # a recipient's address, for MAIL and later stages


@dataclass
class Script:
    """How the server behaves."""

    faults: tuple[Fault, ...] = ()
    pipelining: bool = True
    keywords: tuple[str, ...] = ("SIZE 10000000", "8BITMIME")
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    users: dict[str, str] = field(default_factory=dict)
    methods: str = "PLAIN LOGIN CRAM-MD5 XOAUTH2"
    accept_then_drop: frozenset[str] = frozenset()
    delay: float = 0.0
    injected: bytes = b""  # said in the clear behind the 220 to STARTTLS, by a man in the middle
    speech: str = ""  # how replies are put into packets and words, see `SPEECHES`


SPEECHES = {
    "bytewise": lambda reply: [bytes([octet]) for octet in reply],
    "many lines": lambda reply: [reply[:3] + b"-first\r\n" + reply[:3] + b"-\r\n" + reply],
    "eight bits": lambda reply: [reply.replace(b"\r\n", b" \xff\xfe\x1b[2J \xd0\xbe\xd0\xba\r\n")],
    "bare line feeds": lambda reply: [reply.replace(b"\r\n", b"\n")],
    "no words": lambda reply: [reply if b"-" in reply else reply[:3] + b"\r\n"],
}


@dataclass
class Server:
    """A running server and what it saw."""

    script: Script
    port: int = 0
    took: list[tuple[str, bytes]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    connections: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def recipients(self) -> list[str]:
        """The addresses of all letters taken, in order, with repetitions."""
        return [address for address, _ in self.took]


class GoneError(Exception):
    """This connection is over."""


class _Session:
    def __init__(self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.script = server, server.script
        self.reader, self.writer = reader, writer
        self.sender = self.recipient = ""
        self.kept = b""
        self.secure = self.script.implicit

    async def run(self) -> None:
        try:
            await self.fault("connect")
            await self.fault("greeting", b"220 test.example ESMTP\r\n")
            while line := await self.reader.readline():
                self.server.heard.append(line.decode("utf-8", "replace").strip())
                await asyncio.sleep(self.script.delay)
                await self.command(line.decode("utf-8", "replace").strip())
        except (GoneError, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            self.writer.transport.abort()

    async def say(self, data: bytes) -> None:
        if self.script.speech == "in one packet" and data.startswith((b"250 2.1.", b"550 5.3")):
            self.kept += data
            return
        data, self.kept = self.kept + data, b""
        if not data:
            return
        for part in SPEECHES.get(self.script.speech, lambda reply: [reply])(data):
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(0)

    def due(self, stage: str) -> str:
        count = self.server.counts[stage] = self.server.counts.get(stage, 0) + 1
        for fault in self.script.faults:
            hit = fault.nth <= count < fault.nth + fault.times
            if fault.stage == stage and (self.recipient == fault.only if fault.only else hit):
                return fault.kind
        return ""

    async def fault(self, stage: str, otherwise: bytes = b"") -> bool:
        """Misbehave if it is time to; else say `otherwise`. True if all is well."""
        kind = self.due(stage)
        if not kind:
            await self.say(otherwise)
            return True
        if kind == "drop":
            raise GoneError
        if kind == "stall":
            self.writer.transport.pause_reading()
            await asyncio.sleep(3600)
        if kind == "drip":
            for octet in otherwise or b"250 2.0.0 ok\r\n":
                self.writer.write(bytes([octet]))
                await asyncio.sleep(0.1)
            return True
        if kind == "early":
            await self.say(b"250 2.0.0 queued as 1\r\n")
            return True
        await self.say(REPLIES[kind])
        if kind == "421":
            raise GoneError
        return False

    async def command(self, line: str) -> None:
        verb = line.split(" ", maxsplit=1)[0].upper()
        handler = getattr(self, f"do_{verb.lower()}", None)
        if handler is None:
            await self.say(b"500 5.5.2 what\r\n")
        else:
            await handler(line)

    async def do_ehlo(self, _line: str) -> None:
        keywords = [*self.script.keywords]
        keywords += ["PIPELINING"] if self.script.pipelining else []
        keywords += ["STARTTLS"] if self.script.tls and not self.secure else []
        keywords += [f"AUTH {self.script.methods}"] if self.script.users else []
        lines = ["test.example", *keywords]
        text = "".join(f"250{' ' if i == len(lines) - 1 else '-'}{k}\r\n" for i, k in enumerate(lines))
        await self.fault("EHLO", text.encode())

    async def do_starttls(self, _line: str) -> None:
        if await self.fault("STARTTLS", b"220 go\r\n" + self.script.injected):
            await self.writer.start_tls(self.script.tls)
            self.secure = True

    async def do_auth(self, line: str) -> None:
        kind = self.due("AUTH")
        if kind:
            self.server.counts["AUTH"] -= 1
            await self.fault("AUTH")
            return
        _, method, *initial = line.split(" ")
        checker = getattr(self, "auth_" + method.lower().replace("-", "_"))
        user, ok = await checker(initial[0] if initial else "")
        self.server.logins.append(f"{method} {user}" if ok else f"{method} refused")
        await self.say(b"235 2.7.0 in\r\n" if ok else b"535 5.7.8 wrong\r\n")

    async def challenge(self, text: bytes) -> bytes:
        await self.say(b"334 " + base64.b64encode(text) + b"\r\n")
        return base64.b64decode(await self.reader.readline())

    async def auth_plain(self, initial: str) -> tuple[str, bool]:
        _, user, password = base64.b64decode(initial).decode().split("\0")
        return user, self.script.users.get(user) == password

    async def auth_login(self, initial: str) -> tuple[str, bool]:
        user = base64.b64decode(initial) if initial else await self.challenge(b"Username:")
        password = await self.challenge(b"Password:")
        return user.decode(), self.script.users.get(user.decode()) == password.decode()

    async def auth_cram_md5(self, _initial: str) -> tuple[str, bool]:
        user, _, digest = (await self.challenge(b"<1@test>")).decode().partition(" ")
        expected = hmac.new(self.script.users.get(user, "").encode(), b"<1@test>", md5).hexdigest()
        return user, digest == expected

    async def auth_xoauth2(self, initial: str) -> tuple[str, bool]:
        fields = dict(f.split("=", 1) for f in base64.b64decode(initial).decode().strip("\1").split("\1"))
        return fields["user"], fields["auth"] == f"Bearer {self.script.users.get(fields['user'])}"

    async def do_mail(self, line: str) -> None:
        if self.sender:
            await self.say(b"503 5.5.1 nested MAIL\r\n")
        elif await self.fault("MAIL", b"250 2.1.0 ok\r\n"):
            self.sender, self.recipient = line, ""

    async def do_rcpt(self, line: str) -> None:
        if not self.sender:
            await self.say(b"503 5.5.1 need MAIL\r\n")
            return
        address = re.search("<(.*)>", line)[1]
        self.recipient = address
        if not await self.fault("RCPT", b"250 2.1.5 ok\r\n"):
            self.recipient = ""

    async def do_data(self, _line: str) -> None:
        if not self.recipient:
            await self.say(b"554 5.5.1 no valid recipients\r\n")
            return
        if not await self.fault("DATA", b"354 go\r\n"):
            return
        first = await self.reader.readline()
        refused = not await self.fault("body")
        data = first + await self.reader.readuntil(b"\r\n.\r\n")
        recipient, self.sender, self.recipient = self.recipient, "", ""
        if not refused:  # it was said early, and it reads on without another word
            await self.take(recipient, data[:-3].replace(b"\r\n..", b"\r\n."))

    async def do_bdat(self, line: str) -> None:
        """RFC 3030: what is refused is read all the same, and leaves the transaction open until RSET."""
        size = int(line.split()[1])
        first = await self.reader.readexactly(min(size, 20))
        refused = bool(self.recipient) and not await self.fault("body")
        data = first + await self.reader.readexactly(size - len(first))
        recipient, self.recipient = self.recipient, ""
        if not recipient:
            await self.say(b"503 5.5.1 no valid recipients\r\n")
        elif not refused and await self.take(recipient, data):
            self.sender = ""

    async def take(self, recipient: str, letter: bytes) -> bool:
        if recipient in self.script.accept_then_drop:
            self.server.took.append((recipient, letter))
            raise GoneError
        self.recipient = recipient  # for Fault.only
        taken = await self.fault("dot", b"250 2.0.0 queued as 1\r\n")
        if taken:
            self.server.took.append((recipient, letter))
        self.recipient = ""
        return taken

    async def do_rset(self, _line: str) -> None:
        self.sender = self.recipient = ""
        await self.fault("RSET", b"250 2.0.0 ok\r\n")

    async def do_quit(self, _line: str) -> None:
        await self.fault("QUIT", b"221 2.0.0 bye\r\n")
        raise GoneError


@contextmanager
def smtp_server(script: Script | None = None) -> Iterator[Server]:
    """Run a server in a thread of its own until the block ends."""
    server = Server(script or Script())
    started = threading.Event()
    ends: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        sessions: set[asyncio.Task[None]] = set()

        async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            server.connections += 1
            sessions.add(asyncio.current_task())
            await _Session(server, reader, writer).run()

        tls = server.script.tls if server.script.implicit else None
        listening = await asyncio.start_server(session, "127.0.0.1", 0, ssl=tls, limit=1 << 26)
        server.port = listening.sockets[0].getsockname()[1]
        end = asyncio.Event()
        ends.append((asyncio.get_running_loop(), end))
        started.set()
        await end.wait()
        listening.close()
        for task in sessions:
            task.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
        await asyncio.sleep(0.05)  # a loop that ends at once would leave sockets open

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield server
    finally:
        loop, end = ends[0]
        loop.call_soon_threadsafe(end.set)
        thread.join(10)
