"""Whose try is counted."""

import pytest

from publisher.subscribers.limits import network
from publisher.webapp.clients import client_address, networks

PROXIES = networks(["127.0.0.1", "10.0.0.0/8", "::1"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.5", ["198.51.100.7"], "203.0.113.5"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["192.0.2.1, 198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["192.0.2.1", "198.51.100.7, 10.1.2.3"], "198.51.100.7"),
        ("127.0.0.1", ["evil"], "127.0.0.1"),
        ("::1", ["2001:db8::1"], "2001:db8::1"),
        ("127.0.0.1", ["192.0.2.1, 198.51.100.7:50000, 10.1.2.3:443"], "198.51.100.7"),
        ("127.0.0.1", ["[2001:db8::1]:50000"], "2001:db8::1"),
        ("127.0.0.1", ["[2001:db8::1]"], "2001:db8::1"),
        ("127.0.0.1", ["198.51.100.7:evil"], "127.0.0.1"),
        ("local", ["198.51.100.7"], "local"),
    ],
)
def test_only_a_trusted_proxy_speaks_for_others(peer: str, forwarded: list[str], expected: str) -> None:
    """X-Forwarded-For is believed from its end, as far as the proxies are ours."""
    assert client_address(peer, forwarded, PROXIES) == expected


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("local", "local"),
    ],
)
def test_an_ipv6_household_is_one_client(client: str, expected: str) -> None:
    """A /64 counts once; an IPv4 address in IPv6 dress is the IPv4 address."""
    assert network(client) == expected
