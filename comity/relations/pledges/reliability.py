"""How often an actor's announcements came true, never without the uncertainty of it.

Of the pledges that an event settles, those fulfilled and those broken count, each by how sure the judgement is; the
share kept is the mean of the Beta posterior with Jeffreys' prior Beta(1/2, 1/2), the interval its 5 and 95 per cent
points (Brown, Cai & DasGupta 2001, Statistical Science 16).  Overtaken pledges count neither way; open and lapsed ones
are told beside it, for news tell of a promise more often than of its quiet end: the share is of what was settled in the
news, not of all that was promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from comity.model import Record
from comity.relations.level import beta
from comity.relations.pledges.model import Pledge

PRIOR = 0.5
PAIR_LEAST = 5
"""Settled pledges from which a pair gets a row of its own."""


class Reliability(Record, frozen=True):
    """One actor (towards ``other``, or anybody), in one channel.

    In the channel of cooperation announcements are promises, in that of conflict they are threats and plans of force
    or pressure that were carried out or not.  ``share`` kept of the settled, ``low`` and ``high`` its 90 per cent
    interval; ``least`` the share if all lapsed pledges had been broken; ``coverage`` the part of the pledges, open
    ones left out, that an event settled.
    """

    actor: str
    other: str | None
    channel: str
    pledges: int
    fulfilled: int
    broken: int
    overtaken: int
    lapsed: int
    open: int
    doubtful: int
    share: float
    low: float
    high: float
    least: float
    coverage: float

    def row(self) -> dict[str, Any]:
        """One flat row."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found


class _Sum:
    """Counts while they are made."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(("open", "fulfilled", "broken", "overtaken", "lapsed", "doubtful"), 0)
        self.kept = self.failed = 0.0

    def add(self, pledge: Pledge, state: str) -> None:
        """One more pledge, in this state for this actor."""
        self.counts[state] += 1
        self.counts["doubtful"] += pledge.doubtful and state in ("fulfilled", "broken")
        self.kept += pledge.score if state == "fulfilled" else 0.0
        self.failed += pledge.score if state == "broken" else 0.0


def reliability(pledges: Iterable[Pledge], pairs: bool = True) -> list[Reliability]:
    """Rows by actor and channel, and of pairs with enough settled pledges; those with most pledges first.

    The pledge of two sides ("will meet") counts for both; a breach counts against the side that did it, and for the
    other it is overtaken.
    """
    sums: dict[tuple[str, str, str], _Sum] = {}
    for pledge in pledges:
        for actor, other in makers(pledge):
            sums.setdefault((actor, other, pledge.channel), _Sum()).add(pledge, state_for(pledge, actor))
        for actor in dict.fromkeys(a for a, _ in makers(pledge)):
            sums.setdefault((actor, "", pledge.channel), _Sum()).add(pledge, state_for(pledge, actor))
    rows = [_row(key, found) for key, found in sums.items() if not key[1] or (pairs and _enough(found))]
    return sorted(rows, key=lambda r: (r.other is not None, -r.pledges, r.actor, r.other or "", r.channel))


def makers(pledge: Pledge) -> Sequence[tuple[str, str]]:
    """Who made a pledge to whom."""
    act = pledge.act
    found = [(s, t) for s in act.sources for t in act.targets if s != t]
    if act.symmetric:
        found += [(t, s) for s, t in found]
    return list(dict.fromkeys(found))


def state_for(pledge: Pledge, actor: str) -> str:
    """The state of a pledge as far as this actor answers for it."""
    settled = pledge.settled
    if pledge.state == "broken" and settled and settled.by and actor not in settled.by:
        return "overtaken"
    return pledge.state


def _enough(found: _Sum) -> bool:
    return found.counts["fulfilled"] + found.counts["broken"] >= PAIR_LEAST


def _row(key: tuple[str, str, str], found: _Sum) -> Reliability:
    actor, other, channel = key
    counts = found.counts
    share, low, high = beta(found.kept + PRIOR, found.failed + PRIOR)
    closed = counts["fulfilled"] + counts["broken"] + counts["overtaken"] + counts["lapsed"]
    settled = closed - counts["lapsed"]
    least = (found.kept + PRIOR) / (found.kept + found.failed + counts["lapsed"] + 2 * PRIOR)
    return Reliability(
        actor=actor, other=other or None, channel=channel, pledges=closed + counts["open"], **counts,
        share=round(share, 3), low=round(low, 3), high=round(high, 3), least=round(least, 3),
        coverage=round(settled / closed, 3) if closed else 0.0,
    )  # fmt: skip


def to_arrow(rows: Iterable[Reliability]) -> pa.Table:
    """One row a `Reliability`."""
    kinds = {"actor": pa.string(), "other": pa.string(), "channel": pa.string()}
    real = ("share", "low", "high", "least", "coverage")
    schema = pa.schema(
        [(f, kinds.get(f, pa.float64() if f in real else pa.int32())) for f in Reliability.__struct_fields__]
    )
    return pa.Table.from_pylist([r.row() for r in rows], schema=schema)
