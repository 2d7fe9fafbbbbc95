"""Mailgun's tokens that have come, each with its body, for as long as they are fresh *.

Mailgun signs a token and not the report: with a token that was seen on its way, anybody could say anything.
So a token is good for one body; that body again is Mailgun's own second try. They are kept where a restart
and a second door find them.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import Column, Engine, Float, String, Table, delete, select

from publisher.database import insert_into, writing
from publisher.delivery.tables import METADATA
from publisher.delivery.webhooks.signatures import AHEAD, WINDOW

used = Table(
    "used_tokens",
    METADATA,
    Column("token", String(64), primary_key=True),  # both are hashes: a token is a secret for a day
    Column("body", String(64), nullable=False),
    Column("at", Float, nullable=False, index=True),
)


def use_token(engine: Engine, token: str, body: bytes, now: datetime) -> bool:
    """Whether the token is new, or came with this very body before; those too old to be signed are forgotten.

    Raises BusyError, OutputError or UnavailableError.
    """
    name, digest = _hashed(token.encode("utf-8", "replace")), _hashed(body)
    with writing(engine) as connection:
        connection.execute(delete(used).where(used.c.at < (now - WINDOW - AHEAD).timestamp()))
        row = {"token": name, "body": digest, "at": now.timestamp()}
        connection.execute(insert_into(connection, used).values(row).on_conflict_do_nothing())
        known = connection.execute(select(used.c.body).where(used.c.token == name)).scalar_one()
    return bool(known == digest)


def _hashed(data: bytes) -> str:
    return sha256(data).hexdigest()
