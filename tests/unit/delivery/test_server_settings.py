"""How a relay is spoken to when the settings leave it open."""

from __future__ import annotations

import pytest

from publisher.delivery.settings import ServerSettings


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"host": "smtp.example.org"}, "starttls"),
        ({"host": "smtp.example.org", "port": 25}, "starttls"),
        ({"host": "smtp.example.org", "port": 465}, "implicit"),
        ({"host": "localhost", "port": 25}, "none"),
        ({"host": "127.0.0.2", "port": 25}, "none"),
        ({"host": "::1", "port": 25}, "none"),
        ({"host": "127.example.org"}, "starttls"),
        ({"host": "relay.lan", "allow_plain": True}, "none"),
        ({"host": "localhost", "tls": "starttls"}, "starttls"),
        ({"host": "smtp.example.org", "port": 465, "tls": "none"}, "none"),
    ],
)
def test_letters_are_encrypted_unless_they_stay_here_or_it_was_said(table, expected):
    """Implicit on 465 (RFC 8314), plain on this machine itself, STARTTLS everywhere else."""
    assert ServerSettings.model_validate(table).encryption == expected


def test_a_relay_is_named_by_host_and_port():
    """Two relays on one host are two relays."""
    assert ServerSettings(host="smtp.example.org", port=2525).name == "smtp.example.org:2525"
