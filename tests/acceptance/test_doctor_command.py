"""`publisher doctor` as its users call it."""

from __future__ import annotations

from pathlib import Path

from commands import PUBLISHER, example, run
from dns_stub import name_server


def test_a_key_is_made_its_record_printed_and_the_letter_sealed_with_it(tmp_path: Path) -> None:
    """The record on standard output, all words on standard error; the next check-up reads the seal."""
    example(tmp_path)
    made = run(PUBLISHER, "doctor", "--new-key", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    name, _, record = made.stdout.strip().partition(". 3600 IN TXT ")
    assert name == "letter._domainkey.meridian.example"
    assert all(len(part) <= 255 for part in record.split('"'))
    assert "".join(record.strip('"').split('" "')).startswith("v=DKIM1; k=rsa; p=MII")
    again = run(PUBLISHER, "doctor", "--new-key", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (78, "")
    with (tmp_path / "publication.toml").open("a") as file:
        file.write('\n[delivery.dkim]\nkey_file = "data/dkim.pem"\n')
    looked = run(PUBLISHER, "doctor", "--offline", cwd=tmp_path)
    assert looked.returncode == 1, looked.stderr
    assert "ok    a letter to ourselves" in looked.stderr
    assert "M205" not in looked.stderr
    assert "1 finding." in looked.stderr
    assert looked.stdout == ""


def test_only_the_named_name_server_is_asked(tmp_path: Path) -> None:
    """An empty zone: every record is missing, each with what to publish."""
    example(tmp_path)
    with name_server({("example.invalid", "TXT"): ['"x"']}) as address:
        looked = run(PUBLISHER, "doctor", "--nameserver", address, cwd=tmp_path)
    assert looked.returncode == 1, looked.stderr
    for code in ("M101", "M121", "M131"):
        assert f"[{code}]" in looked.stderr
    assert "Traceback" not in looked.stderr


def test_settings_that_cannot_be_read_leave_with_78(tmp_path: Path) -> None:
    """And a wrong option is wrong usage."""
    example(tmp_path)
    with (tmp_path / "publication.toml").open("a") as file:
        file.write("\n[delivery]\nrate = -1\n")
    broken = run(PUBLISHER, "doctor", "--offline", cwd=tmp_path)
    assert broken.returncode == 78
    assert "publication.toml" in broken.stderr
    for nowhere in ("nowhere", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:-1"):
        assert run(PUBLISHER, "doctor", "--nameserver", nowhere, cwd=tmp_path).returncode == 2
    assert run(PUBLISHER, "doctor", "--ed25519", cwd=tmp_path).returncode == 2


def test_a_refusal_is_explained(tmp_path: Path) -> None:
    """By its code, or out of the server's whole answer; an unknown one is said to be so."""
    told = run(PUBLISHER, "doctor", "--explain", "550-5.7.26 unauthenticated", cwd=tmp_path)
    assert (told.returncode, told.stdout.startswith("5.7.26  Gmail")) == (0, True)
    assert run(PUBLISHER, "doctor", "--explain", "hello", cwd=tmp_path).returncode == 2
