"""Where a private key is kept, and what is refused as one."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from publisher.delivery.dkim import new_key, read_key, write_key
from publisher.errors import ConfigurationError, ForbiddenError


def pem(private) -> bytes:
    """Write a key as others may have made it."""
    form = serialization.PrivateFormat.PKCS8
    return private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_key_is_read_back_as_it_was_made_and_by_its_owner_only(tmp_path, kind):
    """The published half is the same, so that seals of yesterday and tomorrow are checked alike."""
    path = tmp_path / "keys" / "letter.pem"
    key = new_key("letter.example", "k1", kind=kind)
    write_key(key, path)
    again = read_key(path, "letter.example", "k1")
    assert (again.dns_name, again.dns_record) == ("k1._domainkey.letter.example", key.dns_record)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_overwritten(tmp_path):
    """A lost key would spoil every letter until the name servers know the new one."""
    path = tmp_path / "letter.pem"
    path.write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        write_key(new_key("letter.example", "k1", kind="ed25519"), path)
    assert path.read_bytes() == b"precious"


def test_a_key_that_others_can_read_is_refused_with_the_command_that_helps(tmp_path):
    """A key that leaked signs for anybody."""
    path = tmp_path / "letter.pem"
    write_key(new_key("letter.example", "k1", kind="ed25519"), path)
    path.chmod(0o640)
    with pytest.raises(ForbiddenError, match="can be read by others") as refused:
        read_key(path, "letter.example", "k1")
    assert refused.value.hint == f"chmod 600 {path}"


def test_a_key_that_is_not_there_is_told_with_how_to_make_one(tmp_path):
    """The first thing a new publication meets."""
    with pytest.raises(ConfigurationError, match="cannot be read: No such file") as refused:
        read_key(tmp_path / "letter.pem", "letter.example", "k1")
    assert "publisher" in refused.value.hint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not a key", "is not a private key in PEM form"),
        (pem(rsa.generate_private_key(public_exponent=65537, key_size=1024))[:-60], "is not a private key"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "is not an RSA key of 1024 bits or more"),
    ],
    ids=["words", "torn", "another kind"],
)
def test_what_no_receiver_would_accept_is_refused_here(tmp_path, content, message):
    """Better now than in the reports of receivers."""
    path = tmp_path / "letter.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ConfigurationError, match=message):
        read_key(path, "letter.example", "k1")
