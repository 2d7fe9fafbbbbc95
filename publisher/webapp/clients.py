"""Who is at the other end: the peer, or whom a proxy that we trust says it speaks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

_PORTED = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::[0-9]{1,5})?")
Network = IPv4Network | IPv6Network


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read `127.0.0.1` and `10.0.0.0/8`. Raises ValueError for what is neither."""
    return tuple(ip_network(text, strict=False) for text in texts)


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """Walk X-Forwarded-For from its end, past the proxies that we trust, to the first we do not.

    What stands further left was written by the client itself and may be a lie.
    """
    chain = [hop.strip() for header in forwarded for hop in header.split(",")]
    address = peer
    while chain and _is_trusted(address, trusted):
        hop = _without_port(chain.pop())
        if not _is_address(hop):
            break
        address = hop
    return address


def _without_port(hop: str) -> str:
    """`192.0.2.1:50000` and `[2001:db8::1]:50000`, as some proxies write it -> the address."""
    found = _PORTED.fullmatch(hop)
    return found[1] or found[2] if found else hop


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
