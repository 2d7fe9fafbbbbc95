"""A name server on loopback that knows only what a test tells it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[tuple[str, str], Sequence[str]]
"""`("letter.example", "TXT") -> ['"v=spf1 -all"']`, in the words of a zone file."""


@contextmanager
def name_server(zone: Zone, *, silent: bool = False) -> Iterator[str]:
    """Answer over UDP until the block ends; give `address:port`. A silent one never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(0.1)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    question, client = listening.recvfrom(4096)
                except TimeoutError:
                    continue
                if not silent:
                    listening.sendto(_answer(zone, question), client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            ended.set()
            thread.join(5)


def _answer(zone: Zone, data: bytes) -> bytes:
    query = dns.message.from_wire(data)
    asked = query.question[0]
    name, kind = asked.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(asked.rdtype)
    response = dns.message.make_response(query)
    response.flags |= dns.flags.RA
    if values := zone.get((name, kind)):
        response.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *values))
    elif not any(known == name for known, _ in zone):
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response.to_wire()


def txt(text: str) -> str:
    """One TXT record in strings of at most 255 octets."""
    return " ".join(f'"{text[i : i + 255]}"' for i in range(0, len(text), 255))
