"""Group commit at the door, without a door."""

import asyncio

import pytest

from publisher.errors import BusyError
from publisher.webapp.gathering import Gathering


class Slow:
    """A database that takes its time, and remembers what it was asked together."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.groups: list[list[int]] = []

    async def ask(self, items: list[int]) -> list[int]:
        """Answer ten times each item; 99 is a database that is busy."""
        self.groups.append(items)
        await asyncio.sleep(0.01)
        if 99 in items:
            raise BusyError("busy")
        return [item * 10 for item in items]


def test_who_comes_during_a_commit_shares_the_next() -> None:
    """The first goes alone, all others together; each has its own answer."""

    async def crowd() -> tuple[list[int], list[list[int]]]:
        slow = Slow()
        gathering = Gathering(slow.ask)
        first = asyncio.create_task(gathering.ask(1))
        await asyncio.sleep(0.001)
        others = [asyncio.create_task(gathering.ask(number)) for number in range(2, 50)]
        return await asyncio.gather(first, *others), slow.groups

    answers, groups = asyncio.run(crowd())
    assert answers == [number * 10 for number in range(1, 50)]
    assert groups == [[1], list(range(2, 50))]


def test_a_fault_is_told_to_all_of_its_group_and_to_nobody_else() -> None:
    """Whoever shared the commit that failed knows; the next group is a new one."""

    async def crowd() -> list[object]:
        gathering = Gathering(Slow().ask)
        together = [asyncio.create_task(gathering.ask(number)) for number in (98, 99)]
        await asyncio.sleep(0.005)
        return await asyncio.gather(*together, gathering.ask(14), return_exceptions=True)

    first, second, third = asyncio.run(crowd())
    assert (type(first), type(second), third) == (BusyError, BusyError, 140)


def test_who_hangs_up_does_not_take_the_others_along() -> None:
    """A request that is given up leaves the group at work."""

    async def crowd() -> int:
        gathering = Gathering(Slow().ask)
        gone, stays = (asyncio.create_task(gathering.ask(number)) for number in (1, 2))
        await asyncio.sleep(0.001)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return await stays

    assert asyncio.run(crowd()) == 20
