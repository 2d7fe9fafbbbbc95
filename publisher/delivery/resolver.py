"""Ask the DNS *. Only `publisher doctor` does, because its user asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import dns.exception
import dns.resolver
import dns.reversename

from publisher.errors import UnavailableError

PATIENCE = 5.0
"""Seconds for an answer, retries included."""


@dataclass(frozen=True)
class Resolver:
    """A `records.Lookup` over the system's name servers, or over one that is named as `address:port`."""

    nameserver: str = ""

    @cached_property
    def _dns(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=not self.nameserver)
        resolver.lifetime = PATIENCE
        if self.nameserver:
            address, _, port = self.nameserver.rpartition(":")
            resolver.nameservers, resolver.port = [address or port], int(port) if address else 53
        return resolver

    def txt(self, name: str) -> Sequence[str]:
        """Give the texts of a name, the strings of each record joined (RFC 7208 sec. 3.3)."""
        return [b"".join(record.strings).decode("utf-8", "replace") for record in self._ask(name, "TXT")]

    def mx(self, name: str) -> Sequence[str]:
        """Give the mail servers of a domain; the null MX (RFC 7505) is `.`."""
        return [record.exchange.to_text(omit_final_dot=True) for record in self._ask(name, "MX")]

    def addresses(self, name: str) -> Sequence[str]:
        """Give the addresses of a name."""
        return [record.address for kind in ("A", "AAAA") for record in self._ask(name, kind)]

    def ptr(self, address: str) -> Sequence[str]:
        """Give the names of an address."""
        name = dns.reversename.from_address(address).to_text()
        return [record.target.to_text(omit_final_dot=True) for record in self._ask(name, "PTR")]

    def _ask(self, name: str, kind: str) -> dns.resolver.Answer | tuple[()]:
        try:
            return self._dns.resolve(name, kind)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return ()
        except (dns.exception.DNSException, OSError) as error:
            why = "" if isinstance(error, dns.exception.Timeout) else f": {error}"
            raise UnavailableError(
                f"The name servers do not answer about {name}{why}", hint="try again when the network is up"
            ) from error
