"""Tell the hub which feeds changed (W3C WebSub), after the files are live.

This is an edge: it speaks to the network, and only where the publication names a hub. The
recommendation leaves open how a publisher tells its hub; all known hubs take a form with
`hub.mode=publish` and `hub.url`. A hub that is away never fails a publish: readers then learn of the
issue when they poll.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from publisher.publishing.site import Fate, SitePlan
from publisher.rendering.links import FEED_FILES

if TYPE_CHECKING:
    import httpx

WAITS = (1.0, 4.0)
"""Seconds before a second and a third try."""
TIME_LIMIT = 30.0
"""Seconds for all feeds together."""
_ANSWER_LIMIT = 5.0


@dataclass(frozen=True)
class Ping:
    """A feed that the hub was told of, or the reason why not."""

    topic: str
    fault: str = ""


def changed_topics(plan: SitePlan, base_url: str) -> tuple[str, ...]:
    """The addresses of the feeds that say something new; archives are nobody's topic."""
    changed = (*plan.paths(Fate.NEW), *plan.paths(Fate.CHANGED))
    feeds = (
        path
        for path in sorted(changed)
        if path.startswith("feeds/")
        and "/archive/" not in path
        and PurePosixPath(path).name in FEED_FILES.values()
    )
    return tuple(f"{base_url}/{path}" for path in feeds)


def announce(
    hub: str,
    topics: Iterable[str],
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[Ping, ...]:
    """Ping once for each topic, trying again while the hub is busy; never raises for a hub's sake."""
    import httpx  # noqa: PLC0415  # a tenth of all imports, which only those pay who have a hub

    until = clock() + TIME_LIMIT
    with httpx.Client(timeout=_ANSWER_LIMIT) as client:
        return tuple(_ping(client, hub, topic, until, sleep, clock) for topic in topics)


def _ping(
    client: httpx.Client,
    hub: str,
    topic: str,
    until: float,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
) -> Ping:
    fault = "no time was left"
    for wait in (0.0, *WAITS):
        if clock() + wait >= until:
            break
        if wait:
            sleep(wait)
        fault, again = _try(client, hub, topic)
        if not again:
            break
    return Ping(topic, fault)


def _try(client: httpx.Client, hub: str, topic: str) -> tuple[str, bool]:
    """What went wrong, if anything, and whether another try may help."""
    import httpx  # noqa: PLC0415  # only who names a hub pays for it

    try:
        answer = client.post(hub, data={"hub.mode": "publish", "hub.url": topic})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"{type(error).__name__}: {error}".removesuffix(": "), True
    if answer.is_success:
        return "", False
    return f"the hub answered {answer.status_code}", answer.status_code in {
        408,
        429,
    } or answer.is_server_error
