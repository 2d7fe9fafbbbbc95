"""From settings to a way out: SMTP relays, a maildir, or a folder; and one-off mail *."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiosmtplib

from publisher.delivery.deadlines import PATIENCE
from publisher.delivery.envelope import wire_address
from publisher.delivery.models import Claim, Job, Letter, Recipient, Stage
from publisher.delivery.opening import OpeningError, open_client, take_leave
from publisher.delivery.pace import Limit
from publisher.delivery.replies import spoken
from publisher.delivery.settings import DeliverySettings, ServerSettings
from publisher.delivery.smtp import SmtpTransport
from publisher.delivery.transports import Folder, Maildir, Shelf, Transport, plain
from publisher.errors import ConfigurationError, Finding, InputError, UnavailableError


def make_transport(
    settings: DeliverySettings, root: Path, mailing: str, environ: Mapping[str, str]
) -> Transport:
    """The way out that the settings choose; the folder where they choose none."""
    if settings.servers:
        servers = [(server, password(settings, server, environ)) for server in settings.servers]
        return SmtpTransport(servers, ehlo_name=settings.ehlo_name, ask_dsn=settings.dsn)
    return _shelf(settings, root, mailing)


def _shelf(settings: DeliverySettings, root: Path, mailing: str) -> Shelf:
    """Where letters lie when no server carries them."""
    if settings.maildir:
        return Maildir(root / settings.maildir)
    return Folder(root / settings.folder / mailing)


def make_limits(settings: DeliverySettings) -> dict[str, Limit]:
    """The rates of the settings, under the names of their buckets."""
    limits = {f"domain:{domain.lower()}": Limit(rate) for domain, rate in settings.domains.items()}
    limits |= {f"server:{s.name}": Limit(s.rate) for s in settings.servers if s.rate}
    return limits | ({"run": Limit(settings.rate)} if settings.rate else {})


def password(settings: DeliverySettings, server: ServerSettings, environ: Mapping[str, str]) -> str:
    """The relay's password or token. Raises ConfigurationError if a login needs one and none is set."""
    own = environ.get(server.password_from, "") if server.password_from else ""
    common = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
    found = own if server.password_from else common
    if server.user and not found:
        raise ConfigurationError(
            f"{server.name} needs a password for {server.user}",
            hint=f"set the environment variable {server.password_from or 'PUBLISHER_SMTP_PASSWORD'}",
        )
    return found


def post_one(
    letter: Letter, to: Recipient, settings: DeliverySettings, root: Path, environ: Mapping[str, str]
) -> str:
    """Send a single letter past the ledger, as a test; return what the server said.

    Servers are tried in their order, the next one only while nothing has left. Raises ConfigurationError,
    UnavailableError, InputError, OutputError.
    """
    job = Job(Claim(0, to), letter)
    if not settings.servers:
        way = _shelf(settings, root, "tests")
        return f"{way.put(job, plain(job))} in {way.name}"
    ways = [(server, password(settings, server, environ)) for server in settings.servers]
    return asyncio.run(_post(job, ways, settings.ehlo_name))


async def _post(job: Job, ways: Sequence[tuple[ServerSettings, str]], ehlo_name: str) -> str:
    address = wire_address(job.recipient.address)
    if address is None:
        message = "is not an address that can be written to"
        raise InputError([Finding(job.recipient.address, 0, 0, "", message)])
    client, where = await _first_open(ways, ehlo_name)
    try:
        async with asyncio.timeout(PATIENCE[Stage.DOT]):
            options = ["SMTPUTF8", "BODY=8BITMIME"] if job.letter.needs_smtputf8 else []
            _, words = await client.sendmail(job.letter.sender, address, plain(job), mail_options=options)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        client.close()
        raise UnavailableError(f"{where} did not take the letter: {spoken(error)}") from None
    await take_leave(client, PATIENCE)
    return f"{spoken(words)} from {where}"


async def _first_open(
    ways: Sequence[tuple[ServerSettings, str]], ehlo_name: str
) -> tuple[aiosmtplib.SMTP, str]:
    """Log in at the first server that lets us: its name, and why those before it did not."""
    passed = ""
    for server, secret in ways:
        try:
            client = await open_client(server, secret, ehlo_name, PATIENCE)
        except OpeningError as error:
            refusal = f"{server.name} refuses us at {error}"
            fault = ConfigurationError if error.permanent else UnavailableError
            passed += f"; {refusal}"
        else:
            return client, server.name + passed
    raise fault(refusal, hint="`publisher doctor` may know")
