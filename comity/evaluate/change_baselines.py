"""Baselines for key moments: PELT, CUSUM and Bayesian online detection on one net series, in plain numpy.

Each takes a series of shape (T,) and gives a score of a change at each period (0 at the first; none is 0), and the
change of the mean there, whose sign is the direction.  None of them knows counts, exposure or channels.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Detector = Callable[[Array], tuple[Array, Array]]
HAZARD = 1 / 26


def standard(values: Array) -> Array:
    """The series over its noise: the median absolute difference of neighbours, scaled to a standard deviation."""
    noise = float(np.median(np.abs(np.diff(values)))) / (0.6745 * np.sqrt(2)) if len(values) > 1 else 1.0
    return np.asarray((values - np.median(values)) / (noise or float(values.std()) or 1.0))


def pelt(values: Array) -> tuple[Array, Array]:
    """Killick, Fearnhead & Eckley (2012): least squares with penalty 2 log T; a change scores by the cost it saves."""
    x = standard(values)
    n, penalty = len(x), 2 * np.log(max(len(x), 2))
    one, two = np.concatenate([[0], np.cumsum(x)]), np.concatenate([[0], np.cumsum(x * x)])

    def cost(i: int, j: int) -> float:
        return float(two[j] - two[i] - (one[j] - one[i]) ** 2 / (j - i))

    best, back, kept = np.full(n + 1, -penalty), [0] * (n + 1), [0]
    for j in range(1, n + 1):
        totals = [best[i] + cost(i, j) + penalty for i in kept]
        best[j], back[j] = min(totals), kept[int(np.argmin(totals))]
        kept = [i for i, t in zip(kept, totals, strict=True) if t - penalty <= best[j]] + [j]
    cuts, at = [n], n
    while at > 0:
        at = back[at]
        cuts.append(at)
    cuts.sort()
    score, change = np.zeros(n), np.zeros(n)
    for i, m, j in zip(cuts, cuts[1:], cuts[2:], strict=False):
        score[m] = cost(i, j) - cost(i, m) - cost(m, j)
        change[m] = x[m:j].mean() - x[i:m].mean()
    return score, change


def cusum(values: Array, slack: float = 0.5, alarm: float = 4.0) -> tuple[Array, Array]:
    """Page (1954), two-sided, on standardised values; begins anew after each alarm and dates it to the rise's start.

    A change scores by the height of the sum when it is over.
    """
    x = standard(values)
    score, change = np.zeros(len(x)), np.zeros(len(x))
    centre, seen = x[0], 1
    up = down = 0.0
    up_from = down_from = 0
    for t in range(1, len(x)):
        up, up_from = (up + x[t] - centre - slack, up_from) if up > 0 else (max(0.0, x[t] - centre - slack), t)
        below = centre - x[t] - slack
        down, down_from = (down + below, down_from) if down > 0 else (max(0.0, below), t)
        if max(up, down) > alarm:
            at, sign = (up_from, 1.0) if up >= down else (down_from, -1.0)
            score[at] = max(score[at], up, down)
            change[at] = sign
            centre, seen, up, down = x[t], 1, 0.0, 0.0
        else:
            centre, seen = (centre * seen + x[t]) / (seen + 1), seen + 1
    return score, change


def bocpd(values: Array, hazard: float = HAZARD) -> tuple[Array, Array]:
    """Adams & MacKay (2007): Gaussian with unknown mean and variance (normal-gamma), constant hazard.

    The change at t scores by the probability of a run that began at t, as it is one period later.
    """
    x = standard(values)
    n = len(x)
    weight, mean = np.ones(1), np.array([x[0]])
    kappa, a, b = np.ones(1), np.ones(1), np.ones(1)
    score, change = np.zeros(n), np.zeros(n)
    for t in range(n):
        scale = b * (kappa + 1) / (a * kappa)
        density = student(x[t], mean, scale, 2 * a)
        grown = weight * density * (1 - hazard)
        weight = np.concatenate([[(weight * density * hazard).sum()], grown])
        weight /= weight.sum()
        fresh_b = b + kappa * (x[t] - mean) ** 2 / (2 * (kappa + 1))
        fresh_mean = (kappa * mean + x[t]) / (kappa + 1)
        mean, kappa = np.concatenate([[0.0], fresh_mean]), np.concatenate([[1.0], kappa + 1])
        a, b = np.concatenate([[1.0], a + 0.5]), np.concatenate([[1.0], fresh_b])
        if t >= 1 and len(weight) > 2:
            score[t] = weight[1]
            change[t] = x[t : t + 2].mean() - x[max(0, t - 8) : t].mean()
    score[1:-1] = np.maximum(score[1:-1], 0)
    return score, change


def student(x: float, mean: Array, scale: Array, freedom: Array) -> Array:
    """Density of Student's t up to a factor that depends on the degrees of freedom only, which is included too."""
    from math import lgamma

    norm = np.array([lgamma((f + 1) / 2) - lgamma(f / 2) for f in freedom])
    z = (x - mean) ** 2 / scale
    return np.asarray(np.exp(norm - 0.5 * np.log(np.pi * freedom * scale) - (freedom + 1) / 2 * np.log1p(z / freedom)))


def difference(values: Array) -> tuple[Array, Array]:
    """The z-score of each step of the series."""
    x = standard(values)
    step = np.diff(x, prepend=x[:1])
    return np.abs(step), step


DETECTORS: dict[str, Detector] = {"pelt": pelt, "cusum": cusum, "bocpd": bocpd, "z-score of steps": difference}
