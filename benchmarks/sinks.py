"""Start a mail sink for a benchmark: our own, compiled on the spot, or Postfix's smtp-sink."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCE = Path(__file__).with_name("sink.c")


@contextmanager
def own_sink(folder: Path, *, delay_ms: int = 0) -> Iterator[tuple[int, Path]]:
    """Run `sink.c`; give its port and the log of recipients it took."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        sys.exit("needs a C compiler: ./run system-deps")
    program, log = folder / "sink", folder / "taken.log"
    subprocess.run([compiler, "-O2", "-o", str(program), str(SOURCE)], check=True)
    process = subprocess.Popen([str(program), str(log), str(delay_ms)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline()), log
    finally:
        process.terminate()
        process.wait()


@contextmanager
def postfix_sink() -> Iterator[tuple[int, int]]:
    """Run Postfix's smtp-sink; give its port and its process."""
    program = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin")
    if program is None:
        sys.exit("needs Postfix's smtp-sink: ./run system-deps")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([program, "-u", "nobody", "-m", "600", f"127.0.0.1:{port}", "1024"])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()
