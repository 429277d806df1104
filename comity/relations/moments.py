"""Key moments: where the level of a channel changed, how surely, and by which events.

Change of period t in one channel: the posterior probability P_t that the level jumped there or that the period was a
burst above or below it, and the expected change D_t: of the log level from t-1 to t, and to the burst
(`comity.relations.jumps`).  Moments are ranked by the sum over channels of
P_t |D_t|, in natural-log units of level; neighbouring periods of one sign are one moment, for a jump is seldom dated
better.  The probability of a moment is that of a jump of either channel in its window; the prior over jumps corrects
it for the search over all periods.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from comity.model import Record
from comity.relations.jumps import Jumps
from comity.relations.level import NORMAL, Line
from comity.relations.series import Series
from comity.relations.weights import CHANNELS

Array = NDArray[np.float64]
Support = Literal["strong", "fair", "weak"]
Pace = Literal["sudden", "gradual", "passing"]
WINDOW = {"week": 1, "month": 1, "year": 0}
"""Periods on either side that may be the same jump."""
REACH = {"week": 8, "month": 4, "year": 2}
"""Periods on either side over which a change may be gradual."""
SUDDEN = 0.6
"""A change is sudden when so much of what changed within `REACH` changed within `WINDOW`."""
LEAST = 0.05
"""Moments less probable than this are not shown."""


class Shift(Record, frozen=True):
    """Change of one channel at a moment: levels (weight units a period) before and after, and the factor with 90 %."""

    channel: str
    before: float
    after: float
    factor: float
    low: float
    high: float
    probability: float


class Moment(Record, frozen=True):
    """A change of level.  ``at`` is the first day of its period, ``day`` the day where events tell it.

    ``pace``: a level that stays (sudden or gradual), or a burst that is over at once (passing).
    ``channel`` is the one that changed more, ``change`` up or down of that one; ``sign`` is + when cooperation gained
    on conflict, else -.  ``events`` are ids, ``reason`` one sentence; both are empty until `comity.relations.reasons`
    has looked at the events.
    """

    at: date
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


def moments(found: Series, both: Mapping[str, Line], limit: int = 5) -> tuple[Moment, ...]:
    """The moments of a pair, the most important first, weak ones too; at most ``limit``."""
    if len(found.starts) < 2:
        return ()
    chances, changes = parts(both)
    score = (chances * np.abs(changes)).sum(axis=0)
    taken = np.zeros(len(score), dtype=bool)
    taken[0] = True
    listed: list[Moment] = []
    while not taken.all() and len(listed) < limit:
        at = int(np.where(taken, -1.0, score).argmax())
        window = around(at, WINDOW[found.by], changes, taken)
        taken[window] = True
        if min(1.0, float(chances[:, window].sum())) >= LEAST:
            listed.append(describe(found, both, at, window))
    return tuple(sorted(listed, key=lambda m: -m.score))


def latest(found: Series, both: Mapping[str, Line]) -> Moment | None:
    """Whether the last period changed, knowing nothing of what comes: None when a change is less probable than not."""
    if len(found.starts) < 2:
        return None
    last = len(found.starts) - 1
    models = [m for m in (both[c].model for c in CHANNELS) if m is not None]
    if 1 - float(np.prod([(1 - m.jump_now[last]) * (1 - m.burst_now[last]) for m in models])) < 0.5:
        return None
    return describe(found, both, last, np.array([last]))


def parts(both: Mapping[str, Line]) -> tuple[Array, Array]:
    """Probability of a jump or burst and expected change of the log rate, both of shape (channels, T)."""
    models = [m for m in (both[c].model for c in CHANNELS) if m is not None]
    chances = np.array([1 - (1 - m.jump) * (1 - m.burst) for m in models])
    return chances, np.array([np.diff(m.mean(), prepend=m.mean()[:1]) + above(m) for m in models])


def above(model: Jumps) -> Array:
    """Expected log rate above (or below) the level by a burst, shape (T,)."""
    return np.asarray(model.burst * (model.peak - model.mean()))


def around(at: int, width: int, changes: Array, taken: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The free neighbours of a period in which its leading channel changed the same way, with itself."""
    lead = int(np.abs(changes[:, at]).argmax())
    near = range(max(1, at - width), min(changes.shape[1], at + width + 1))
    return np.array([t for t in near if t == at or (not taken[t] and changes[lead, t] * changes[lead, at] > 0)])


def describe(found: Series, both: Mapping[str, Line], at: int, window: NDArray[np.int64]) -> Moment:
    """A moment in words and figures."""
    chances, changes = parts(both)
    shifts = tuple(shift(both[c], window, float(min(1.0, chances[n, window].sum()))) for n, c in enumerate(CHANNELS))
    moves = np.array([s.probability * np.log(s.factor) for s in shifts])
    lead = int(np.abs(moves).argmax())
    probability = 1 - float(np.prod([1 - s.probability for s in shifts]))
    towards = np.log(shifts[0].factor) - np.log(shifts[1].factor)
    first, last, pace = extent(changes[lead], window, REACH[found.by])
    model = both[CHANNELS[lead]].model
    if model is not None and abs(above(model)[at]) > 0.5 * abs(changes[lead, at]):
        first, last, pace = at, at, "passing"
    return Moment(
        at=found.starts[first if pace == "gradual" else at], until=found.starts[last if pace == "gradual" else at],
        day=None, channel=CHANNELS[lead], change="up" if moves[lead] > 0 else "down",
        sign="+" if towards > 0 else "-", pace=pace, score=float((chances * np.abs(changes))[:, window].sum()),
        probability=probability, support=support(probability), shifts=shifts,
    )  # fmt: skip


def support(probability: float) -> Support:
    """How much the data support a change of this posterior probability: strong from 0.9, fair from 0.6."""
    return "strong" if probability >= 0.9 else "fair" if probability >= 0.6 else "weak"


def shift(one: Line, window: Sequence[int] | NDArray[np.int64], probability: float) -> Shift:
    """The change of one channel over a window: of the level, and by the greatest burst in it."""
    before, after = int(window[0]) - 1, int(window[-1])
    model: Any = one.model
    burst = above(model)
    peak = int(window[0]) + int(np.abs(burst[window[0] : after + 1]).argmax())
    change = float(model.mean()[after] - model.mean()[before] + burst[peak])
    width = NORMAL * float(np.hypot(model.spread()[before], model.spread()[after]))
    return Shift(
        channel=one.channel, before=float(one.level[before]), after=float(one.level[before] * np.exp(change)),
        factor=float(np.exp(change)), low=float(np.exp(change - width)), high=float(np.exp(change + width)),
        probability=probability,
    )  # fmt: skip


def extent(changes: Array, window: NDArray[np.int64], reach: int) -> tuple[int, int, Pace]:
    """First and last period of a change of one channel, and its pace: see `SUDDEN`."""
    inside = float(changes[window].sum())
    near = np.arange(max(1, int(window[0]) - reach), min(len(changes), int(window[-1]) + reach + 1))
    along = changes[near] * np.sign(inside)
    total = float(along[along > 0].sum())
    if total <= 0 or abs(inside) >= SUDDEN * total:
        return int(window[0]), int(window[-1]), "sudden"
    moving = near[along >= 0.1 * total]
    return int(min(moving.min(), window[0])), int(max(moving.max(), window[-1])), "gradual"
