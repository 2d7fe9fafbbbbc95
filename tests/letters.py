"""Recipients, a tiny composer and a steady clock, shared by the tests of delivery."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from publisher.delivery.models import Letter, Recipient

BODY = b"Good morning. A bridge opens.\r\nA line with a dot at its end.\r\n"


def recipient(number: int, domain: str = "readers.example") -> Recipient:
    """Reader number so and so."""
    return Recipient(number, f"reader{number}@{domain}")


def recipients(count: int) -> Iterator[Recipient]:
    """As many readers as asked, numbered from 1."""
    return (recipient(number) for number in range(1, count + 1))


@dataclass
class PlainComposer:
    """Writes a three-line letter; some readers' letters cannot be made."""

    impossible: frozenset[int] = frozenset()
    body: bytes = BODY

    def compose(self, recipient: Recipient) -> Letter:
        if recipient.id in self.impossible:
            raise ValueError("a name that cannot be encoded")
        head = (
            f"From: <desk@letter.example>\r\nTo: <{recipient.address}>\r\n"
            f"Subject: A bridge\r\nMessage-ID: <i.{recipient.id}@letter.example>\r\n\r\n"
        ).encode()
        return Letter(
            sender=f"b+{recipient.id}@bounce.letter.example",
            chunks=(head, self.body),
            size=len(head) + len(self.body),
            message_id=f"i.{recipient.id}@letter.example",
        )


@dataclass
class Readers:
    """Who still wants the letter: all but those who left."""

    left: set[int] = field(default_factory=set)

    def may_send(self, ids: Collection[int]) -> set[int]:
        return set(ids) - self.left


@dataclass
class Clock:
    """A clock that moves only when told."""

    now: float = 1_765_350_000.0

    def __call__(self) -> float:
        return self.now
