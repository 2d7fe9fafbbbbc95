"""Issue -> Digest: the letter, complete but for the few slots that differ per recipient."""

from __future__ import annotations

from dataclasses import dataclass

UNSUBSCRIBE_SLOT = "%%unsubscribe_url%%"
PREFERENCES_SLOT = "%%preferences_url%%"
SLOTS = (UNSUBSCRIBE_SLOT, PREFERENCES_SLOT)
"""The only text that differs between two recipients; each stands in both parts, at least once."""


@dataclass(frozen=True)
class InlineImage:
    """A picture that travels with the letter, referred to as `cid:<cid>` (RFC 2392)."""

    cid: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Digest:
    """One letter for all recipients: HTML with inlined styles, and the text part."""

    issue: str  # the issue's slug, `2025-12-10`
    subject: str
    preheader: str
    html: str
    text: str  # format=flowed (RFC 3676)
    language: str = "en"
    images: tuple[InlineImage, ...] = ()
