"""Other ways to carry the same letters; each runs in a process of its own and prints what it took.

They get every letter finished, where publisher composes it and keeps a ledger besides.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import smtplib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import letter
from measuring import Figures, children_measured, measured

FOLDER = Path(__file__).with_name("peers")


def with_smtplib(port: int, number: int, connections: int) -> None:
    """As many threads of the standard library as there are connections."""
    composer, readers = letter.composer(Path(), signed=False), letter.audience(number)
    lock = threading.Lock()

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            while True:
                with lock:
                    reader = next(readers, None)
                if reader is None:
                    return
                made = composer.compose(reader)
                client.sendmail(made.sender, reader.address, b"".join(made.chunks))

    with measured(number):
        threads = [threading.Thread(target=work) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def with_aiosmtplib(port: int, number: int, connections: int) -> None:
    """As many connections on one loop."""
    import aiosmtplib  # noqa: PLC0415  # the other ways must not pay for it

    composer, readers = letter.composer(Path(), signed=False), letter.audience(number)

    async def work() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for reader in readers:
                made = composer.compose(reader)
                await client.sendmail(made.sender, reader.address, b"".join(made.chunks))

    async def main() -> None:
        await asyncio.gather(*(work() for _ in range(connections)))

    with measured(number):
        asyncio.run(main())


IN_PYTHON: dict[str, Callable[[int, int, int], None]] = {
    "smtplib": with_smtplib,
    "aiosmtplib": with_aiosmtplib,
}


def smtp_source(port: int, number: int, connections: int) -> Figures:
    """Postfix's own load generator, which repeats one letter and composes nothing."""
    program = shutil.which("smtp-source", path="/usr/sbin:/usr/bin")
    if program is None:
        sys.exit("needs Postfix's smtp-source: ./run system-deps")
    words = ["-d", "-s", str(connections), "-m", str(number), "-l", str(len(one_letter()))]
    return children_measured(
        [program, *words, "-f", "a@b.example", "-t", "r@b.example", f"127.0.0.1:{port}"], number
    )


def others(port: int, number: int, connections: int) -> dict[str, Callable[[], Figures]]:
    """Those whose language is at hand: nodemailer's pool, Go's net/smtp. The rest are named as skipped."""
    found: dict[str, Callable[[], Figures]] = {}
    words = [str(port), str(number), str(connections)]
    if _has_nodemailer():
        found["nodemailer"] = lambda: _with_letter(["node", str(FOLDER / "nodemailer.cjs"), *words], number)
    else:
        print("  nodemailer is skipped: npm install nodemailer elsewhere, NODE_PATH=elsewhere/node_modules")
    if (go := _go_program()) is not None:
        found["Go net/smtp"] = lambda: _with_letter([str(go), *words], number)
    else:
        print("  Go is skipped: no go on the PATH")
    return found


def one_letter() -> bytes:
    """A whole letter."""
    return b"".join(letter.composer(Path(), signed=False).compose(next(letter.audience(1))).chunks)


def _with_letter(command: list[str], number: int) -> Figures:
    with tempfile.NamedTemporaryFile() as file:
        file.write(one_letter())
        file.flush()
        return children_measured([*command, file.name], number)


def _has_nodemailer() -> bool:
    if shutil.which("node") is None:
        return False
    asked = subprocess.run(["node", "-e", "require('nodemailer')"], capture_output=True, check=False)
    return asked.returncode == 0


def _go_program() -> Path | None:
    """Compile the Go sender beside the temporary files; None where there is no Go."""
    go = shutil.which("go")
    if go is None:
        return None
    program = Path(tempfile.mkdtemp()) / "sender"
    environment = {**os.environ, "GO111MODULE": "off", "GOFLAGS": "", "GOPROXY": "off"}
    subprocess.run([go, "build", "-o", str(program), str(FOLDER / "sender.go")], check=True, env=environment)
    return program
