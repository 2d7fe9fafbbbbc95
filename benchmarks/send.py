"""How fast letters leave, beside others who carry the same letters to the same sink in the same run.

    python benchmarks/send.py                      to our own sink and to Postfix's smtp-sink
    python benchmarks/send.py --delay 10           every reply 10 ms late
    python benchmarks/send.py --signed             with an RSA-2048 signature a letter
    python benchmarks/send.py --memory             1,000 and 1,000,000 recipients, small letters

Letters are a digest's size (60 KB of HTML and 15 KB of text, quoted-printable) with headers of their own
and a link of their own in both parts; one process, ten connections, the ledger on SQLite with
synchronous=FULL. Only ratios within one run mean anything: the machine is never alone. Each sender
runs in a fresh process, in turn, several rounds; medians are shown.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import shutil
import smtplib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sinks import own_sink, postfix_sink

from publisher.delivery.models import Letter, Recipient

CONNECTIONS = 10
LINE = b"Tables of a bridge, its cost and its river, once more and in full: =E2=82=AC 9 million.=\r\n"
LINKS = b"https://letter.example/u/%s\r\n"


class Segments:
    """A digest encoded once: three shared pieces, two links and a few headers between them."""

    def __init__(self, scale: float = 1.0, key: object = None) -> None:
        """`scale` 1 is 84 KB."""
        text, html = int(180 * scale), int(750 * scale)
        self.pieces = (b"--b\r\n\r\n" + LINE * text, b"\r\n--b\r\n\r\n" + LINE * html, b"\r\n--b--\r\n")
        self.key = key

    def compose(self, recipient: Recipient) -> Letter:
        """Patch it for one recipient; with a key, sign what a signature of the headers would cover."""
        token = recipient.token.encode()
        link = LINKS % token
        head = (
            b"From: Steppe Letter <desk@letter.example>\r\nTo: <%s>\r\nSubject: A bridge, and what it cost\r\n"
            b"Message-ID: <%s@letter.example>\r\nList-Unsubscribe: <https://letter.example/u/%s>\r\n"
            b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
        ) % (recipient.address.encode(), token, token)
        chunks = [head, self.pieces[0], link, self.pieces[1], link, self.pieces[2]]
        if self.key is not None:
            chunks.insert(0, self.signature(chunks))
        return Letter(f"b+{recipient.id}@bounce.example", chunks, sum(map(len, chunks)), token.decode())

    def signature(self, chunks: list[bytes]) -> bytes:
        """The work of a DKIM signature: hash the body, sign the headers."""
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415  # only this way needs it
        from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415

        body = sha256()
        for chunk in chunks[1:]:
            body.update(chunk)
        value = self.key.sign(chunks[0] + body.digest(), padding.PKCS1v15(), hashes.SHA256())  # type: ignore[attr-defined]
        return b"DKIM-Signature: b=" + value.hex().encode() + b"\r\n"


class Everybody:
    """Nobody leaves."""

    def may_send(self, ids: object) -> set[int]:
        """All of them."""
        return set(ids)  # type: ignore[call-overload]


def audience(number: int) -> Iterator[Recipient]:
    """Readers with tokens as long as real ones."""
    return (
        Recipient(n, f"reader{n}@readers{n % 97}.example", "", f"u.{n:0>6}.Kd.{n:0>24}")
        for n in range(1, number + 1)
    )


def ours(port: int, number: int, *, signed: bool, scale: float = 1.0) -> None:
    """The whole way: freeze, claim, compose, send, record."""
    from publisher.database import migrate, open_engine  # noqa: PLC0415  # peers must not pay for it
    from publisher.delivery.models import Mailing  # noqa: PLC0415
    from publisher.delivery.settings import ServerSettings  # noqa: PLC0415
    from publisher.delivery.smtp import SmtpTransport  # noqa: PLC0415
    from publisher.delivery.worker import Run, deliver  # noqa: PLC0415

    key = None
    if signed:
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

        key = rsa.generate_private_key(65537, 2048)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/publisher.db")
        migrate(engine)
        server = ServerSettings(
            host="127.0.0.1", port=port, connections=CONNECTIONS, letters_per_connection=10**6
        )
        with measured(number):
            report = deliver(
                Run(
                    engine,
                    Mailing("bench", "hash"),
                    lambda: audience(number),
                    Segments(scale, key),
                    Everybody(),
                    SmtpTransport([(server, "")]),
                    time.time,
                )
            )
        assert str(report.tally).startswith(f"{number:,} candidates = {number:,} sent"), report.tally


def with_smtplib(port: int, number: int, **_: object) -> None:
    """Ten threads of the standard library."""
    segments, numbers = Segments(), iter(audience(number))
    lock = threading.Lock()

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            while True:
                with lock:
                    recipient = next(numbers, None)
                if recipient is None:
                    return
                letter = segments.compose(recipient)
                client.sendmail(letter.sender, recipient.address, b"".join(letter.chunks))

    with measured(number):
        threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def with_aiosmtplib(port: int, number: int, **_: object) -> None:
    """Ten connections on one loop."""
    import aiosmtplib  # noqa: PLC0415

    segments, numbers = Segments(), iter(audience(number))

    async def work() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for recipient in numbers:
                letter = segments.compose(recipient)
                await client.sendmail(letter.sender, recipient.address, b"".join(letter.chunks))

    async def main() -> None:
        await asyncio.gather(*(work() for _ in range(CONNECTIONS)))

    with measured(number):
        asyncio.run(main())


@contextmanager
def measured(number: int) -> Iterator[None]:
    """Print letters per second, CPU microseconds a letter and the highest memory."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    yield
    seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps([number / seconds, cpu / number * 1e6, after.ru_maxrss / 1024]), flush=True)


def smtp_source(port: int, number: int) -> list[float]:
    """Postfix's own load generator, which only repeats one letter."""
    program = shutil.which("smtp-source", path="/usr/sbin:/usr/bin")
    if program is None:
        sys.exit("needs Postfix's smtp-source: ./run system-deps")
    size = sum(map(len, Segments().compose(next(audience(1))).chunks))
    words = ["-d", "-s", str(CONNECTIONS), "-m", str(number), "-l", str(size)]
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [program, *words, "-f", "a@b.example", "-t", "r@b.example", f"127.0.0.1:{port}"], check=True
    )
    seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [number / seconds, cpu / number * 1e6, 0]


WAYS: dict[str, Callable[..., None]] = {
    "publisher": ours,
    "smtplib": with_smtplib,
    "aiosmtplib": with_aiosmtplib,
}


def fresh(way: str, port: int, number: int, *, signed: bool, scale: float = 1.0) -> list[float]:
    """Run one way in a process of its own."""
    words = ["--way", way, "--port", str(port), "--letters", str(number), "--scale", str(scale)]
    command = [sys.executable, __file__, *words, *(["--signed"] if signed else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: list[float] = json.loads(done.stdout)
    return figures


def compare(title: str, port: int, wish: argparse.Namespace) -> None:
    """Some rounds of everybody in turn; medians, and what they are of smtp-source."""
    rounds: dict[str, list[list[float]]] = {}
    slow = max(200, wish.letters // 8)
    for _ in range(wish.rounds):
        rounds.setdefault("smtp-source", []).append(smtp_source(port, wish.letters))
        rounds.setdefault("publisher", []).append(fresh("publisher", port, wish.letters, signed=False))
        if wish.signed:
            rounds.setdefault("publisher, signed", []).append(
                fresh("publisher", port, wish.letters, signed=True)
            )
        for peer in ("smtplib", "aiosmtplib"):
            rounds.setdefault(peer, []).append(fresh(peer, port, slow, signed=False))
    print(f"{title}: {wish.letters:,} letters, {CONNECTIONS} connections, {wish.rounds} rounds")
    anchor = statistics.median(figures[0] for figures in rounds["smtp-source"])
    for name, figures in rounds.items():
        rate, cpu, memory = (statistics.median(column) for column in zip(*figures, strict=True))
        shown = f"{memory:5.0f} MB" if memory else ""
        print(
            f"  {name:18} {rate:8,.0f} letters/s  {rate / anchor:5.2f} x smtp-source  {cpu:6,.0f} µs CPU  {shown}"
        )


def show_rsa() -> None:
    """What one core signs, as OpenSSL measures it."""
    done = subprocess.run(
        ["openssl", "speed", "-seconds", "2", "rsa2048"], capture_output=True, text=True, check=True
    )
    line = next(line for line in done.stdout.splitlines() if "2048" in line)
    print(f"openssl speed rsa2048: {line.split()[5]} signatures/s on one core")


def show_memory(port: int) -> None:
    """Peak memory for a short and a long list."""
    for number in (1_000, 1_000_000):
        rate, cpu, memory = fresh("publisher", port, number, signed=False, scale=0.01)
        print(
            f"  {number:9,} recipients: {memory:4.0f} MB, {rate:,.0f} letters/s, {cpu:.0f} µs CPU", flush=True
        )


def main() -> None:
    """Choose what to measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=6_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--delay", type=int, default=0, help="milliseconds before each reply")
    parser.add_argument("--signed", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0, help="the letters' size; 1 is 84 KB")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    wish = parser.parse_args()
    if wish.way:
        WAYS[wish.way](wish.port, wish.letters, signed=wish.signed, scale=wish.scale)
        return
    with tempfile.TemporaryDirectory() as folder, own_sink(Path(folder), delay_ms=wish.delay) as (port, _):
        if wish.memory:
            show_memory(port)
            return
        compare(f"our own sink, replies {wish.delay} ms late", port, wish)
    if not wish.delay:
        with postfix_sink() as port:
            compare("Postfix's smtp-sink", port, wish)
    if wish.signed:
        show_rsa()


if __name__ == "__main__":
    main()
