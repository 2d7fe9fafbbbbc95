"""Whose letter it is, and how it is sealed: settings and keys -> a composer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from publisher.config import Settings
from publisher.delivery.dkim import DkimKey, read_key
from publisher.delivery.marks import Marks
from publisher.delivery.messages import LetterComposer, Sender
from publisher.errors import ConfigurationError
from publisher.rendering.digest import PREFERENCES_SLOT, UNSUBSCRIBE_SLOT, Digest
from publisher.rendering.links import Links
from publisher.subscribers.tokens import Keyring, Purpose

_ROOM = 26
"""Characters before the @ of an address to which a letter's mark is added: `+` and 37 more make 64 at most
(RFC 5321 sec. 4.5.3.1.1)."""


def sender_of(settings: Settings) -> Sender:
    """Who the letters are from. Raises ConfigurationError where nobody is named, or a name leaves no room."""
    publication, wanted = settings.publication, settings.delivery.sender
    address = wanted.address or publication.publisher.email
    if not address:
        raise ConfigurationError(
            "The letter has no sender", hint='set address = "letter@example.org" under [delivery.sender]'
        )
    for mailbox in (wanted.bounces or address, wanted.unsubscribe):
        if len(mailbox.partition("@")[0]) > _ROOM:
            raise ConfigurationError(
                f"{mailbox} is too long to bear the mark of a letter: {_ROOM} characters may stand before the @",
                hint='set a shorter one, such as bounces = "bounce@example.org", under [delivery.sender]',
            )
    host = urlsplit(publication.base_url).hostname or "localhost"
    return Sender(
        name=wanted.name or publication.title,
        address=address,
        reply_to=wanted.reply_to,
        bounces=wanted.bounces or address,
        unsubscribe=wanted.unsubscribe,
        list_title=publication.title,
        list_id=wanted.list_id or f"briefing.{host}",
        archive=Links(publication).url("archive/"),
        feedback_id=wanted.feedback_id,
    )


def dkim_keys(settings: Settings) -> tuple[DkimKey, ...]:
    """The keys that seal letters: RSA, and Ed25519 beside it if asked, never alone."""
    wanted = settings.delivery.dkim
    domain = wanted.domain or sender_of(settings).domain
    if not wanted.key_file:
        if wanted.ed25519_key_file:
            raise ConfigurationError(
                "An Ed25519 key alone is not accepted everywhere",
                hint="set key_file under [delivery.dkim] too",
            )
        return ()
    keys = [read_key(settings.root / wanted.key_file, domain, wanted.selector)]
    if wanted.ed25519_key_file:
        keys.append(read_key(settings.root / wanted.ed25519_key_file, domain, wanted.ed25519_selector))
    return tuple(keys)


def letter_composer(
    settings: Settings, keyring: Keyring, digest: Digest, mailing: str, date: datetime
) -> LetterComposer:
    """Everything that a letter of this mailing needs but its reader."""
    return LetterComposer(
        digest,
        sender_of(settings),
        mailing=mailing,
        date=date,
        links=_links(settings, keyring),
        marks=marks_of(keyring),
        keys=dkim_keys(settings),
    )


def marks_of(keyring: Keyring) -> Marks:
    """Delivery marks under the publication's own keys."""
    return Marks(partial(keyring.fingerprints, "delivery"))


def _links(settings: Settings, keyring: Keyring) -> Callable[[int], Mapping[str, str]]:
    """A reader's number -> the addresses in their letter that nobody else has."""
    base, sign = settings.publication.base_url, keyring.sign
    return lambda number: {
        UNSUBSCRIBE_SLOT: f"{base}/unsubscribe/{sign(Purpose.UNSUBSCRIBE, number)}",
        PREFERENCES_SLOT: f"{base}/preferences/{sign(Purpose.PREFERENCES, number)}",
    }
