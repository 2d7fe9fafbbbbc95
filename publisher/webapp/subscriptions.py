"""The routes by which readers come and go. GET, HEAD and OPTIONS never change anything."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publisher.subscribers.addresses import masked, parse_address
from publisher.subscribers.models import State, Subscriber
from publisher.subscribers.selfservice import Answer
from publisher.subscribers.signup import Refusal, Wish
from publisher.subscribers.tokens import Purpose
from publisher.webapp.clients import client_address, networks
from publisher.webapp.door import Door
from publisher.webapp.forms import LARGEST, Haste, first, judge, make_stamp, read_body, read_form
from publisher.webapp.gathering import Gathering

Endpoint = Callable[[Request], Awaitable[Response]]
LOG = logging.getLogger("publisher.webapp")
LONGEST_ADDRESS = 254
ONE_CLICK = b"One-Click"
"""The word of `List-Unsubscribe=One-Click`, the same in urlencoded and multipart bodies (RFC 8058, 3.1)."""


def subscription_routes(door: Door) -> list[Route]:
    """`/subscribe`, `/confirm/TOKEN`, `/unsubscribe/TOKEN`, `/preferences/TOKEN`."""
    subscriptions = Subscriptions(door)
    return [
        _route("/subscribe", subscriptions.show_form, subscriptions.subscribe),
        _route("/confirm/{token}", subscriptions.show_confirm, subscriptions.confirm),
        _route("/unsubscribe/{token}", subscriptions.show_leave, subscriptions.leave),
        _route("/preferences/{token}", subscriptions.show_preferences, subscriptions.save_preferences),
    ]


def _route(path: str, show: Endpoint, act: Endpoint) -> Route:
    """GET shows, POST acts: one route, so that 405 names both (RFC 9110, 15.5.6)."""

    async def answer(request: Request) -> Response:
        return await (act if request.method == "POST" else show)(request)

    return Route(path, answer, methods=["GET", "POST"])


class Subscriptions:
    """Each method answers one route; what is decided is decided in `publisher.subscribers`."""

    def __init__(self, door: Door) -> None:
        """Work for one publication."""
        self.door = door
        self.say = door.language.text
        self.title = door.settings.publication.title
        self.trusted = networks(door.settings.web.trusted_proxies)
        self.asked = Gathering(partial(door.ask, door.signups.ask))

    async def show_form(self, _request: Request) -> Response:
        """The form."""
        return self._form()

    def _form(self, typed: str = "", fault: str = "", stamp: str = "", *, wrong: bool = False) -> Response:
        """The form, empty or once more with what is wrong; a stamp that was shown before keeps its time."""
        title = self.say("Subscribe to {title}", title=self.title)
        tagline = self.door.settings.publication.tagline
        return self.door.page(
            "subscribe",
            title,
            400 if fault else 200,
            standfirst=tagline,
            fault=fault,
            wrong=wrong,
            typed=typed[:LONGEST_ADDRESS],
            stamp=stamp or make_stamp(self.door.store.keyring, self.door.clock()),
        )

    async def subscribe(self, request: Request) -> Response:
        """Write the wish down. The answer never depends on who the address belongs to."""
        form = await read_form(request)
        typed, stamp, trap = (first(form.getlist(name)) for name in ("email", "stamp", "website"))
        haste = judge(self.door.store.keyring, stamp, trap, self.door.clock())
        if haste is Haste.TRAPPED:
            return self._thanks()
        if haste is not Haste.HUMAN:
            once_more = self.say("Please press the button once more.")
            return self._form(typed, once_more, stamp if haste is Haste.QUICK else "")
        try:
            address = parse_address(typed)
        except ValueError:
            fault = self.say("This is not an e-mail address we can write to. Please look at it once more.")
            return self._form(typed, fault, wrong=True)
        refusal = await self.asked.ask(Wish(address, self._client(request), self.door.clock()))
        return self._refuse(refusal) if refusal else self._thanks()

    def _client(self, request: Request) -> str:
        peer = request.client.host if request.client else "local"
        return client_address(peer, request.headers.getlist("x-forwarded-for"), self.trusted)

    def _thanks(self) -> Response:
        return self.door.notice(
            self.say("Look into your mailbox"),
            self.say("We have sent you a letter with a link. Open it and confirm, and you are on the list."),
            self.say("Nothing there after ten minutes? Look among the unwanted mail, then try again."),
        )

    def _refuse(self, refusal: Refusal) -> Response:
        if refusal is Refusal.ALARM:
            cap = self.door.settings.subscribers.tries_per_hour
            LOG.error("ALARM: more than %d sign-ups within an hour (tries_per_hour); more are refused", cap)
        title = self.say("Please try again later")
        line = self.say("There were too many sign-ups within the last hour. Nothing was changed.")
        response = self.door.notice(title, line, status=429 if refusal is Refusal.TRIES else 503)
        response.headers["Retry-After"] = str(int(timedelta(hours=1).total_seconds()))
        return response

    async def show_confirm(self, request: Request) -> Response:
        """A button; scanners that open every link change nothing."""
        token = request.path_params["token"]
        answer = await self.door.ask(self.door.readers.can_confirm, token, self.door.clock())
        if answer is not Answer.DONE:
            return self._no_use(answer)
        title = self.say("Confirm your subscription")
        line = self.say("Press the button, and {title} comes to you.", title=self.title)
        return self.door.page("confirm", title, standfirst=line, action=_here(request))

    async def confirm(self, request: Request) -> Response:
        """Make the reader active."""
        token = request.path_params["token"]
        answer = await self.door.ask(self.door.readers.confirm, token, self.door.clock())
        if answer is not Answer.DONE:
            return self._no_use(answer)
        line = self.say("Thank you. The next issue of {title} comes to you.", title=self.title)
        return self.door.notice(self.say("You are subscribed"), line)

    async def show_leave(self, request: Request) -> Response:
        """A button; a link alone unsubscribes nobody."""
        return await self._ask_to_leave(request, 200)

    async def _ask_to_leave(self, request: Request, status: int) -> Response:
        reader = await self.door.ask(self.door.readers.leaver, request.path_params["token"])
        if reader is None:
            return self._no_use(Answer.UNKNOWN)
        if _is_gone(reader):
            return self._gone()
        title = self.say("Leave {title}", title=self.title)
        line = self.say("Press the button, and no further letter is sent to this address.")
        return self.door.page(
            "unsubscribe",
            title,
            status,
            standfirst=line,
            address=masked(reader.address),
            action=_here(request),
        )

    async def leave(self, request: Request) -> Response:
        """End the letters (RFC 8058: no cookie, no redirect, and the same when done again).

        The body must say so, as our button's does: a scanner that posts to whatever it finds presses none.
        """
        if ONE_CLICK not in await read_body(request, LARGEST):
            return await self._ask_to_leave(request, 400)
        answer = await self.door.ask(self.door.readers.leave, request.path_params["token"], self.door.clock())
        return self._no_use(answer) if answer is Answer.UNKNOWN else self._gone()

    def _gone(self) -> Response:
        line = self.say("No further letter of {title} is sent to you.", title=self.title)
        regret = self.say("That was a mistake? You can subscribe again at any time.")
        return self.door.notice(self.say("You are unsubscribed"), line, regret, again=True)

    async def show_preferences(self, request: Request) -> Response:
        """What the reader receives."""
        return await self._preferences(request, 200)

    async def save_preferences(self, request: Request) -> Response:
        """Keep what the reader wants; all topics are the same as none, if somebody pressed the button."""
        form = await read_form(request)
        if not form.getlist("topic") and not form.getlist("save"):
            return await self._preferences(request, 400)
        known = [section.id for section in self.door.settings.publication.sections]
        wanted = {value for value in form.getlist("topic") if isinstance(value, str)}
        chosen = [topic for topic in known if topic in wanted]
        topics = [] if chosen == known else chosen
        answer = await self.door.ask(self.door.readers.choose, request.path_params["token"], topics)
        if answer is not Answer.DONE:
            return self._no_use(answer)
        return await self._preferences(request, 200, saved=True)

    async def _preferences(self, request: Request, status: int, *, saved: bool = False) -> Response:
        reader = await self.door.ask(self.door.readers.chooser, request.path_params["token"])
        if reader is None:
            return self._no_use(Answer.UNKNOWN)
        if reader.state is not State.ACTIVE:
            return self._gone()
        sections = self.door.settings.publication.sections
        known = {section.id for section in sections}
        leave = self.door.store.keyring.sign(Purpose.UNSUBSCRIBE, reader.id)
        return self.door.page(
            "preferences",
            self.say("Your letter"),
            status,
            saved=saved,
            address=masked(reader.address),
            topics=sections,
            chosen=reader.topics & known or known,  # of closed ones alone, the letter is of everything
            action=_here(request),
            leave=f"../unsubscribe/{leave}",
        )

    def _no_use(self, answer: Answer) -> Response:
        if answer is Answer.UNKNOWN:
            line = self.say("The link may have been cut short on its way to you. Please copy it as a whole.")
            return self.door.notice(self.say("This link is not one of ours"), line, status=404)
        line = self.say("It worked for some days only, or you have left since. You can subscribe again.")
        return self.door.notice(self.say("This link has expired"), line, status=410, again=True)


def _is_gone(reader: Subscriber) -> bool:
    return reader.state not in {State.PENDING, State.ACTIVE, State.BOUNCED}


def _here(request: Request) -> str:
    """The page's own address, relative to itself: the last part, the token."""
    return str(request.path_params["token"])
