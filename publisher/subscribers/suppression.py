"""Whom no list may bring back, remembered without their addresses *.

The table holds keyed hashes only, so it survives an erasure and says nothing to a thief.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from publisher.database import insert_into
from publisher.subscribers.addresses import Address
from publisher.subscribers.models import State
from publisher.subscribers.tables import suppressions
from publisher.subscribers.tokens import Keyring

USE = "suppression"


def suppressed(
    connection: Connection, keyring: Keyring, addresses: Iterable[Address]
) -> dict[Address, State]:
    """Those of the addresses that are suppressed, with the reason; found under every key.

    Who complained before a rotation and was erased after it stands there twice: the first reason holds.
    """
    owners = {mac: address for address in addresses for mac in keyring.fingerprints(USE, address.key)}
    query = select(suppressions.c.mac, suppressions.c.reason).where(suppressions.c.mac.in_(list(owners)))
    found = connection.execute(query.order_by(suppressions.c.at.desc()))
    return {owners[mac]: State(reason) for mac, reason in found}


def suppress(connection: Connection, keyring: Keyring, address: Address, reason: State, at: datetime) -> None:
    """Remember the address; the first reason stands."""
    row = {"mac": keyring.fingerprint(USE, address.key), "reason": reason, "at": at}
    connection.execute(insert_into(connection, suppressions).values(row).on_conflict_do_nothing())


def lift_suppression(connection: Connection, keyring: Keyring, address: Address) -> None:
    """Forget it: the person came back by a wish of their own."""
    macs = keyring.fingerprints(USE, address.key)
    connection.execute(suppressions.delete().where(suppressions.c.mac.in_(macs)))
