"""Token buckets: how fast letters may leave, per run, per server and per receiving domain. Pure.

A bucket is the generic cell rate algorithm (ITU-T I.371): one number, the time at which it would be
full again, says everything, so it is persisted as one number. Nobody sleeps for a letter that must
wait: it *queues* for a time of its own in the ledger, and other domains go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

CAUTIOUS_RATE = 1.0
"""Letters per second to a domain without a limit of its own, once it has asked us to slow down."""

SLOWEST_RATE = 1 / 60
PAUSE = 60.0
"""Seconds of silence after a domain said 421 or 4.7.x."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """`rate` letters a second, `burst` of them at once."""

    rate: float
    burst: int = 1
    full: float = 0.0  # Unix seconds at which the bucket would be full again
    ceiling: float | None = None  # the rate it may recover to; None: it may be forgotten

    def ready(self, now: float) -> float:
        """When the next letter may leave: `now`, or later."""
        return max(now, self.full - (self.burst - 1) / self.rate)

    def taken(self, at: float) -> Bucket:
        """The bucket after a letter left (or reserved its time) at `at`."""
        return replace(self, full=max(self.full, at) + 1 / self.rate)

    def slowed(self, now: float) -> Bucket:
        """Half the rate, one at a time, after a pause. Refusals within the pause count once."""
        if self.full > now + PAUSE / 2:
            return self
        return replace(self, rate=max(self.rate / 2, SLOWEST_RATE), burst=1, full=now + PAUSE)

    def eased(self) -> Bucket:
        """A little faster after a letter was taken: one per cent."""
        return replace(self, rate=min(self.rate * 1.01, self.ceiling or self.rate * 1.01))


@dataclass(frozen=True, slots=True)
class Limit:
    """What the settings allow: letters per second, and how many at once."""

    rate: float
    burst: int = 1

    def bucket(self) -> Bucket:
        """A bucket that starts full."""
        return Bucket(self.rate, self.burst, ceiling=self.rate)


class Pace:
    """All buckets by name: `run`, `server:relay.example`, `domain:gmail.com`."""

    def __init__(self, limits: Mapping[str, Limit], kept: Mapping[str, Bucket] | None = None) -> None:
        """Start from the limits of the settings; `kept` are the buckets of an earlier run."""
        self._buckets = {name: limit.bucket() for name, limit in limits.items()}
        for name, bucket in (kept or {}).items():
            ceiling = limits[name].rate if name in limits else None
            rate = min(bucket.rate, ceiling) if ceiling else bucket.rate
            self._buckets[name] = replace(bucket, rate=rate, ceiling=ceiling)
        self._queues: dict[str, float] = {}  # when the last letter in each queue will have left
        self._changed: set[str] = set()

    def __len__(self) -> int:
        """How many buckets there are; with none, nothing needs asking."""
        return len(self._buckets)

    def __contains__(self, name: str) -> bool:
        """Whether that name has a bucket."""
        return name in self._buckets

    def ready(self, names: Iterable[str], now: float) -> float:
        """When a letter that passes all these buckets may leave."""
        return max([now, *(self._buckets[name].ready(now) for name in names if name in self._buckets)])

    def reserve(self, names: Iterable[str], now: float) -> float:
        """The same, and take the place."""
        known = [name for name in names if name in self._buckets]
        if not known:
            return now
        at = self.ready(known, now)
        for name in known:
            self._buckets[name] = self._buckets[name].taken(at)
            self._changed.add(name)
        return at

    def queue(self, names: Iterable[str], now: float) -> float:
        """When a letter that cannot leave soon should come back: each one a little later."""
        known = [name for name in names if name in self._buckets]
        at = max(self.ready(known, now), *(self._queues.get(name, now) for name in known))
        for name in known:
            self._queues[name] = at + 1 / self._buckets[name].rate
        return at

    def slow(self, name: str, now: float) -> None:
        """The receiver asked for less."""
        bucket = self._buckets.get(name) or Bucket(CAUTIOUS_RATE * 2)
        self._buckets[name] = bucket.slowed(now)
        self._changed.add(name)

    def ease(self, name: str) -> None:
        """The receiver, or the relay, took a letter."""
        if name in self._buckets:
            self._buckets[name] = self._buckets[name].eased()

    def changes(self) -> dict[str, Bucket]:
        """What must be kept, and has not been given out yet."""
        changed = {name: self._buckets[name] for name in sorted(self._changed)}
        self._changed.clear()
        return changed
