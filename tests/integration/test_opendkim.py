"""OpenDKIM, which had no part in sealing our letters, finds the seals good, and changed letters bad."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from sealed import sealed_letter, sealing

from publisher.config import Settings
from publisher.delivery.dkim import DkimKey
from publisher.pipeline.letters import dkim_keys

pytestmark = pytest.mark.opendkim


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A publication that seals with both kinds of key."""
    return sealing(tmp_path_factory.mktemp("sealed"))


def verdicts(folder: Path, keys: tuple[DkimKey, ...], message: bytes) -> list[str]:
    """What OpenDKIM says of each seal, the records taken from a file instead of the DNS."""
    (folder / "letter.eml").write_bytes(message)
    (folder / "records").write_text("".join(f"{key.dns_name} {key.dns_record}\n" for key in keys))
    (folder / "opendkim.conf").write_text(f"Mode v\nSyslog no\nTestPublicKeys {folder / 'records'}\n")
    program = shutil.which("opendkim", path=f"{os.environ['PATH']}:/usr/sbin")
    told = subprocess.run(
        [str(program), "-x", folder / "opendkim.conf", "-t", folder / "letter.eml", "-v", "-v"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    words = (told.stdout + told.stderr).split()
    return [word.partition("=")[2] for word in words if word.startswith("dkim=")]


@pytest.mark.parametrize("number", [1, 77, 1_000_000])
def test_both_seals_hold(tmp_path: Path, settings: Settings, number: int) -> None:
    """RSA and Ed25519, for any reader."""
    assert verdicts(tmp_path, dkim_keys(settings), sealed_letter(settings, number)) == ["pass", "pass"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<reader77@", b"<reader78@"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Clicks"),
        (b"<p>", b"<p >"),
        (b"From: ", b"From: x@other.example\r\nFrom: "),
    ],
)
def test_a_changed_letter_breaks_both(tmp_path: Path, settings: Settings, old: bytes, new: bytes) -> None:
    """Whether the recipient, a header or the words were changed, or a header was added."""
    changed = sealed_letter(settings, 77).replace(old, new, 1)
    assert changed != sealed_letter(settings, 77)
    assert "pass" not in verdicts(tmp_path, dkim_keys(settings), changed)
