"""How much work something is, counted and not timed, so that a busy machine cannot change the answer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from publisher.errors import InputError


def steps(work: Callable[[], object]) -> int:
    """Count the calls, of Python's and of C's functions, that `work` makes; a refusal is an end too."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with suppress(InputError, ValueError):  # too long, too deep, no story: said at the door
            work()
    finally:
        sys.setprofile(before)
    return counted


def grows_no_faster_than_its_text(work: Callable[[str], object], unit: str, size: int) -> bool:
    """Whether twice the text asks for at most about twice the steps; something that starts again asks for four."""
    work(unit)  # what is made once is not counted
    once, twice = (unit * (length // len(unit)) for length in (size, 2 * size))
    return steps(lambda: work(twice)) <= 2.6 * steps(lambda: work(once)) + 2000
