"""`publisher serve` as a process of its own, which a test may kill."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import httpx
from commands import PUBLISHER, environment, run

PROJECT = """
[publication]
title = "Steppe Letter"
tagline = "Central Asia in ten minutes"
url = "http://letter.example/"
founded = 2025-01-01
[[publication.sections]]
id = "economy"
title = "Economy"
[[publication.sections]]
id = "nature"
title = "Nature"
[publication.publisher]
name = "Steppe Letter"
email = "desk@letter.example"
[subscribers]
database = "{url}"
tries_per_client = 1000
tries_per_hour = 100000
[web]
site = false
"""
SECRET = {"PUBLISHER_SECRET_KEY": "n" * 32}


@dataclass
class PublicDoor:
    """One publication's folder, and the process that serves it."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    read: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, folder: Path, database_url: str) -> PublicDoor:
        """Write the project file."""
        (folder / "publication.toml").write_text(PROJECT.format(url=database_url), "utf-8")
        return cls(folder)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Start the process and wait until it is well."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [*PUBLISHER, "serve", "--port", str(self.port)]
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=environment(**SECRET), stdout=log, stderr=log
            )
        for _ in range(1200):
            try:
                if httpx.get(f"{self.url}/health", timeout=60).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert self.process.poll() is None, self.log()
            time.sleep(0.1)
        raise AssertionError(self.log())

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process
        self.process.kill()
        self.process.wait(60)

    def close(self) -> int:
        """End it as systemd would; give its exit code."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)

    def log(self) -> str:
        """All that it said."""
        return (self.folder / "serve.log").read_text("utf-8")

    def publisher(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the toolbox in the same folder."""
        return run(PUBLISHER, *words, cwd=self.folder, env=SECRET)

    def letters(self) -> list[tuple[str, str]]:
        """Recipient and path of the link, of every letter so far."""
        found = []
        for file in sorted((self.folder / "data/letters").glob("*.eml")):
            message = message_from_bytes(file.read_bytes(), policy=SMTP)
            link = re.search(r"http://letter\.example(/\S+)", message.get_content())
            assert link
            found.append((str(message["To"]), link.group(1)))
        return found

    def letter_to(self, address: str) -> str:
        """Wait for the letter to an address; give its link's path."""
        for _ in range(1200):
            for recipient, link in self.letters():
                if recipient == address:
                    return link
            time.sleep(0.1)
        raise AssertionError(f"no letter to {address}: {self.log()}")
