"""Open a connection: greeting, EHLO, encryption, login. aiosmtplib speaks; we keep the deadlines.

Certificates are verified. A server that offers no encryption is refused unless it runs on this
machine or the settings allow it by name; a refused EHLO is never followed by HELO, which would lose
encryption and login with it.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import aiosmtplib

from publisher.delivery.codes import told
from publisher.delivery.envelope import Offers
from publisher.delivery.models import Reply, Stage
from publisher.delivery.replies import spoken
from publisher.delivery.settings import ServerSettings

Value = TypeVar("Value")


class OpeningError(Exception):
    """No connection to this server now; if `permanent`, asking again is no use before a change."""

    def __init__(self, stage: Stage, why: str, *, permanent: bool = False) -> None:
        """`why` is one clause, perhaps in the server's words."""
        super().__init__(f"{stage}: {spoken(why)}")
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection that is ready for MAIL."""

    transport: asyncio.Transport
    offers: Offers


async def open_connection(
    server: ServerSettings, password: str, ehlo_name: str, patience: Mapping[Stage, float]
) -> Opened:
    """Open, encrypt, log in, and take the connection over. Raises OpeningError."""
    client = await open_client(server, password, ehlo_name, patience)
    return Opened(cast("asyncio.Transport", client.transport), Offers.of(client.esmtp_extensions))


async def open_client(
    server: ServerSettings, password: str, ehlo_name: str, patience: Mapping[Stage, float]
) -> aiosmtplib.SMTP:
    """Open, encrypt, log in; for one-off mail the client does the rest. Raises OpeningError."""
    client = aiosmtplib.SMTP(
        hostname=server.host,
        local_hostname=ehlo_name or socket.gethostname(),
        timeout=None,
        start_tls=False,
        use_tls=server.encryption == "implicit",
        tls_context=_context(server) if server.encryption != "none" else None,
    )
    try:
        reached = await _step(Stage.CONNECT, _reach(server), patience)
        await _step(Stage.GREETING, client.connect(sock=reached), patience)
        await _greet(server, client, patience)
        if server.user:
            await _step(Stage.AUTH, _log_in(server, client, password), patience)
    except (OpeningError, asyncio.CancelledError):
        client.close()
        raise
    return client


async def take_leave(client: aiosmtplib.SMTP, patience: Mapping[Stage, float]) -> None:
    """Say goodbye and close; what the server makes of that is its business, and undoes nothing."""
    with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(patience[Stage.QUIT]):
            await client.quit()
    client.close()


async def _reach(server: ServerSettings) -> socket.socket:
    """Connect to the first of the host's addresses that answers; aiosmtplib's own way waits for the greeting too."""
    loop = asyncio.get_running_loop()
    failure: OSError | None = None
    for family, kind, protocol, _, address in await loop.getaddrinfo(
        server.host, server.port, type=socket.SOCK_STREAM
    ):
        reached = socket.socket(family, kind, protocol)
        reached.settimeout(0)  # it never blocks
        try:
            await loop.sock_connect(reached, address)
        except BaseException as error:
            reached.close()
            if not isinstance(error, OSError):
                raise
            failure = error
        else:
            return reached
    raise failure or OSError(f"{server.host} has no address")


async def _greet(server: ServerSettings, client: aiosmtplib.SMTP, patience: Mapping[Stage, float]) -> None:
    await _step(Stage.EHLO, client.ehlo(), patience)
    if server.encryption == "starttls":
        if not client.supports_extension("starttls"):
            hint = "set tls, or allow_plain = true for this server, if that is meant"
            raise OpeningError(Stage.STARTTLS, f"{server.name} offers no encryption: {hint}", permanent=True)
        await _step(Stage.STARTTLS, client.starttls(), patience)
        await _step(Stage.EHLO, client.ehlo(), patience)


async def _log_in(server: ServerSettings, client: aiosmtplib.SMTP, password: str) -> None:
    if server.login == "xoauth2":
        await client.auth_xoauth2(server.user, password)
        return
    if not client.supported_auth_methods:
        hint = "connect with TLS, or leave out user"
        raise OpeningError(
            Stage.AUTH, f"it offers no way to log in (PLAIN, LOGIN, CRAM-MD5): {hint}", permanent=True
        )
    await client.login(server.user, password)


def _context(server: ServerSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=server.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise OpeningError(
            Stage.STARTTLS, f"{server.ca_file} cannot be used: {error}", permanent=True
        ) from None


async def _step(stage: Stage, doing: Coroutine[Any, Any, Value], patience: Mapping[Stage, float]) -> Value:
    """Run one stage within its time on the wall, and say in one clause what went wrong."""
    try:
        async with asyncio.timeout(patience[stage]):
            return await doing
    except aiosmtplib.SMTPResponseException as error:
        reply = Reply(error.code, spoken(error.message))
        why = told(reply) if reply.code > 0 else reply.text  # aiosmtplib's -1: it was no reply at all
        raise OpeningError(stage, why, permanent=reply.is_permanent) from None
    except ssl.SSLCertVerificationError as error:
        why = f"the server's certificate is not to be trusted: {error.verify_message}"
        raise OpeningError(Stage.STARTTLS, why, permanent=True) from None
    except TimeoutError:
        raise OpeningError(stage, f"no answer within {patience[stage]:g} s") from None
    except aiosmtplib.SMTPNotSupported as error:
        raise OpeningError(stage, str(error), permanent=True) from None
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        cause = error.__cause__
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = f"the server's certificate is not to be trusted: {cause.verify_message}"
            raise OpeningError(Stage.STARTTLS, why, permanent=True) from None
        said = cause if isinstance(error, aiosmtplib.SMTPConnectError) and cause else error
        raise OpeningError(stage, str(said) or type(said).__name__) from None
