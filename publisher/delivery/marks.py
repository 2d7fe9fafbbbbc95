"""A mark names one delivery: it stands in the envelope sender, the Message-ID and ENVID.

`2025-12-10.2s.9f0c5a1e77b3d248` reads mailing, recipient (base 36), mac. A bounce that brings it
back tells whom it is about, and nobody can make one up. Lower case only: some servers fold the
local part of an address (RFC 5321 sec. 2.4 tells them not to).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_MARK = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:\.[0-9]+)?\.[0-9a-z]{1,13}\.[0-9a-f]{16}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Marks:
    """Makes and reads marks.

    `fingerprints` gives a keyed hash of a text under every key, the signing one first; old keys
    stay good for reading, because a bounce may be days late.
    """

    fingerprints: Callable[[str], Sequence[bytes]]

    def make(self, mailing: str, recipient: int) -> str:
        """The mark of one delivery: the same however often it is tried."""
        subject = f"{mailing}.{_base36(recipient)}"
        return f"{subject}.{self.fingerprints(subject)[0].hex()[:16]}"

    def read(self, text: str) -> tuple[str, int] | None:
        """The first genuine mark in a text: mailing and recipient."""
        for found in _MARK.finditer(text.lower()):
            subject, _, mac = found.group().rpartition(".")
            if any(hmac.compare_digest(print_.hex()[:16], mac) for print_ in self.fingerprints(subject)):
                mailing, _, recipient = subject.rpartition(".")
                return mailing, int(recipient, 36)
        return None


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
