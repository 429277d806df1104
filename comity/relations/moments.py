"""Key moments: where a channel of a relation changed, how surely, and by which events.

A moment is one channel in one period that its past did not foretell (`comity.relations.surprise`), up or down, for a
while or for good.
Moments are ranked by the log Bayes factor of a change; neighbouring periods of one channel and direction are one
moment, dated to the first of them that by itself is surely a change. Where both channels changed in one period there
are two moments, and each shows what the other channel did. What came of a change is told by the level that looks back
(`comity.relations.jumps`): it stayed, grew step by step, or passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from comity.model import Record
from comity.relations.jumps import HAZARD
from comity.relations.level import NORMAL, Line
from comity.relations.series import Series
from comity.relations.surprise import SPANS, Surprise, surprise
from comity.relations.weights import CHANNELS

Array = NDArray[np.float64]
Support = Literal["strong", "fair", "weak"]
Pace = Literal["sudden", "gradual", "passing"]
WINDOW = {"week": 1, "month": 1, "year": 0}
"""Periods on either side that may be the same change."""
REACH = {"week": 8, "month": 4, "year": 2}
"""Periods on either side over which a change may be gradual, and after which it has stayed or passed."""
SUDDEN = 0.6
"""A change is sudden when so much of what changed within `REACH` changed within `WINDOW`."""
STAYED = 0.5
"""A change passed when less than so much of it, in logs, is left after it."""
STRONG, FAIR = 0.9, 0.6
"""Probabilities from which the data support a change strongly, and fairly."""
LEAST = 0.05
"""Moments less probable than this are not shown."""


class Shift(Record, frozen=True):
    """Change of one channel at a moment: weight units a period foretold and seen, and their factor with 90 %."""

    channel: str
    before: float
    after: float
    factor: float
    low: float
    high: float
    probability: float


class Moment(Record, frozen=True):
    """A change of one channel.  ``at`` is the first day of the period that the past foretold worst, ``day`` the day
    where events tell it; a gradual change goes from the period ``began`` to the period ``until``.

    ``pace``: a level that stays (sudden or gradual), or that is over soon (passing).
    ``channel`` went ``change``, up or down; ``sign`` is + for more cooperation or less conflict, else -.
    ``score`` is the natural log of the Bayes factor of a change.  ``events`` are ids, ``reason`` one sentence; both are
    empty until `comity.relations.reasons` has looked at the events.
    """

    at: date
    began: date
    until: date
    day: date | None
    channel: str
    change: Literal["up", "down"]
    sign: Literal["+", "-"]
    pace: Pace
    score: float
    probability: float
    support: Support
    shifts: tuple[Shift, ...]
    events: tuple[str, ...] = ()
    reason: str = ""


Scans = Mapping[str, Surprise]


def scanned(found: Series) -> Scans:
    """The scans of both channels."""
    return {c: scan(found, c) for c in CHANNELS} if len(found.starts) > 1 else {}


def moments(
    found: Series, both: Mapping[str, Line], limit: int = 5, known: Scans | None = None
) -> tuple[Moment, ...]:
    """The moments of a pair, the most surely known first, weak ones too; at most ``limit``.

    ``known`` are the scans of `scanned`, where they are there already.
    """
    if len(found.starts) < 2:
        return ()
    scans = known or scanned(found)
    listed: list[Moment] = []
    for peak, channel in ranked(scans, WINDOW[found.by]):
        if len(listed) >= limit or scans[channel].probability[peak] < LEAST:
            break
        listed.append(describe(found, both, scans, peak, channel))
    return tuple(listed)


def latest(found: Series, both: Mapping[str, Line], known: Scans | None = None) -> Moment | None:
    """Whether the last period changed, knowing nothing of what comes: None when a change is less probable than not."""
    if len(found.starts) < 2:
        return None
    scans = known or scanned(found)
    last = len(found.starts) - 1
    channel = max(CHANNELS, key=lambda c: float(scans[c].log_bayes[last]))
    if scans[channel].now[last] < 0.5:
        return None
    return describe(found, both, scans, last, channel)


def scan(found: Series, channel: str) -> Surprise:
    """How badly the past of one channel foretold each of its periods."""
    return surprise(found.effective(channel), found.news(channel), HAZARD[found.by], SPANS[found.by])


def ranked(scans: Mapping[str, Surprise], width: int) -> Iterator[tuple[int, str]]:
    """Periods and channels one after the other, the greatest log Bayes factor first, without neighbours of one channel
    and direction, and without those whose longer window only sees ahead to a change that is listed."""
    every = [(float(one.log_bayes[t]), t, c) for c, one in scans.items() for t in range(1, len(one.log_bayes))]
    kept: list[tuple[int, str]] = []
    for _, t, c in sorted(every, key=lambda x: (-x[0], x[1], x[2])):
        one = scans[c]
        if not any(d == c and same(one, s, t, width) for s, d in kept):
            kept.append((t, c))
            yield t, c


def same(one: Surprise, kept: int, t: int, width: int) -> bool:
    """Whether what period t shows is the change that is kept of another period of the channel."""
    ahead = t <= kept < t + int(one.span[t])
    return (ahead or abs(kept - t) <= width) and bool((one.change[kept] > 0) == (one.change[t] > 0))


def onset(one: Surprise, peak: int, width: int) -> int:
    """The first period of a change whose surest period is the peak."""
    up = one.change[peak] > 0
    near = range(max(1, peak - width), peak)
    return next((t for t in near if one.now[t] >= STRONG and (one.change[t] > 0) == up), peak)


def describe(found: Series, both: Mapping[str, Line], scans: Mapping[str, Surprise], peak: int, channel: str) -> Moment:
    """A moment in words and figures."""
    one = scans[channel]
    at = onset(one, peak, WINDOW[found.by])
    up = bool(one.change[peak] > 0)
    first, last, pace = course(both[channel], one, at, peak, found.by)
    probability = float(one.probability[peak])
    return Moment(
        at=found.starts[at], began=found.starts[first], until=found.starts[last], day=None, channel=channel,
        change="up" if up else "down", sign="+" if up == (channel == CHANNELS[0]) else "-", pace=pace,
        score=float(one.log_bayes[peak]), probability=probability, support=support(probability),
        shifts=tuple(shift(found.scale[c], c, s, at, peak) for c, s in scans.items()),
    )  # fmt: skip


def support(probability: float) -> Support:
    """How much the data support a change of this posterior probability: strong from 0.9, fair from 0.6."""
    return "strong" if probability >= STRONG else "fair" if probability >= FAIR else "weak"


def shift(scale: float, channel: str, one: Surprise, at: int, peak: int) -> Shift:
    """The change of one channel from what was foretold of its first period to what its surest period shows."""
    before, least = float(one.expected[at]), 1e-9
    change = float(one.change[peak]) + float(np.log((one.expected[peak] + least) / (before + least)))
    width = NORMAL * float(one.error[peak])
    return Shift(
        channel=channel, before=before * scale, after=float(one.seen[peak]) * scale,
        factor=float(np.exp(change)), low=float(np.exp(change - width)), high=float(np.exp(change + width)),
        probability=float(one.probability[peak]),
    )  # fmt: skip


def course(line: Line, one: Surprise, at: int, peak: int, by: str) -> tuple[int, int, Pace]:
    """First and last period of a change, and its pace."""
    model: Any = line.model
    level = model.mean()
    end = len(level) - 1
    change = float(one.change[peak])
    if peak < end:
        later = float(level[min(peak + REACH[by], end)]) - np.log(max(float(one.expected[at]), 1e-9))
        if later * np.sign(change) < STAYED * abs(change):
            return at, peak, "passing"
    steps = np.diff(level, prepend=level[:1])
    near = range(max(1, at - WINDOW[by]), min(end, at + WINDOW[by]) + 1)
    window = np.array([t for t in near if t == at or steps[t] * change > 0])
    first, last, pace = extent(steps, window, REACH[by], float(np.sign(change)))
    return (first, last, pace) if pace == "gradual" else (at, peak, pace)


def extent(changes: Array, window: NDArray[np.int64], reach: int, sign: float) -> tuple[int, int, Pace]:
    """First and last period of a change of the level of one channel, and its pace: see `SUDDEN`."""
    near = np.arange(max(1, int(window[0]) - reach), min(len(changes), int(window[-1]) + reach + 1))
    along = changes[near] * sign
    total = float(along[along > 0].sum())
    if total <= 0 or float(changes[window].sum()) * sign >= SUDDEN * total:
        return int(window[0]), int(window[-1]), "sudden"
    moving = near[along >= 0.1 * total]
    if not len(moving):  # so evenly that no step stands out
        moving = near[along > 0]
    return int(min(moving.min(), window[0])), int(max(moving.max(), window[-1])), "gradual"
