"""Series of one pair: weighted counts of two channels and the exposure that they are seen through."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from comity.errors import BadSeries
from comity.model import Record
from comity.relations.cube import By, Cube, following, periods
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
    counts = cube.counts.filter(chosen(cube.counts, low, high))
    days, told = counts["period"], cube.volumes["period"]
    if not counts.num_rows and not (since and until):
        return make(low, high, cube.by, (), counts, cube.volumes)
    first = since or pc.min(days).as_py() or until or date.max
    last = until or pc.max(told).as_py() or first
    return make(low, high, cube.by, tuple(periods(first, max(first, last), cube.by)), counts, cube.volumes)


def chosen(counts: pa.Table, low: str, high: str) -> pa.ChunkedArray:
    """Which rows of a cube are of a pair and occurred."""
    wanted = (("a", low), ("b", high), ("status", "occurred"))
    return functools.reduce(pc.and_, (pc.equal(counts[column], value) for column, value in wanted))


def numbered(column: pa.ChunkedArray, by: By, starts: Sequence[date]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The number of the period in which each day of a column lies, and whether it lies in one."""
    edges = np.array([*starts, following(starts[-1], by)], dtype="datetime64[D]")
    days = column.to_numpy().astype("datetime64[D]")
    number = np.searchsorted(edges, days, side="right") - 1
    return number, (number >= 0) & (number < len(starts))


def make(low: str, high: str, by: By, starts: tuple[date, ...], counts: pa.Table, volumes: pa.Table) -> Series:
    """A series from the rows of a cube that belong to the pair and occurred, and volumes."""
    size = (len(CHANNELS), len(starts))
    sums = {name: np.zeros(size) for name in ("events", "weight", "weight2", "documents", "imported")}
    if starts:
        number, inside = numbered(counts["period"], by, starts)
        cells = pc.equal(counts["channel"], CHANNELS[1]).to_numpy().astype(np.int64) * len(starts) + number
        for name, found in sums.items():
            values = counts[name].to_numpy()[inside]
            found += np.bincount(cells[inside], values, size[0] * size[1]).reshape(size)
    both = zip(sums["weight"], sums["weight2"], strict=True)
    scales = [(w2.sum() / w.sum()) if w.sum() > 0 else 1.0 for w, w2 in both]
    return Series(
        a=low, b=high, by=by, starts=starts,
        events={c: sums["events"][n] for n, c in enumerate(CHANNELS)},
        weighted={c: sums["weight"][n] for n, c in enumerate(CHANNELS)},
        scale={c: float(scales[n]) for n, c in enumerate(CHANNELS)},
        exposure=exposure(by, starts, (low, high), volumes, sums["events"].sum(axis=0)),
        documents=sums["documents"].sum(axis=0), imported=sums["imported"].sum(axis=0),
    )  # fmt: skip


def exposure(by: By, starts: Sequence[date], pair: tuple[str, str], volumes: pa.Table, own: Array) -> Array:
    """How much news there was in each period for this pair, 1 on average, shape (T,).

    World volume W and the volume A of each actor leave out the pair's own events, or a crisis would hide itself.
    With k = `PSEUDO`:  world w = (W + k) / mean(W + k);  each actor's volume beyond the world's is
    (A + k) / (mean(A) w + k), a gamma-Poisson shrinkage (Clayton & Kaldor 1987), taken to the power `SHARE`.
    """
    if not starts:
        return np.zeros(0)
    number, inside = numbered(volumes["period"], by, starts)
    events = volumes["events"].to_numpy()

    def volume(actor: str) -> Array:
        rows = inside & pc.equal(volumes["actor"], actor).to_numpy()
        return np.asarray(np.bincount(number[rows], events[rows], len(starts)), dtype=float)

    world = np.maximum(volume("") - own, 0) + PSEUDO
    world /= world.mean()
    total = world.copy()
    for code in pair:
        others = np.maximum(volume(code) - own, 0)
        total *= ((others + PSEUDO) / (others.mean() * world + PSEUDO)) ** SHARE
    return np.asarray(total / total.mean())
