"""The letters of the door: please confirm, and you are subscribed already.

They carry no word that a stranger typed: a name in a form would make them a way to send spam.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from jinja2 import Environment

from publisher.content.models import Publication
from publisher.errors import PublisherError
from publisher.rendering.language import Language
from publisher.rendering.links import Links
from publisher.subscribers.addresses import mailbox
from publisher.subscribers.settings import SubscriberSettings
from publisher.subscribers.signup import Errand, LetterKind
from publisher.subscribers.tokens import Keyring, Purpose

FOLDER = Path("data/letters")
"""Where letters lie when no server carries them."""


@dataclass(frozen=True)
class Letter:
    """One letter to one reader, in plain text."""

    recipient: str
    subject: str
    text: str


class UndeliverableError(PublisherError):
    """The receiving server will never take this letter: it is not tried again."""


class Mailer(Protocol):
    """A way out for one letter at a time."""

    @property
    def longest(self) -> timedelta:
        """How long `send` takes at most: for so long no other machine may take the same wish."""
        ...

    async def send(self, letter: Letter) -> None:
        """Send it, or raise a PublisherError; all but UndeliverableError are tried again later."""
        ...


@dataclass(frozen=True)
class LetterWriter:
    """Writes the letters of one publication."""

    publication: Publication
    templates: Environment
    keyring: Keyring
    settings: SubscriberSettings

    def write(self, errand: Errand, now: datetime) -> Letter:
        """The letter that answers a wish."""
        language, links = Language(self.publication.language), Links(self.publication)
        title = self.publication.title
        if errand.kind is LetterKind.CONFIRM:
            subject = language.text("Please confirm: {title}", title=title)
            link = links.url(f"confirm/{self.keyring.sign(Purpose.CONFIRM, errand.reader.id, now)}")
        else:
            subject = language.text("You are subscribed already: {title}", title=title)
            link = links.url(f"preferences/{self.keyring.sign(Purpose.PREFERENCES, errand.reader.id)}")
        text = self.templates.get_template(f"app/{errand.kind}.txt").render(
            publication=self.publication,
            say=language.text,
            link=link,
            days=language.count("{count} day", "{count} days", self.settings.confirm_days),
        )
        return Letter(mailbox(errand.reader.address), subject, text)
