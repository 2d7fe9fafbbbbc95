"""What comes back changes who is written to: reports -> subscribers."""

from __future__ import annotations

from datetime import datetime

from publisher.config import Settings
from publisher.delivery.bounces import Report, Verdict, read_report
from publisher.delivery.codes import EXPLANATIONS
from publisher.delivery.sender import SenderSettings
from publisher.delivery.stops import order_stop
from publisher.delivery.strikes import count_strike
from publisher.pipeline.letters import marks_of
from publisher.subscribers.models import Actor, Cause, State, may_move
from publisher.subscribers.store import SubscriberStore

_ENDS = {
    Verdict.GONE: (State.BOUNCED, Actor.SERVER),
    Verdict.COMPLAINT: (State.COMPLAINED, Actor.SERVER),
    Verdict.LEAVE: (State.LEFT, Actor.READER),
}


OLD_NEWS = "it left before the mailing was resumed, so nothing is stopped"
"""What is done about a refusal of which a person knows already."""


def take_back(
    settings: Settings, store: SubscriberStore, message: bytes, now: datetime
) -> tuple[Report, str]:
    """Read one message that came back and record what it means; return it with what was done."""
    report = read_report(message, marks_of(store.keyring), _mailbox_to_leave(settings.delivery.sender))
    return report, record(settings, store, report, now)


def _mailbox_to_leave(sender: SenderSettings) -> str:
    """The unsubscribe mailbox, where nothing else arrives: a holiday notice goes where bounces go."""
    return sender.unsubscribe if sender.unsubscribe not in {sender.bounces, sender.address} else ""


def record(settings: Settings, store: SubscriberStore, report: Report, now: datetime) -> str:
    """Do what a report means; return in a few words what was done.

    Recording the same report twice changes nothing more. Our own faults (5.7.x) change nobody, but
    stop the mailing, if the letter left after it was last resumed; reports that are not about a letter of ours do nothing.
    """
    if report.verdict in _ENDS:
        return _end(store, report, *_ENDS[report.verdict], now)
    if report.verdict is Verdict.OURS:
        meaning = EXPLANATIONS.get(report.status, "")
        why = f"a server refused it with {report.status}" + (f" ({meaning})" if meaning else "")
        stopped = order_stop(store.engine, report.mailing, report.recipient, why, now.timestamp())
        return "the mailing is stopped" if stopped else OLD_NEWS
    if report.verdict is Verdict.FULL:
        strikes = count_strike(store.engine, report.recipient, report.mailing, report.status, now)
        if strikes >= settings.delivery.strikes:
            return _end(store, report, State.BOUNCED, Actor.SERVER, now)
        return f"failure {strikes} of {settings.delivery.strikes}"
    return "nothing done"


def _end(store: SubscriberStore, report: Report, state: State, actor: Actor, now: datetime) -> str:
    """Move a subscriber out of the audience, unless they are out of it already."""
    reader = store.get(report.recipient)
    if reader is None or not may_move(reader.state, state, actor):
        return "nothing to do any more"
    source = report.status or report.verdict.value
    store.move(report.recipient, state, Cause(at=now, actor=actor, source=source))
    return f"now {state.value}"
