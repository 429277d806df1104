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


def log_likelihood(counts: Array, exposure: Array, grid: Array, alpha: float | Array) -> Array:
    """Negative-binomial log likelihood of each count at each log rate, without what rates leave alone.

    ``counts`` and ``exposure`` have shape (..., T), ``grid`` (..., G), ``alpha`` (...); the answer is (..., T, G).
    Periods without exposure (no news at all) say nothing: their rows are zero.
    """
    rough = np.asarray(alpha, dtype=float)[..., None, None]
    y, news = counts[..., None], np.maximum(exposure, 1e-300)[..., None]
    rates = grid[..., None, :]
    found = y * (np.log(news) + rates) - (y + 1 / rough) * np.log1p(rough * (news * np.exp(rates)))
    return np.asarray(np.where(exposure[..., None] > 0, found, 0.0))


def mixed(table: Array, prior: Array, chance: float) -> tuple[Array, Array, Array]:
    """Likelihoods when each period is a burst with this chance, as shares of the greatest of their period; the share of
    a burst in each, both (..., T, G); and the logs of the greatest, (..., T)."""
    tops = table.max(axis=-1)
    plain = np.exp(table - tops[..., None])
    burst = chance * (plain @ prior[..., None])
    both = (1 - chance) * plain + burst
    return both, burst / both, tops


def log_gamma(x: Array) -> Array:
    """The log of the gamma function of positive numbers: Stirling's series, after seven steps of its recursion
    (Abramowitz & Stegun 1964, 6.1.15 and 6.1.41)."""
    z = x + 7
    steps = np.log(x * (x + 1) * (x + 2) * (x + 3)) + np.log((x + 4) * (x + 5) * (x + 6))
    series = 1 / (12 * z) - 1 / (360 * z**3) + 1 / (1260 * z**5)
    return np.asarray((z - 0.5) * np.log(z) - z + 0.5 * np.log(2 * np.pi) + series - steps)


def constant(counts: Array, alpha: float | Array) -> Array:
    """What `log_likelihood` leaves out and depends on alpha: log Gamma(y + 1/a) - log Gamma(1/a) + y log a, summed
    over periods, (..., T) to (...)."""
    rough = np.asarray(alpha, dtype=float)[..., None]
    return np.asarray((log_gamma(counts + 1 / rough) - log_gamma(1 / rough) + counts * np.log(rough)).sum(axis=-1))


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


def forward(seen: Array, prior: Array, hazard: float) -> tuple[Array, Array, Array]:
    """Filtered weights (..., T, G), probability of a jump at t given periods up to t (..., T), log evidence (...).

    ``seen`` are likelihoods (..., T, G), ``prior`` (..., G).
    """
    filtered, totals = np.empty_like(seen), np.empty(seen.shape[:-1])
    anew, before = hazard * prior, prior
    for t in range(seen.shape[-2]):
        joint = ((1 - hazard) * before + anew if t else before) * seen[..., t, :]
        totals[..., t] = total = joint.sum(axis=-1)
        before = filtered[..., t, :] = joint / total[..., None]
    jump = (seen @ anew[..., None])[..., 0] / totals
    jump[..., 0] = 0.0
    return filtered, jump, np.asarray(np.log(totals).sum(axis=-1))


def backward(seen: Array, prior: Array, hazard: float) -> Array:
    """Weights of the future given the rate now, each row scaled to a largest value of 1, shape (..., T, G)."""
    later = np.ones_like(seen)
    for t in range(seen.shape[-2] - 2, -1, -1):
        ahead = seen[..., t + 1, :] * later[..., t + 1, :]
        row = (1 - hazard) * ahead + hazard * (prior * ahead).sum(axis=-1, keepdims=True)
        later[..., t, :] = row / row.max(axis=-1, keepdims=True)
    return later


def dispersion(counts: Array, exposure: Array, grid: Array, prior: Array, hazard: float) -> Array:
    """The dispersion alpha (empirical Bayes): largest marginal likelihood over jumps and rates, times its prior.

    Shapes (..., T) and (..., G) to (...).  Every second rate of the grid does for it.
    """
    coarse = prior[..., ::2] / prior[..., ::2].sum(axis=-1, keepdims=True)
    tried = np.array(ALPHAS).reshape(-1, *(1,) * (counts.ndim - 1))
    seen, _, tops = mixed(log_likelihood(counts, exposure, grid[..., ::2], tried), coarse, hazard)
    scores = (
        evidence(seen, coarse, hazard) + tops.sum(axis=-1) + constant(counts, tried)
        - 0.5 * np.log(tried / ALPHA) ** 2
    )  # fmt: skip
    return np.asarray(np.array(ALPHAS)[scores.argmax(axis=0)])


def evidence(seen: Array, prior: Array, hazard: float) -> Array:
    """The log evidence of `forward`, without its weights, (..., T, G) to (...)."""
    ordered = np.ascontiguousarray(np.moveaxis(seen, -2, 0))
    totals = np.empty(ordered.shape[:-1])
    anew, before = hazard * prior, np.broadcast_to(prior, ordered.shape[1:])
    for t, now in enumerate(ordered):
        joint = ((1 - hazard) * before + anew if t else before) * now
        totals[t] = total = joint.sum(axis=-1)
        before = joint / total[..., None]
    return np.asarray(np.log(totals).sum(axis=0))


def fit(counts: Array, exposure: Array, hazard: float, alpha: float | None = None) -> Jumps:
    """Posterior of one channel from effective counts (T,) and exposure (T,), both non-negative."""
    return fits(counts[None], exposure[None], hazard, alpha)[0]


def fits(counts: Array, exposure: Array, hazard: float, alpha: float | None = None) -> list[Jumps]:
    """Posteriors of several channels at once, from counts and exposures of shape (N, T)."""
    made = [make_grid(y, e) for y, e in zip(counts, exposure, strict=True)]
    grid, prior = np.array([g for g, _ in made]), np.array([p for _, p in made])
    alphas = np.full(len(counts), alpha) if alpha else dispersion(counts, exposure, grid, prior, hazard)
    plain = log_likelihood(counts, exposure, grid, alphas)
    seen, share, tops = mixed(plain, prior, hazard)
    own = np.exp(plain - tops[..., None]) * prior[:, None, :]
    filtered, now, total = forward(seen, prior, hazard)
    later = backward(seen, prior, hazard)
    state = filtered * later
    state /= state.sum(axis=-1, keepdims=True)
    ahead = seen * later
    anew = hazard * (ahead @ prior[..., None])[..., 0]
    jump = np.zeros(counts.shape)
    stays = (1 - hazard) * (filtered[:, :-1] * ahead[:, 1:]).sum(axis=-1)
    jump[:, 1:] = anew[:, 1:] / (anew[:, 1:] + stays)
    peak = (own @ grid[..., None])[..., 0] / own.sum(axis=-1)
    burst, burst_now = (state * share).sum(axis=-1), (filtered * share).sum(axis=-1)
    return [
        Jumps(
            grid=grid[n], state=state[n], filtered=filtered[n], jump=jump[n], jump_now=now[n], burst=burst[n],
            burst_now=burst_now[n], peak=peak[n], alpha=float(alphas[n]), hazard=hazard,
            evidence=float(total[n] + tops[n].sum()),
        )
        for n in range(len(counts))
    ]  # fmt: skip
