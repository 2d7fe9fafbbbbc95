"""What every route of the public door is given, made once at the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.responses import HTMLResponse

from publisher.config import Settings
from publisher.rendering.language import Language
from publisher.rendering.models import Site
from publisher.rendering.pages.frame import Frame, Head, frame
from publisher.rendering.templates import environment, shipped_folder
from publisher.subscribers.letters import LetterWriter
from publisher.subscribers.selfservice import SelfService
from publisher.subscribers.signup import SignUps
from publisher.subscribers.store import SubscriberStore

Answered = TypeVar("Answered")
_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class Door:
    """The publication's settings, its readers, and the clock."""

    settings: Settings
    store: SubscriberStore
    clock: Callable[[], datetime]

    @cached_property
    def lanes(self) -> CapacityLimiter:
        """How many may ask the database at once. SQLite has one writer: a queue is faster than a crowd."""
        return CapacityLimiter(1 if self.store.engine.dialect.name == "sqlite" else 8)

    async def ask(self, work: Callable[..., Answered], *arguments: object) -> Answered:
        """Ask the database in a thread, in turn, so that no reader waits for another's page."""
        return await to_thread.run_sync(partial(work, *arguments), limiter=self.lanes)

    @cached_property
    def signups(self) -> SignUps:
        """The queue between the form and the letters."""
        return SignUps(self.store, self.settings.subscribers)

    @cached_property
    def readers(self) -> SelfService:
        """What a reader does by a link."""
        return SelfService(self.store, self.settings.subscribers)

    @cached_property
    def letters(self) -> LetterWriter:
        """Writes the confirmations."""
        templates = self.press.site.templates
        return LetterWriter(
            self.settings.publication, templates, self.store.keyring, self.settings.subscribers
        )

    @cached_property
    def press(self) -> Frame:
        """Sets the pages in the site's own dress."""
        settings = self.settings
        return frame(
            Site(
                publication=settings.publication,
                editions=(),
                images={},
                templates=environment([settings.root / "templates", shipped_folder()]),
                theme=settings.theme,
                feeds=settings.feeds,
                email=settings.email,
                pages=settings.pages,
            )
        )

    @cached_property
    def language(self) -> Language:
        """How the pages speak."""
        return Language(self.settings.publication.language)

    def page(
        self,
        template: str,
        title: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **content: object,
    ) -> HTMLResponse:
        """One page of the door: never stored by anybody, never listed by a search engine."""
        head = Head(path="-", title=title, description="", anywhere=True)
        page = self.press.page(f"app/{template}.html", head, **{"standfirst": "", **content})
        return HTMLResponse(page, status, {**_PAGE_HEADERS, **(headers or {})})

    def notice(self, title: str, *lines: str, status: int = 200, again: bool = False) -> HTMLResponse:
        """A page that only says something."""
        standfirst, *rest = lines or ("",)
        return self.page("notice", title, status, standfirst=standfirst, lines=rest, again=again)
