"""SIGTERM and SIGINT ask a run to drain; a second one ends the process as it always does *."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WANTED = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def on_signal(drain: Callable[[], None]) -> Iterator[None]:
    """Call `drain` at the first signal; does nothing outside the main thread, where signals are another's."""
    loop = asyncio.get_running_loop()

    def drain_once() -> None:
        _remove(loop)
        drain()

    try:
        for number in WANTED:
            loop.add_signal_handler(number, drain_once)
    except (ValueError, RuntimeError):  # not the main thread
        yield
        return
    try:
        yield
    finally:
        _remove(loop)


def _remove(loop: asyncio.AbstractEventLoop) -> None:
    for number in WANTED:
        loop.remove_signal_handler(number)
