"""The level of each channel with its uncertainty, the net score, and who acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.model import Record
from comity.relations.cube import Cube
from comity.relations.jumps import HAZARD, Jumps, fits
from comity.relations.series import Series
from comity.relations.weights import CHANNELS

Array = NDArray[np.float64]
NORMAL = 1.6449
"""Half the width of a band of 90 per cent, in standard deviations."""


class Line(Record, frozen=True):
    """The level of one channel: weight units a period, as they would be at the average volume of news; shape (T,).

    ``level`` is the posterior mean, ``low`` and ``high`` are the 5 and 95 per cent points, ``observed`` the weighted
    sum as it was, ``scale`` the weight of one effective event, ``model`` the posterior behind it (None: no periods).
    """

    channel: str
    level: Any
    low: Any
    high: Any
    observed: Any
    scale: float
    model: Jumps | None


class Net(Record, frozen=True):
    """(C - F) / (C + F) of the levels C of cooperation and F of conflict, -1 to 1, with a band of 90 per cent.

    It does not move when both channels grow alike, as they do when a pair only gets more attention.  It takes the
    place of net sums of scores (Goldstein 1992, Journal of Conflict Resolution 36), which grow with attention.
    """

    value: Any
    low: Any
    high: Any


class Direction(Record, frozen=True):
    """Who acts in one channel: one-sided events of each, symmetric ones, and the share of the first with 90 per cent.

    ``share`` is the mean of a Beta(events of a + 1/2, events of b + 1/2) distribution (Jeffreys'
    prior: Brown, Cai & DasGupta 2001, Statistical Science 16).
    """

    a: int
    b: int
    both: int
    share: float
    low: float
    high: float


def lines(found: Series) -> Mapping[str, Line]:
    """The level of both channels: `comity.relations.jumps` on effective counts, scaled back to weight units.

    A channel without any event has level 0 with a band up to what would rarely stay unseen.
    """
    if not found.starts:
        nothing = np.zeros(0)
        return {
            c: Line(channel=c, level=nothing, low=nothing, high=nothing, observed=nothing, scale=1.0, model=None)
            for c in CHANNELS
        }
    counts, news = (np.array([one(c) for c in CHANNELS]) for one in (found.effective, found.news))
    return {c: line(found, c, model) for c, model in zip(CHANNELS, fits(counts, news, HAZARD[found.by]), strict=True)}


def line(found: Series, channel: str, model: Jumps) -> Line:
    """The level of one channel from its posterior."""
    scale = found.scale[channel]
    return Line(
        channel=channel, level=scale * model.rate(), low=scale * model.quantile(0.05),
        high=scale * model.quantile(0.95), observed=found.weighted[channel],
        scale=scale, model=model,
    )  # fmt: skip


def net(both: Mapping[str, Line]) -> Net:
    """The net score, tanh of half the difference of the log levels; its band is normal in that difference."""
    up, down = (both[c] for c in CHANNELS)
    if up.model is None or down.model is None:
        return Net(value=np.zeros(0), low=np.zeros(0), high=np.zeros(0))
    ratio = logs(up) - logs(down)
    width = NORMAL * np.sqrt(up.model.spread() ** 2 + down.model.spread() ** 2)
    return Net(value=np.tanh(ratio / 2), low=np.tanh((ratio - width) / 2), high=np.tanh((ratio + width) / 2))


def logs(one: Line) -> Array:
    """Posterior mean of the log level, shape (T,)."""
    if one.model is None:
        return np.zeros(0)
    return np.asarray(one.model.mean() + np.log(one.scale))


def directions(cube: Cube, a: str, b: str) -> Mapping[str, Direction]:
    """Who acts in each channel, over all periods of the cube; ``a`` is the first of the pair as asked for."""
    low, high = sorted((a, b))
    sums = {c: {"a": 0, "b": 0, "both": 0} for c in CHANNELS}
    for row in cube.counts.to_pylist():
        if (row["a"], row["b"], row["status"]) == (low, high, "occurred"):
            sums[row["channel"]][row["direction"]] += row["events"]
    found = {}
    for channel, sides in sums.items():
        first, second = (sides["a"], sides["b"]) if a == low else (sides["b"], sides["a"])
        share, down, up = beta(first + 0.5, second + 0.5)
        found[channel] = Direction(a=first, b=second, both=sides["both"], share=share, low=down, high=up)
    return found


def beta(one: float, other: float) -> tuple[float, float, float]:
    """Mean, 5 and 95 per cent points of a Beta distribution, by sums over a grid in arcsine (steps of 1/2000)."""
    angle = (np.arange(2000) + 0.5) / 2000 * np.pi / 2
    x = np.sin(angle) ** 2
    weight = (one - 0.5) * np.log(x) + (other - 0.5) * np.log1p(-x)
    mass = np.cumsum(np.exp(weight - weight.max()))
    mass /= mass[-1]
    low, high = (float(x[np.searchsorted(mass, q)]) for q in (0.05, 0.95))
    return one / (one + other), low, high
