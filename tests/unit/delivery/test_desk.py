"""The desk judges what servers say, and minds who has asked for patience."""

import asyncio

from letters import Clock, PlainComposer, recipient

from publisher.delivery.desk import SendingDesk
from publisher.delivery.models import Claim, Job, Mailing, Outcome, Reply, Stage
from publisher.delivery.pace import Pace

RELAY = "relay.example:587"
BUCKET = f"server:{RELAY}"


class Written:
    """A ledger that takes everything."""

    def record(self, outcome: Outcome) -> None:
        """Take it."""


def rate_after(pace: Pace, taken: int) -> float:
    """Letters a second to the relay, after it has asked for patience once and then taken so many."""

    async def talk() -> None:
        desk = SendingDesk(Mailing("2025-12-10", "hash"), Written(), pace, clock)
        job = Job(Claim(1, recipient(1)), PlainComposer().compose(recipient(1)))
        desk.settle(job, Stage.MAIL, Reply(421, "4.3.2 busy"), RELAY)
        for _ in range(taken):
            desk.settle(job, Stage.DOT, Reply(250, "2.0.0 queued"), RELAY)

    clock = Clock()
    asyncio.run(talk())
    pace.reserve([BUCKET], clock())
    return pace.changes()[BUCKET].rate


def test_a_relay_that_asked_for_patience_is_trusted_again() -> None:
    """One per cent faster with every letter it takes; or one busy minute would slow every mailing for ever."""
    assert rate_after(Pace({}), 0) == 1
    assert rate_after(Pace({}), 500) > 100
