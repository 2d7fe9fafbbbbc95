"""For those who keep the door open: whether it is well, and how many came through."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from publisher.database import reading
from publisher.errors import PublisherError
from publisher.subscribers.store import SubscriberStore
from publisher.subscribers.tables import wishes

_NO_STORE = {"Cache-Control": "no-store"}


def operation_routes(store: SubscriberStore, *, metrics: bool) -> list[Route]:
    """`/health`, and `/metrics` where it is wanted."""
    routes = [Route("/health", partial(_health, store), methods=["GET"])]
    return [*routes, Route("/metrics", partial(_metrics, store), methods=["GET"])] if metrics else routes


async def _health(store: SubscriberStore, _request: Request) -> Response:
    """200 when the database answers, else 503; nothing else is said."""
    try:
        await run_in_threadpool(store.get, 0)
    except PublisherError:
        return PlainTextResponse("the database does not answer\n", 503, _NO_STORE)
    return PlainTextResponse("ok\n", 200, _NO_STORE)


async def _metrics(store: SubscriberStore, _request: Request) -> Response:
    """Counts in Prometheus' text format; no person can be told from them."""
    lines = await run_in_threadpool(lambda: list(_lines(store)))
    return PlainTextResponse("\n".join([*lines, ""]), 200, _NO_STORE, "text/plain; version=0.0.4")


def _lines(store: SubscriberStore) -> Iterator[str]:
    yield "# HELP publisher_subscribers Readers by state."
    yield "# TYPE publisher_subscribers gauge"
    for state, count in store.counts().items():
        yield f'publisher_subscribers{{state="{state}"}} {count}'
    with reading(store.engine) as connection:
        waiting = connection.scalar(select(func.count()).select_from(wishes))
    yield "# HELP publisher_wishes_waiting Sign-ups whose letter has not left yet."
    yield "# TYPE publisher_wishes_waiting gauge"
    yield f"publisher_wishes_waiting {waiting}"
