"""Series of one pair: weighted counts of two channels and the exposure that they are seen through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.errors import BadSeries
from comity.model import Record
from comity.relations.cube import By, Cube, floor, periods
from comity.relations.weights import CHANNELS

Array = NDArray[np.float64]
PSEUDO = 25.0
"""Events a period that stand behind "the news is as always": smaller volumes hardly move the exposure."""
SHARE = 0.5
"""Exponent of the volume of each actor: the geometric mean of the two."""
ELASTICITY: Mapping[str, Mapping[str, float]] = {
    "week": {"cooperation": 0.8, "conflict": 0.33}, "month": {"cooperation": 0.9, "conflict": 0.7},
    "year": {"cooperation": 1.0, "conflict": 1.0},
}  # fmt: skip
"""By how much a channel grows with the news there is: least squares of differences of logs over all pairs of the ICEWS
events (see ``docs/relations.md``); a week with twice the news has not twice the conflict."""


class Series(Record, frozen=True):
    """Counts of a pair over T periods.  ``starts`` are their first days; arrays have shape (T,) by channel.

    ``events`` are occurred events, ``weighted`` the sums of their weights, ``scale`` the weight of one effective event
    (sum of squares by sum: the dispersion of a compound Poisson sum), so that ``weighted / scale`` has the variance of
    a count.  ``exposure`` is 1 on average.  ``documents`` and ``imported`` count what stands behind both channels.
    """

    a: str
    b: str
    by: By
    starts: tuple[date, ...]
    events: Mapping[str, Any]
    weighted: Mapping[str, Any]
    scale: Mapping[str, float]
    exposure: Any
    documents: Any
    imported: Any

    def effective(self, channel: str) -> Array:
        """Weighted counts in effective events, shape (T,)."""
        return np.asarray(self.weighted[channel] / self.scale[channel])

    def news(self, channel: str) -> Array:
        """The exposure that a channel is seen through: exposure to the power of `ELASTICITY`, 1 on average; (T,)."""
        if not self.starts:
            return np.zeros(0)
        power = np.asarray(self.exposure) ** ELASTICITY[self.by][channel]
        return np.asarray(power / power.mean())


def series(cube: Cube, a: str, b: str, since: date | None = None, until: date | None = None) -> Series:
    """The series of a pair, from ``since`` or its first occurred event to ``until`` or the last news of the cube.

    Raises `BadSeries` when ``until`` lies before ``since``.  Without any event there are no periods.
    """
    if since and until and until < since:
        raise BadSeries(f"{until} lies before {since}", fix="give --since an earlier day than --until")
    low, high = sorted((a, b))
    rows = [r for r in cube.counts.to_pylist() if (r["a"], r["b"]) == (low, high) and r["status"] == "occurred"]
    volumes = cube.volumes.to_pylist()
    days = [r["period"] for r in rows]
    if not days and not (since and until):
        return make(low, high, cube.by, (), rows, volumes)
    first = since or min(days, default=until or date.max)
    last = until or max((r["period"] for r in volumes), default=first)
    return make(low, high, cube.by, tuple(periods(first, max(first, last), cube.by)), rows, volumes)


def make(
    low: str, high: str, by: By, starts: tuple[date, ...], rows: Sequence[Mapping[str, Any]],
    volumes: Sequence[Mapping[str, Any]],
) -> Series:  # fmt: skip
    """A series from rows of a cube that belong to the pair, and volumes."""
    at = {day: n for n, day in enumerate(starts)}
    rows = [r for r in rows if floor(r["period"], by) in at]
    sums = {name: np.zeros((len(CHANNELS), len(starts))) for name in ("events", "weight", "weight2")}
    documents, imported = np.zeros(len(starts)), np.zeros(len(starts))
    for row in rows:
        t, c = at[row["period"]], CHANNELS.index(row["channel"])
        for name, found in sums.items():
            found[c, t] += row[name]
        documents[t] += row["documents"]
        imported[t] += row["imported"]
    both = zip(sums["weight"], sums["weight2"], strict=True)
    scales = [(w2.sum() / w.sum()) if w.sum() > 0 else 1.0 for w, w2 in both]
    return Series(
        a=low, b=high, by=by, starts=starts,
        events={c: sums["events"][n] for n, c in enumerate(CHANNELS)},
        weighted={c: sums["weight"][n] for n, c in enumerate(CHANNELS)},
        scale={c: float(scales[n]) for n, c in enumerate(CHANNELS)},
        exposure=exposure(at, (low, high), volumes, sums["events"].sum(axis=0)),
        documents=documents, imported=imported,
    )  # fmt: skip


def exposure(at: Mapping[date, int], pair: tuple[str, str], volumes: Sequence[Mapping[str, Any]], own: Array) -> Array:
    """How much news there was in each period for this pair, 1 on average, shape (T,).

    World volume W and the volume A of each actor leave out the pair's own events, or a crisis would hide itself.
    With k = `PSEUDO`:  world w = (W + k) / mean(W + k);  each actor's volume beyond the world's is
    (A + k) / (mean(A) w + k), a gamma-Poisson shrinkage (Clayton & Kaldor 1987), taken to the power `SHARE`.
    """
    found = {"": np.zeros(len(at)), pair[0]: np.zeros(len(at)), pair[1]: np.zeros(len(at))}
    for row in volumes:
        if row["actor"] in found and row["period"] in at:
            found[row["actor"]][at[row["period"]]] += row["events"]
    if not at:
        return np.zeros(0)
    world = np.maximum(found[""] - own, 0) + PSEUDO
    world /= world.mean()
    total = world.copy()
    for code in pair:
        others = np.maximum(found[code] - own, 0)
        total *= ((others + PSEUDO) / (others.mean() * world + PSEUDO)) ** SHARE
    return np.asarray(total / total.mean())
