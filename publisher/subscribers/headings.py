"""What the columns and words of a list mean: as other programs write them, and in several languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from publisher.subscribers.models import State

Columns = Mapping[str, Sequence[int]]
"""The places of what is known by its heading, the best one first."""

_MEANINGS = {
    # A plain `Address` comes last: beside `Email Address`, Mailchimp means street and town.
    "address": (
        *("email", "e-mail", "email address", "e-mail address", "mail"),
        *("адрес электронной почты", "электронный адрес", "электронная почта", "эл. почта", "почта", "пошта"),
        *("address", "адрес"),
    ),
    "name": ("name", "full name", "имя", "фио", "аты", "аты-жөні", "ism", "ном"),
    "topics": ("topics", "topic", "sections", "темы", "разделы"),
    "tags": ("tags",),
    "state": ("status", "статус", "state", "состояние"),  # beside a status, a state is part of a country
    "kind": ("type", "subscriber type"),  # Buttondown's state; in other lists it may say anything
    # Mailchimp, Ghost, Substack and Buttondown tell who left in columns of their own
    "gone": (
        *("unsub time", "clean time", "unsubscribed", "unsubscribed at", "deleted at", "email disabled"),
        *("unsubscription date", "undeliverability date"),
    ),
    "wanted": ("subscribed to emails", "subscribed"),
}
_NO = {"false", "no", "0"}
_NOTHING = {"", "null", "none", *_NO}
_UNCONFIRMED = {"unactivated", "unconfirmed"}
_STATES = {
    State.ACTIVE: {"", "active", "enabled", "subscribed", "confirmed", "активен"},
    State.LEFT: {
        *("left", "unsubscribed", "disabled", "blocklisted", "blacklisted", "cleaned", "bounced"),
        *("complained", "suppressed", "cancelled", "removed", "undeliverable", "spammy", "blocked"),
        "отписан",
    },
}


def recognise(cells: Sequence[str]) -> tuple[Columns, bool]:
    """Which column means what, and whether the line is a heading; without one, the address has the @."""
    headings = [cell.strip().casefold().replace("_", " ") for cell in cells]
    columns = {
        meaning: [headings.index(heading) for heading in known if heading in headings]
        for meaning, known in _MEANINGS.items()
    }
    if any(columns.values()):
        return columns, True
    return {"address": [place for place, cell in enumerate(cells) if "@" in cell][:1]}, False


def state_of(values: Mapping[str, Sequence[str]]) -> State:
    """Where a reader stands by all that their line says; leaving, once said, counts.

    Raises ValueError for a word that says neither, and for who was asked there and never confirmed.
    """
    words, kinds, gone, wanted = (
        [value.casefold() for value in values.get(meaning, ())]
        for meaning in ("state", "kind", "gone", "wanted")
    )
    left = _STATES[State.LEFT]
    if left.intersection([*words, *kinds]) or not _NOTHING.issuperset(gone) or _NO.intersection(wanted):
        return State.LEFT
    for word in [*words[:1], *(kind for kind in kinds if kind in _UNCONFIRMED)]:
        if word not in _STATES[State.ACTIVE]:
            raise ValueError(f"`{word[:40]}` is not a state that can be imported: active or left")
    return State.ACTIVE
