"""How often something may happen, counted in the database: a restart forgives nobody *.

A bucket is a keyed hash, so the table holds neither addresses nor IP numbers. The hash of a client
changes every day, and hits are deleted when no limit needs them any more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from sqlalchemy import Connection, func, select

from publisher.subscribers.tables import hits
from publisher.subscribers.tokens import Keyring

LONGEST_MEMORY = timedelta(days=8)


@dataclass(frozen=True)
class Limit:
    """At most `most` hits within the last `period`."""

    most: int
    period: timedelta

    def allows(self, connection: Connection, buckets: Collection[bytes], now: datetime) -> bool:
        """Whether one more hit is within the limit; a bucket may have an older name too."""
        recent = select(func.count()).where(hits.c.bucket.in_(buckets), hits.c.at > now - self.period)
        return (connection.scalar(recent) or 0) < self.most


def hit(connection: Connection, bucket: bytes, now: datetime) -> int:
    """Count one; give its number, so that it can be taken back."""
    made = connection.execute(hits.insert().values(bucket=bucket, at=now).returning(hits.c.id))
    return int(made.scalar_one())


def take_back(connection: Connection, number: int) -> None:
    """What did not happen is not counted."""
    connection.execute(hits.delete().where(hits.c.id == number))


def forget_hits(connection: Connection, now: datetime) -> None:
    """Delete what no limit looks at any more."""
    connection.execute(hits.delete().where(hits.c.at < now - LONGEST_MEMORY))


def client_buckets(keyring: Keyring, client: str, now: datetime) -> list[bytes]:
    """Today's and yesterday's name of a client; a hit goes to the first."""
    days = [now.date(), (now - timedelta(days=1)).date()]
    return [keyring.fingerprint("client", f"{day} {network(client)}") for day in days]


def network(client: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 that an IPv6 household is given."""
    try:
        address = ip_address(client.partition("%")[0])
    except ValueError:
        return client
    mapped = address if isinstance(address, IPv4Address) else address.ipv4_mapped
    return str(mapped or IPv6Network((address.packed, 64), strict=False))
