"""The story of a check-up: this machine, the letter, the domain's records, the relays."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from publisher.config import Settings
from publisher.delivery import records
from publisher.delivery.dkim import DkimKey, new_key, write_key
from publisher.delivery.knocking import check_relay
from publisher.delivery.models import Recipient
from publisher.delivery.outbound import password
from publisher.delivery.records import Lookup, tell
from publisher.delivery.rehearsal import rehearse
from publisher.delivery.settings import ServerSettings
from publisher.delivery.verifying import verify
from publisher.errors import (
    ConfigurationError,
    Finding,
    ForbiddenError,
    InputError,
    PublisherError,
    UnavailableError,
)
from publisher.pipeline.household import check_clock, check_modes, last_written, secret_files
from publisher.pipeline.issues import chosen_issue, edition_of, load_site, open_cache
from publisher.pipeline.letters import dkim_keys, letter_composer, sender_of
from publisher.rendering.digest import PREFERENCES_SLOT, UNSUBSCRIBE_SLOT, Digest, build_digest
from publisher.subscribers.tokens import Keyring

GOOD_BITS = 2048
UNMADE = "M200"
"""The code of a check that could not be made."""
_LINKS = f"{UNSUBSCRIBE_SLOT}\n{PREFERENCES_SLOT}"
SMALL_DIGEST = Digest(
    "2025-01-01", "A letter to ourselves", "", f"<p>Привет {_LINKS}</p>", f"Привет\n{_LINKS}\n"
)
"""What is sent to ourselves before there is an issue: beyond ASCII, with both slots."""


@dataclass(frozen=True)
class CheckUp:
    """One thing that was looked at, and what was found."""

    subject: str  # `SPF of letter.example`
    findings: tuple[Finding, ...]


def examine(
    settings: Settings, now: datetime, lookup: Lookup | None, environ: Mapping[str, str]
) -> Iterator[CheckUp]:
    """Look at everything in turn; without a `lookup` nothing leaves this machine.

    Raises ConfigurationError when nobody is named as the sender.
    """
    sender_of(settings)
    yield _look("settings", check_settings(settings))
    yield _look("who can read the secrets", check_modes(secret_files(settings), settings.root))
    yield from _made("clock", "clock", lambda: check_clock(last_written(settings), now))
    keys = list(_made("keys", "[delivery.dkim]", lambda: check_keys(dkim_keys(settings))))
    yield from keys
    if keys and all(finding.code != UNMADE for look in keys for finding in look.findings):
        yield from _made("a letter to ourselves", "self-test", lambda: check_letter(settings, now))
    if lookup is not None:
        yield from _names(settings, lookup)
        for server in settings.delivery.servers:
            yield from _made(f"relay {server.name}", server.name, _knocking(settings, server, environ))


def check_settings(settings: Settings) -> Iterator[Finding]:
    """What a send would stumble over, or receivers would mind."""
    delivery, base = settings.delivery, settings.publication.base_url
    if not base.startswith("https:"):
        yield tell("[publication] url", f"is {base}", "leaving by one click needs https (RFC 8058)", "M203")
    if not delivery.servers:
        hint = "name a relay under [[delivery.servers]]"
        yield tell("[delivery]", "letters go into a folder, to nobody", hint, "M204", grave=False)
    if not delivery.dkim.key_file:
        hint = "publisher doctor --new-key; or be sure that the relay signs as your domain"
        yield tell("[delivery.dkim]", "letters are not sealed by us", hint, "M205", grave=False)


def check_keys(keys: Iterable[DkimKey]) -> Iterator[Finding]:
    """Long enough for receivers."""
    for key in keys:
        if isinstance(key.private, RSAPrivateKey) and (bits := key.private.key_size) < GOOD_BITS:
            hint = "make one of 2048: publisher doctor --new-key"
            yield tell(key.dns_name, f"the key has {bits} bits", hint, "M113", grave=False)


def check_letter(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Compose, send over SMTP to a server of our own, and read the seal as a receiver would."""
    digest = _digest(settings)
    keyring = Keyring((secrets.token_bytes(32),))  # these links and marks are nobody's
    letter = letter_composer(settings, keyring, digest, digest.issue, now).compose(
        reader := Recipient(0, "reader@letter.invalid")
    )
    arrived = rehearse(letter, reader)
    if arrived != b"".join(letter.chunks).replace(b"\r\n..", b"\r\n."):
        yield tell(
            "self-test", "the letter arrived changed", "report this: it is a fault in Publisher", "M221"
        )
    keys = {key.dns_name: key.dns_record for key in dkim_keys(settings)}
    for fault in verify(arrived, lambda name: keys.get(name, "")) if keys else ():
        yield tell("self-test", fault, "report this: it is a fault in Publisher", "M222")


def make_key(settings: Settings, kind: str) -> tuple[DkimKey, Path]:
    """Make and keep a key where the settings say. Raises ConfigurationError if one is there already."""
    wanted, extra = settings.delivery.dkim, kind == "ed25519"
    name = wanted.ed25519_key_file or "data/dkim-ed25519.pem" if extra else wanted.key_file or "data/dkim.pem"
    domain = wanted.domain or sender_of(settings).domain
    key = new_key(domain, wanted.ed25519_selector if extra else wanted.selector, kind=kind)
    try:
        write_key(key, settings.root / name)
    except FileExistsError:
        raise ConfigurationError(
            f"{name} is there already, and is not overwritten: letters on their way are sealed with it",
            hint="name another file and another selector under [delivery.dkim]",
        ) from None
    return key, Path(name)


def _names(settings: Settings, lookup: Lookup) -> Iterator[CheckUp]:
    """What the DNS says; after the first silence nothing more is asked."""
    for subject, findings in _questions(settings, lookup):
        try:
            yield _look(subject, findings)
        except UnavailableError as error:
            yield CheckUp(subject, (tell("DNS", error.message, error.hint, "M151"),))
            return


def _questions(settings: Settings, lookup: Lookup) -> Iterator[tuple[str, Iterable[Finding]]]:
    sender, delivery = sender_of(settings), settings.delivery
    bounces, signed = _domain(sender.bounces), delivery.dkim.domain or sender.domain
    for domain in dict.fromkeys((bounces, sender.domain)):
        yield f"SPF of {domain}", records.check_spf(domain, lookup)
    for key in _readable_keys(settings):
        yield f"DKIM {key.dns_name}", records.check_dkim(key.dns_name, key.dns_record, lookup)
    yield f"DMARC of {sender.domain}", records.check_dmarc(sender.domain, signed, bounces, lookup)
    boxes = dict.fromkeys(
        map(_domain, (sender.reply_to or sender.address, sender.bounces, sender.unsubscribe))
    )
    for domain in filter(None, boxes):
        yield f"MX of {domain}", records.check_mailboxes([domain], lookup)
    for host in _hosts(settings):
        yield f"PTR of {host}", records.check_reverse(host, lookup)


def _hosts(settings: Settings) -> list[str]:
    """The names that receivers see: the relays', and our own where the relay runs here."""
    delivery = settings.delivery
    hosts = [delivery.ehlo_name if server.is_loopback else server.host for server in delivery.servers]
    return [host for host in dict.fromkeys(hosts) if host]


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _readable_keys(settings: Settings) -> tuple[DkimKey, ...]:
    try:
        return dkim_keys(settings)
    except PublisherError:
        return ()  # told by the check of the keys


def _knocking(
    settings: Settings, server: ServerSettings, environ: Mapping[str, str]
) -> Callable[[], Iterable[Finding]]:
    delivery = settings.delivery
    return lambda: check_relay(server, password(delivery, server, environ), delivery.ehlo_name)


def _digest(settings: Settings) -> Digest:
    """The newest issue's; a small one where there is none that can be read."""
    try:
        slug = chosen_issue(settings.root, None)
        site, _ = load_site(settings, slug, open_cache(settings))
        return build_digest(site, edition_of(site, slug))
    except InputError:
        return SMALL_DIGEST


def _look(subject: str, findings: Iterable[Finding]) -> CheckUp:
    return CheckUp(subject, tuple(findings))


def _made(subject: str, place: str, check: Callable[[], Iterable[Finding]]) -> Iterator[CheckUp]:
    """What a check finds; one that cannot be made is itself a finding, and the others go on."""
    try:
        yield _look(subject, check())
    except ForbiddenError:
        return  # a file that lies open, which was told with all the others
    except PublisherError as error:
        yield _look(subject, [tell(place, error.message, error.hint, UNMADE)])
