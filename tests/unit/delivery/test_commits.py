"""When a commit is made, and what it takes with it."""

import asyncio
from functools import partial

import pytest
from letters import recipients

from publisher.database import migrate, open_engine
from publisher.delivery import commits, ledger
from publisher.delivery.commits import Commits
from publisher.delivery.models import DeliveryStatus, Mailing, Outcome


@pytest.fixture
def ready(tmp_path):
    """A connection on which ten deliveries are claimed, and the list of its commits."""
    engine = open_engine(f"sqlite:///{tmp_path}/publisher.db")
    migrate(engine)
    with engine.connect() as connection:
        with connection.begin():
            frozen = ledger.freeze(connection, Mailing("2025-12-10", "hash"), recipients(10), 0.0)
            ledger.claim(connection, frozen.id, 1, 0.0, 10)
        made: list[str] = []
        driver = connection.connection.dbapi_connection
        driver.set_trace_callback(lambda said: made.append(said) if said == "COMMIT" else None)
        yield connection, made
    engine.dispose()


async def turns() -> None:
    """Let the loop do all that it can do without waiting."""
    for _ in range(20):
        await asyncio.sleep(0)


def write(connection, talk) -> list[int]:
    """Run `talk` with a writer; who was told to go ahead, in order."""
    told: list[int] = []

    async def whole() -> None:
        writer = Commits(connection, 1, lambda: 1.0, lambda _: None)
        await talk(writer, told)
        await writer.close()

    asyncio.run(whole())
    return told


def intend(writer: Commits, told: list[int], *numbers: int) -> None:
    """Ask to go ahead with these."""
    for number in numbers:
        writer.intend(number, partial(told.append, number))


def settle(writer: Commits, *numbers: int) -> None:
    """The server took these."""
    for number in numbers:
        writer.record(Outcome(number, DeliveryStatus.SENT, "250 ok", 1))


def have_no_time_left(monkeypatch, *, patience: float) -> None:
    """Let the first commit take more than all the time that commits may take."""
    monkeypatch.setattr(commits, "SHARE", 1e-12)
    monkeypatch.setattr(commits, "_PATIENCE", patience)


def test_commits_that_take_little_of_the_time_wait_for_nobody(ready, monkeypatch) -> None:
    """Three letters are on the wire, and the fourth has a commit of its own at once."""
    connection, made = ready
    monkeypatch.setattr(commits, "_MEMORY", 3600.0)

    async def talk(writer: Commits, told: list[int]) -> None:
        intend(writer, told, 1, 2, 3)
        await turns()
        intend(writer, told, 4)
        await turns()
        assert (told, len(made)) == ([1, 2, 3, 4], 2)
        settle(writer, 1, 2, 3, 4)

    write(connection, talk)


def test_a_commit_waits_until_as_many_letters_wait_as_are_on_the_wire(ready, monkeypatch) -> None:
    """Four leave together; of the next four the first does not get a commit of its own, the second brings it."""
    connection, made = ready
    have_no_time_left(monkeypatch, patience=60.0)

    async def talk(writer: Commits, told: list[int]) -> None:
        intend(writer, told, 1, 2, 3, 4)
        await turns()
        assert (told, len(made)) == ([1, 2, 3, 4], 1)
        settle(writer, 1)
        intend(writer, told, 5)
        await turns()
        assert (told[4:], len(made)) == ([], 1)  # three on the wire, one waits
        settle(writer, 2)
        intend(writer, told, 6)
        await turns()
        assert (told[4:], len(made)) == ([5, 6], 2)
        settle(writer, 3, 4, 5, 6)

    write(connection, talk)
    assert len(made) == 3


def test_nobody_waits_for_company_for_ever(ready, monkeypatch) -> None:
    """Servers that say nothing hold nobody up who has been told to go ahead."""
    connection, made = ready
    have_no_time_left(monkeypatch, patience=0.01)

    async def talk(writer: Commits, told: list[int]) -> None:
        intend(writer, told, 1, 2, 3)
        await turns()
        gone = asyncio.Event()
        writer.intend(4, gone.set)
        await asyncio.wait_for(gone.wait(), 30)
        settle(writer, 1, 2, 3, 4)

    write(connection, talk)
    assert len(made) == 3


def test_a_lone_line_never_waits(ready, monkeypatch) -> None:
    """One letter after the other, and a commit for each as soon as it is asked for."""
    connection, made = ready
    have_no_time_left(monkeypatch, patience=60.0)

    async def talk(writer: Commits, told: list[int]) -> None:
        for number in (1, 2, 3):
            intend(writer, told, number)
            await turns()
            settle(writer, number)

    assert write(connection, talk) == [1, 2, 3]
    assert len(made) == 4
