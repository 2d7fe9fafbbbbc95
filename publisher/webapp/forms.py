"""What arrives by POST: small, in time, and judged before anything is done with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from publisher.subscribers.tokens import Keyring, Purpose

LARGEST = 16_000
"""Bytes of a form; ours needs 200."""
MOST_FIELDS = 20
PATIENCE = 10
"""Seconds within which a form must have arrived."""

QUICKEST = timedelta(seconds=3)
LATEST = timedelta(hours=2)


async def read_form(request: Request) -> FormData:
    """Read a form, urlencoded or multipart, without files.

    Raises HTTPException 413 when it is too large, 408 when it comes too slowly, 400 when it is none.
    """
    body = await read_body(request, LARGEST)

    async def replay() -> Message:  # ASGI's receive is awaited
        return {"type": "http.request", "body": body, "more_body": False}

    return await Request(request.scope, replay).form(max_files=0, max_fields=MOST_FIELDS)


async def read_body(request: Request, largest: int) -> bytes:
    """Read what is small, whole and comes in time. Raises HTTPException 413, 400 or 408."""
    try:
        return await asyncio.wait_for(_body(request, largest), PATIENCE)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:  # half a wish is none; nobody is left to read the answer
        raise HTTPException(400) from None


async def _body(request: Request, largest: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            raise HTTPException(413)
    return bytes(body)


class Haste(StrEnum):
    """How a form was filled in."""

    HUMAN = "human"
    TRAPPED = "trapped"  # a field that people do not see was filled in
    QUICK = "quick"  # nobody types that fast
    STALE = "stale"  # the page lay open for hours, or the stamp is not ours


def make_stamp(keyring: Keyring, now: datetime) -> str:
    """The signed time at which a form was shown."""
    return keyring.sign(Purpose.FORM, 0, now)


def judge(keyring: Keyring, stamp: str, trap: str, now: datetime) -> Haste:
    """Whether a person filled the form in.

    A form on somebody's static page cannot carry a stamp, so none at all is fine: the limits and the
    confirmation hold for everybody. A stamp that is there must be right.
    """
    if trap:
        return Haste.TRAPPED
    if not stamp:
        return Haste.HUMAN
    claim = keyring.read(Purpose.FORM, stamp)
    if claim is None or not claim.is_fresh(now, LATEST):
        return Haste.STALE
    return Haste.HUMAN if claim.is_fresh(now - QUICKEST, LATEST) else Haste.QUICK


def first(values: Sequence[object]) -> str:
    """The text of a field that should be there once."""
    return values[0] if values and isinstance(values[0], str) else ""
