"""A public door in a test: a clock that is turned by hand, and letters kept in a list."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import builders
import httpx
from sqlalchemy import Engine, select
from starlette.types import ASGIApp

from publisher.config import Settings
from publisher.database import reading
from publisher.subscribers.addresses import parse_address
from publisher.subscribers.letters import Letter
from publisher.subscribers.models import Actor, Cause, State, Subscriber
from publisher.subscribers.store import SubscriberStore
from publisher.subscribers.tables import METADATA
from publisher.subscribers.tokens import Keyring
from publisher.webapp.app import create_app
from publisher.webapp.door import Door
from publisher.webapp.postman import Postman

NOON = datetime(2025, 12, 10, 12, 0, tzinfo=UTC)
KEYRING = Keyring((b"n" * 32,))


@dataclass
class Clock:
    """What time it is."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def turn(self, **change: float) -> None:
        """Let time pass: `turn(hours=2)`."""
        self.now += timedelta(**change)


@dataclass
class MemoryMailer:
    """Keeps letters, or refuses them with `fault`."""

    letters: list[Letter] = field(default_factory=list)
    fault: Exception | None = None
    longest: timedelta = timedelta(minutes=1)

    async def send(self, letter: Letter) -> None:
        """Keep the letter."""
        if self.fault:
            raise self.fault
        self.letters.append(letter)

    def link(self) -> str:
        """The path of the link in the last letter."""
        found = re.search(r"https://letter\.example(/\S+)", self.letters[-1].text)
        assert found, self.letters[-1].text
        return found.group(1)


@dataclass(frozen=True)
class Browser:
    """Somebody at an address who asks the application without a network in between."""

    app: ASGIApp
    address: str = "192.0.2.1"

    def request(self, method: str, path: str, **content: Any) -> httpx.Response:
        """One request; a redirect is not followed, a fault inside is its 500 page."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(
                self.app, raise_app_exceptions=False, client=(self.address, 40_000)
            )
            async with httpx.AsyncClient(transport=transport, base_url="https://letter.example") as client:
                return await client.request(method, path, **content)

        return asyncio.run(ask())

    def get(self, path: str, **content: Any) -> httpx.Response:
        """Look."""
        return self.request("GET", path, **content)

    def post(self, path: str, **content: Any) -> httpx.Response:
        """Act."""
        return self.request("POST", path, **content)


class TestDoor:
    """The door of the publication in `builders`, over the given database."""

    __test__ = False

    def __init__(self, engine: Engine, root: Path, **tables: dict[str, Any]) -> None:
        self.clock, self.mailer = Clock(), MemoryMailer()
        self.store = SubscriberStore(engine, KEYRING)
        settings = Settings.model_validate({"root": root, "publication": builders.publication(), **tables})
        self.door = Door(settings, self.store, self.clock)
        self.app = create_app(self.door, self.mailer)
        self.client = Browser(self.app)
        self._postman = Postman(self.door, self.mailer)

    def client_at(self, address: str) -> Browser:
        """Somebody else's browser."""
        return Browser(self.app, address)

    def carry(self) -> list[Letter]:
        """Let the postman go round once; give what he carried."""
        before = len(self.mailer.letters)

        async def go_round() -> None:
            while await self._postman.carry_on():
                pass

        asyncio.run(go_round())
        return self.mailer.letters[before:]

    def go_round(self) -> None:
        """Let the postman go one whole round."""
        asyncio.run(self._postman.go_round())

    def tidy(self) -> None:
        """Let the hour strike."""
        self.door.signups.tidy(self.clock())

    def reader(self, address: str, state: State = State.ACTIVE) -> Subscriber:
        """Put somebody into the database, in any state."""
        cause = Cause(self.clock(), Actor.EDITOR, "test")
        entered = State.PENDING if state is State.PENDING else State.ACTIVE
        reader = self.store.add(parse_address(address), entered, cause)
        return reader if state is entered else self.store.move(reader.id, state, cause)

    def state_of(self, address: str) -> State | None:
        """Where somebody stands."""
        reader = self.store.find(address)
        return reader.state if reader else None


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, for telling whether anything changed."""
    with reading(engine) as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in METADATA.tables.items()
        }
