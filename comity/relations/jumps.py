"""Levels that stay and jump: the model under every line and every key moment.

Counts y_t of one channel of one pair, t = 1..T periods, with known exposure E_t (how much news there was, 1 on
average).  The rate r_t (effective events a period at exposure 1) keeps its value from one period to the next with
probability 1 - h and is drawn anew from a prior with probability h (the hazard):

    y_t | r_t  ~  negative binomial, mean E_t r_t, variance E_t r_t + alpha (E_t r_t)^2
    r_t = r_(t-1) with 1 - h, else log r_t ~ Normal(m, 1.25^2)

In a burst, as likely beforehand as a jump, y_t has a rate of its own from the same prior, for that one period, and
the level goes on below it (additive outlier beside level shift: Chen & Liu 1993, JASA 88).  Without it a summit of one
week would be taken for noise, or two jumps.

The rate lives on a grid in log r, so that all posteriors are sums, without sampling: forward and backward passes
cost T times the grid.  This is the product-partition model of Barry & Hartigan (1993) in the exact form of Fearnhead
(2006, Statistics and Computing 16), with the negative binomial of Hilbe (2011) as likelihood; counts that are weighted
sums are scaled to the same mean-variance relation first (quasi-likelihood, McCullagh & Nelder 1989, ch. 9).
The prior over jumps corrects for the search: the probability of a jump at one period takes into account that it
could have been at any other.
"""

from __future__ import annotations

from math import lgamma, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.model import Record

Array = NDArray[np.float64]

GRID = 121
"""Points of the grid in log rate."""
SPREAD = 1.25
"""Standard deviation of log rates around the mean of the pair, before any data."""
ALPHAS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28)
"""Dispersions that are tried; the best is weighted by a log-normal prior around `ALPHA` (a factor e either way)."""
ALPHA = 0.12
HAZARD = {"week": 1 / 26, "month": 1 / 18, "year": 1 / 6}
"""Probability of a jump of one channel in one period, before any data."""


class Jumps(Record, frozen=True):
    """Posterior of one channel.  Rates are effective events a period at exposure 1.

    ``state`` (T, G) are posterior weights over ``grid`` (G log rates) given all periods, ``filtered`` given the periods
    so far; ``jump`` (T) is the probability that the rate was drawn anew at t (0 at the first) given all periods,
    ``jump_now`` given the periods up to t.  ``burst`` and ``burst_now`` (T) are the same for bursts, ``peak`` (T) the
    mean log rate of a burst, if it was one; ``evidence`` the log marginal likelihood.
    """

    grid: Any
    state: Any
    filtered: Any
    jump: Any
    jump_now: Any
    burst: Any
    burst_now: Any
    peak: Any
    alpha: float
    hazard: float
    evidence: float

    def mean(self) -> Array:
        """Posterior mean of log r, shape (T,)."""
        return np.asarray(self.state @ self.grid)

    def spread(self) -> Array:
        """Posterior standard deviation of log r, shape (T,)."""
        return np.asarray(np.sqrt(np.maximum(self.state @ self.grid**2 - self.mean() ** 2, 1e-9)))

    def quantile(self, q: float) -> Array:
        """Posterior quantile of r, shape (T,)."""
        above = np.cumsum(self.state, axis=1) >= q - 1e-12
        return np.asarray(np.exp(self.grid[np.argmax(above, axis=1)]))

    def rate(self) -> Array:
        """Posterior mean of r, shape (T,)."""
        return np.asarray(self.state @ np.exp(self.grid))


def log_likelihood(counts: Array, exposure: Array, grid: Array, alpha: float) -> Array:
    """Negative-binomial log likelihood of each count at each log rate, shape (T, G), without what rates leave alone.

    Periods without exposure (no news at all) say nothing: their rows are zero.
    """
    mean = exposure[:, None] * np.exp(grid)[None, :]
    y = counts[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(y > 0, y * np.log(mean / (1 + alpha * mean)), 0.0) - np.log1p(alpha * mean) / alpha
    return np.asarray(np.where(exposure[:, None] > 0, found, 0.0))


def mixed(table: Array, prior: Array, chance: float) -> tuple[Array, Array]:
    """Log likelihoods when each period is a burst with this chance, and the share of a burst in each, both (T, G)."""
    joint = np.log(prior) + table
    top = joint.max(axis=1, keepdims=True)
    burst = np.log(chance) + top + np.log(np.exp(joint - top).sum(axis=1, keepdims=True))
    both = np.logaddexp(np.log1p(-chance) + table, burst)
    return both, np.exp(burst - both)


def constant(counts: Array, alpha: float) -> float:
    """What `log_likelihood` leaves out and depends on alpha: log Gamma(y + 1/a) - log Gamma(1/a) + y log a, summed."""
    return float(sum(lgamma(y + 1 / alpha) - lgamma(1 / alpha) + y * log(alpha) for y in counts if y > 0))


def make_grid(counts: Array, exposure: Array) -> tuple[Array, Array]:
    """The grid of log rates and the prior over it: normal around the mean rate of the series."""
    news = max(float(exposure.sum()), 1e-9)
    middle = np.log((counts.sum() + 0.5) / news)
    low = min(middle - 2.5 * SPREAD, np.log(0.3 / news))
    shown = (counts + 1)[exposure > 0] / exposure[exposure > 0] if (exposure > 0).any() else np.ones(1)
    high = max(middle + 2.5 * SPREAD, float(np.log(shown.max())) + 0.5)
    grid = np.linspace(max(low, middle - 8), min(high, middle + 8), GRID)
    prior = np.exp(-0.5 * ((grid - middle) / SPREAD) ** 2)
    return grid, prior / prior.sum()


def forward(table: Array, prior: Array, hazard: float) -> tuple[Array, Array, float]:
    """Filtered weights (T, G), probability of a jump at t given periods up to t (T), log evidence."""
    periods = len(table)
    filtered, jump = np.empty_like(table), np.zeros(periods)
    evidence, before = 0.0, prior
    for t in range(periods):
        top = table[t].max()
        seen = np.exp(table[t] - top)
        stays, anew = ((1 - hazard) * before, hazard * prior) if t else (before, 0 * prior)
        joint = (stays + anew) * seen
        total = joint.sum()
        jump[t] = (anew * seen).sum() / total
        before = filtered[t] = joint / total
        evidence += top + np.log(total)
    return filtered, jump, float(evidence)


def backward(table: Array, prior: Array, hazard: float) -> Array:
    """Weights of the future given the rate now, each row scaled to a largest value of 1, shape (T, G)."""
    later = np.ones_like(table)
    for t in range(len(table) - 2, -1, -1):
        ahead = np.exp(table[t + 1] - table[t + 1].max()) * later[t + 1]
        row = (1 - hazard) * ahead + hazard * (prior @ ahead)
        later[t] = row / row.max()
    return later


def dispersion(counts: Array, exposure: Array, grid: Array, prior: Array, hazard: float) -> float:
    """The dispersion alpha (empirical Bayes): largest marginal likelihood over jumps and rates, times its prior."""
    tables = np.array([mixed(log_likelihood(counts, exposure, grid, a), prior, hazard)[0] for a in ALPHAS])
    scores = [
        found + constant(counts, alpha) - 0.5 * float(np.log(alpha / ALPHA)) ** 2
        for alpha, found in zip(ALPHAS, evidences(tables, prior, hazard), strict=True)
    ]
    return ALPHAS[int(np.argmax(scores))]


def evidences(tables: Array, prior: Array, hazard: float) -> Array:
    """The log evidence of `forward` for several tables at once, shape (tables, T, G) to (tables,)."""
    tops = tables.max(axis=2)
    seen = np.exp(tables - tops[:, :, None])
    found, before = tops.sum(axis=1), np.broadcast_to(prior, (len(tables), len(prior)))
    for t in range(tables.shape[1]):
        joint = (((1 - hazard) * before + hazard * prior) if t else before) * seen[:, t]
        total = joint.sum(axis=1, keepdims=True)
        before = joint / total
        found = found + np.log(total[:, 0])
    return np.asarray(found)


def fit(counts: Array, exposure: Array, hazard: float, alpha: float | None = None) -> Jumps:
    """Posterior of one channel from effective counts (T,) and exposure (T,), both non-negative."""
    grid, prior = make_grid(counts, exposure)
    alpha = alpha or dispersion(counts, exposure, grid, prior, hazard)
    plain = log_likelihood(counts, exposure, grid, alpha)
    table, share = mixed(plain, prior, hazard)
    own = np.exp(plain - plain.max(axis=1, keepdims=True)) * prior
    filtered, now, evidence = forward(table, prior, hazard)
    later = backward(table, prior, hazard)
    state = filtered * later
    state /= state.sum(axis=1, keepdims=True)
    jump = np.zeros(len(counts))
    for t in range(1, len(counts)):
        ahead = np.exp(table[t] - table[t].max()) * later[t]
        anew = hazard * (prior @ ahead)
        jump[t] = anew / (anew + (1 - hazard) * (filtered[t - 1] @ ahead))
    return Jumps(
        grid=grid, state=state, filtered=filtered, jump=jump, jump_now=now,
        burst=(state * share).sum(axis=1), burst_now=(filtered * share).sum(axis=1),
        peak=(own @ grid) / own.sum(axis=1),
        alpha=alpha, hazard=hazard, evidence=evidence,
    )  # fmt: skip
