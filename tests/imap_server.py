"""A tiny IMAP server on loopback (RFC 3501): one folder, and faults where a test wants them."""

from __future__ import annotations

import base64
import re
import select
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Mailbox:
    """What lies in the folder, who may open it, and what goes wrong."""

    messages: dict[int, bytes]
    user: str = "bounces@letter.example"
    password: str = "secret"
    folder: str = "INBOX"
    capabilities: str = "IMAP4rev1 AUTH=PLAIN"
    read_only: bool = False
    drops_at: str = ""  # the command at which the connection ends, `FETCH`
    stalls_at: str = ""  # the command that is never answered
    deaf_to: str = ""  # a command that is refused, `STORE`
    refusal: str = "wrong name or password"
    seen: set[int] = field(default_factory=set)
    heard: list[str] = field(default_factory=list)
    stalled: threading.Event = field(default_factory=threading.Event)
    port: int = 0


class _Session(socketserver.StreamRequestHandler):
    box: Mailbox
    tls: ssl.SSLContext | None = None

    def setup(self) -> None:
        if self.tls:
            self.request = self.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def handle(self) -> None:
        self.say(f"* OK [CAPABILITY {self.box.capabilities}] ready")
        for line in self.rfile:
            tag, _, words = line.decode().strip().partition(" ")
            verb, _, rest = words.removeprefix("UID ").partition(" ")
            self.box.heard.append(verb)
            if verb == self.box.drops_at:
                return
            if verb == self.box.stalls_at:
                self.box.stalled.set()
                select.select([self.connection], [], [])  # until the client is gone
                return
            if verb == self.box.deaf_to:
                self.say(f"{tag} NO [SERVERBUG] not today")
            else:
                getattr(self, f"do_{verb.lower()}")(tag, rest)
            if verb == "LOGOUT":
                return

    def do_capability(self, tag: str, _rest: str) -> None:
        self.say(f"* CAPABILITY {self.box.capabilities}", f"{tag} OK done")

    def do_authenticate(self, tag: str, _rest: str) -> None:
        self.say("+ ")
        _, user, password = base64.b64decode(self.rfile.readline()).decode().split("\0")
        self._answer_login(tag, user, password)

    def do_login(self, tag: str, rest: str) -> None:
        user, password = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', rest)
        self._answer_login(tag, "".join(user), "".join(password))

    def _answer_login(self, tag: str, user: str, password: str) -> None:
        good = (user, password) == (self.box.user, self.box.password)
        self.say(f"{tag} OK in" if good else f"{tag} NO [AUTHENTICATIONFAILED] {self.box.refusal}")

    def do_select(self, tag: str, rest: str) -> None:
        if rest != f'"{self.box.folder}"':
            self.say(f"{tag} NO [NONEXISTENT] there is no {rest}")
            return
        mode = "READ-ONLY" if self.box.read_only else "READ-WRITE"
        self.say(f"* {len(self.box.messages)} EXISTS", f"{tag} OK [{mode}] open")

    def do_search(self, tag: str, _rest: str) -> None:
        found = " ".join(str(n) for n in self.box.messages if n not in self.box.seen)
        self.say(f"* SEARCH {found}".rstrip(), f"{tag} OK done")

    def do_fetch(self, tag: str, rest: str) -> None:
        number, longest = map(int, re.fullmatch(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", rest).groups())
        if (message := self.box.messages.get(number)) is not None:
            data = message[:longest]
            self.say(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(data)}}}")
            self.wfile.write(data)
            self.say(")")
        self.say(f"{tag} OK done")

    def do_store(self, tag: str, rest: str) -> None:
        number, what = rest.split(" ", 1)
        assert what == r"+FLAGS.SILENT (\Seen)"
        self.box.seen.add(int(number))
        self.say(f"{tag} OK done")

    def do_logout(self, tag: str, _rest: str) -> None:
        self.say("* BYE", f"{tag} OK bye")


@contextmanager
def imap_server(box: Mailbox, tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """Serve the folder until the block ends, under TLS from the first byte if asked."""
    session = type("Session", (_Session,), {"box": box, "tls": tls})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), session) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # a client that hangs up in a handshake is what is tested
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield box
        server.shutdown()
        thread.join(5)
