"""Knock at a relay as a send would, and leave without a letter *. Only `publisher doctor` does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from publisher.delivery.models import Stage
from publisher.delivery.opening import OpeningError, open_client, take_leave
from publisher.delivery.records import tell
from publisher.delivery.settings import ServerSettings
from publisher.errors import Finding

PATIENCE = dict.fromkeys(Stage, 10.0)
"""Seconds for each stage: somebody waits at the screen."""
_FAREWELL = 0.05


def check_relay(server: ServerSettings, secret: str, ehlo_name: str) -> Iterator[Finding]:
    """It answers, encrypts under a good certificate, and lets us in."""
    try:
        offers_encryption = asyncio.run(_knock(server, secret, ehlo_name))
    except OpeningError as error:
        hint = "correct [[delivery.servers]]" if error.permanent else "see whether it runs, and try again"
        yield tell(server.name, str(error), hint, "M211")
        return
    if server.encryption != "none" or server.is_loopback:
        return
    if offers_encryption:
        yield tell(
            server.name, "offers STARTTLS, which the settings leave out", 'set tls = "starttls"', "M212"
        )
    else:
        hint = "letters and passwords travel in the clear: choose a relay with TLS"
        yield tell(server.name, "offers no encryption", hint, "M213", grave=False)


async def _knock(server: ServerSettings, secret: str, ehlo_name: str) -> bool:
    """Whether STARTTLS is on offer to somebody who has not asked for it."""
    try:
        client = await open_client(server, secret, ehlo_name, PATIENCE)
    except OpeningError:
        await asyncio.sleep(_FAREWELL)  # a loop that ends at once would leave the socket open
        raise
    try:
        return client.supports_extension("starttls")
    finally:
        await take_leave(client, PATIENCE)
        await asyncio.sleep(_FAREWELL)
