"""rspamd, which many receivers run, finds both seals good, and a changed letter's bad."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from urllib.request import Request, urlopen

import pytest
from dns_stub import name_server, txt
from sealed import sealed_letter, sealing

from publisher.config import Settings
from publisher.pipeline.letters import dkim_keys

pytestmark = pytest.mark.rspamd
SEALS = ["letter.example:s=letter", "letter.example:s=letter-ed"]
_CONFIGURATION = """
options {{
  pidfile = "{folder}/pid";
  filters = "dkim";
  local_addrs = [];
  dns {{ nameserver = ["{names}"]; timeout = 2s; }}
}}
logging {{ type = "file"; filename = "{folder}/log"; level = "info"; }}
worker {{ type = "normal"; bind_socket = "127.0.0.1:{port}"; count = 1; }}
dkim {{ check_local = true; check_authed = true; }}
modules {{ path = "{folder}"; }}
"""
Judge = Callable[[bytes], dict[str, list[str]]]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A publication that seals with both kinds of key."""
    return sealing(tmp_path_factory.mktemp("sealed"))


@pytest.fixture(scope="module")
def judge(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """A running rspamd that has our records from a name server of ours: its symbols for a letter."""
    folder = tmp_path_factory.mktemp("rspamd")
    zone = {(key.dns_name, "TXT"): [txt(key.dns_record)] for key in dkim_keys(settings)}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with name_server(zone) as names:
        file = folder / "rspamd.conf"
        file.write_text(_CONFIGURATION.format(folder=folder, names=names, port=port), encoding="utf-8")
        program = shutil.which("rspamd", path="/usr/bin:/usr/sbin") or "rspamd"
        with (folder / "told").open("w") as told, subprocess.Popen(
            [program, "-f", "-i", "-c", file], stdout=told, stderr=told
        ) as process:  # fmt: skip
            until = time.monotonic() + 30
            while not _answers(port) and time.monotonic() < until:
                time.sleep(0.1)

            def ask(message: bytes) -> dict[str, list[str]]:
                asked = Request(f"http://127.0.0.1:{port}/checkv2", message, {"IP": "192.0.2.1"})
                with urlopen(asked, timeout=30) as answer:
                    symbols = json.load(answer)["symbols"]
                return {name: sorted(symbol.get("options", [])) for name, symbol in symbols.items()}

            try:
                yield ask
            finally:
                process.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("number", [1, 77, 1_000_000])
def test_both_seals_hold(judge: Judge, settings: Settings, number: int) -> None:
    """RSA and Ed25519, for any reader."""
    assert judge(sealed_letter(settings, number))["R_DKIM_ALLOW"] == SEALS


@pytest.mark.parametrize("part", [b"Subject: ", b"List-Unsubscribe: <", b"List-Unsubscribe-Post: "])
def test_a_changed_letter_is_found_out(judge: Judge, settings: Settings, part: bytes) -> None:
    """What a reader relies on stands under the seal."""
    message = sealed_letter(settings, 1)
    assert judge(message.replace(part, part + b"x", 1))["R_DKIM_REJECT"] == SEALS
