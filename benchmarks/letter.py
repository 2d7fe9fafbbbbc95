"""The letter that all senders of a benchmark carry: a digest's size, personal headers, links of its own in both parts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from publisher.config import Settings
from publisher.content.models import Publication
from publisher.delivery.dkim import new_key, write_key
from publisher.delivery.messages import LetterComposer
from publisher.delivery.models import Recipient
from publisher.delivery.sender import DkimSettings, SenderSettings
from publisher.delivery.settings import DeliverySettings
from publisher.pipeline.letters import letter_composer
from publisher.rendering.digest import PREFERENCES_SLOT, UNSUBSCRIBE_SLOT, Digest
from publisher.subscribers.tokens import Keyring

HTML, TEXT = 60_000, 15_000
KEYS = Keyring((b"a key for benchmarks, known to all",))
WORDS = [
    "the",
    "river",
    "bridge",
    "som",
    "tenge",
    "trade",
    "road",
    "water",
    "school",
    "reform",
    "minister",
    "parliament",
    "price",
    "wheat",
    "border",
    "rail",
    "energy",
    "café",
    "naïve",
    "winter",
    "season",
    "report",
    "week",
    "region",
    "company",
    "market",
    "agreement",
    "and",
    "of",
    "to",
    "in",
    "for",
]


def composer(folder: Path, *, signed: bool, scale: float = 1.0) -> LetterComposer:
    """The program's own composer; with an RSA-2048 key that is made for the occasion."""
    if signed:
        write_key(new_key("letter.example", "letter"), folder / "dkim.pem")
    settings = Settings(
        root=folder,
        publication=Publication.model_validate(
            {
                "title": "Steppe Letter",
                "url": "https://letter.example/",
                "founded": "2025-01-01",
                "sections": [{"id": "economy", "title": "Economy"}],
                "publisher": {"name": "Steppe Letter", "email": "desk@letter.example"},
            }
        ),
        delivery=DeliverySettings(
            sender=SenderSettings(bounces="bounce@letter.example", unsubscribe="leave@letter.example"),
            dkim=DkimSettings(key_file="dkim.pem" if signed else ""),
        ),
    )
    return letter_composer(settings, KEYS, digest(scale), "2025-12-10", datetime(2025, 12, 10, 1, tzinfo=UTC))


def digest(scale: float) -> Digest:
    """60 KB of HTML and 15 KB of text, one word in twenty not ASCII."""
    dice = random.Random(7)
    leave = f'<p><a href="{UNSUBSCRIBE_SLOT}">Leave</a> <a href="{PREFERENCES_SLOT}">Change</a></p>\n'
    html, text = "<h1>A bridge, and what it cost</h1>\n", "A bridge, and what it cost\n"
    while len(html) < HTML * scale:
        link = f"https://letter.example/2025-12-10/{dice.randrange(10**6)}/"
        html += f'<tr><td style="padding:16px 24px"><a href="{link}">{_words(dice, 6)}</a> {_words(dice, 30)}</td></tr>\n'
    while len(text) < TEXT * scale:
        text += _words(dice, 11) + "\n"
    text += f"Leave: {UNSUBSCRIBE_SLOT}\nChange: {PREFERENCES_SLOT}\n"
    return Digest("2025-12-10", "A bridge, and what it cost", "", html + leave, text)


def _words(dice: random.Random, number: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(number))


def audience(number: int) -> Iterator[Recipient]:
    """Readers at a hundred domains."""
    for n in range(1, number + 1):
        yield Recipient(n, f"reader{n}@readers{n % 97}.example")
