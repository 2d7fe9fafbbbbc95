"""Letters under both seals, RSA and Ed25519, for judges that had no part in making them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from builders import publication

from publisher.config import Settings
from publisher.delivery.dkim import new_key, write_key
from publisher.delivery.models import Recipient
from publisher.pipeline.doctor import SMALL_DIGEST
from publisher.pipeline.letters import letter_composer
from publisher.subscribers.tokens import Keyring


def sealing(root: Path) -> Settings:
    """A publication that seals with both kinds of key."""
    write_key(new_key("letter.example", "letter"), root / "rsa.pem")
    write_key(new_key("letter.example", "letter-ed", kind="ed25519"), root / "ed.pem")
    dkim = {"key_file": "rsa.pem", "ed25519_key_file": "ed.pem"}
    return Settings.model_validate({"root": root, "publication": publication(), "delivery": {"dkim": dkim}})


def sealed_letter(settings: Settings, number: int) -> bytes:
    """One reader's letter, as it goes over the wire."""
    now = datetime(2025, 12, 10, 1, 0, tzinfo=UTC)
    composer = letter_composer(settings, Keyring((b"k" * 32,)), SMALL_DIGEST, "2025-12-10", now)
    return b"".join(composer.compose(Recipient(number, f"reader{number}@mail.example")).chunks)
