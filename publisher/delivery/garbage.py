"""Python's garbage collector, kept from what is none while letters leave."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_ALLOCATIONS = 20_000
"""Objects that may gather before the collector looks at them: those of some hundred letters."""


@contextmanager
def little_garbage() -> Iterator[None]:
    """Let the collector look seldom, and never at what was loaded before: it took a seventh of a letter's CPU.

    Letters form no circles; what few there are (of failed connections) is still found.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
