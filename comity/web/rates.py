"""How often one may ask: a bucket of tokens for each user or address."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

KEPT = 10_000
"""Users and addresses that are remembered at most; the one that was longest silent is forgotten first."""


class Rate:
    """At most so many a minute for each name, in bursts of at most as many; 0 is no limit.  For one thread."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str) -> int:
        """Seconds after which this name may ask again; 0: it may now, and this counts."""
        if self.per_minute <= 0:
            return 0
        now = self._clock()
        left, at = self._buckets.pop(name, (float(self.per_minute), now))
        left = min(float(self.per_minute), left + (now - at) * self.per_minute / 60)
        allowed = left >= 1
        self._buckets[name] = (left - 1 if allowed else left, now)
        if len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) * 60 / self.per_minute))
