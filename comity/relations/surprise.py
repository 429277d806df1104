"""How badly the past foretold a period: the scan that finds and ranks key moments.

One channel of one pair has counts y_t (effective events) at exposure e_t.  What is expected of period t comes from the
periods before it, older ones fading (the Poisson-gamma model with a discount: Harvey & Fernandes 1989, JBES 7; West &
Harrison 1997, ch. 10), with one period of the pair's own average behind the beginning:

    S_t = d S_(t-1) + y_(t-1) + (1 - d) s0        R_t = d R_(t-1) + e_(t-1) + (1 - d)        S_1 = s0,  R_1 = 1

s0 is the mean rate, d is `FADING`; S/R is the rate foretold, in events a period at exposure 1.  Whether the rate of
period t differs from it is a comparison of two Poisson counts, y in e and S in R, with the pooled rate r:

    l = (y log(y / e r) + S log(S / R r)) / phi        phi = 1 + alpha r e

phi is the overdispersion of a negative binomial; alpha comes robustly from the median squared difference of
neighbouring periods (`roughness`), so that neither bursts nor steps swell it.  l becomes a Bayes factor against a
change of log rate ~ Normal(0, tau^2) by the approximation of Wakefield (2009, Genetic Epidemiology 33):

    v = phi (1 / (y + 1/2) + 1 / (S + 1/2))       log BF = log(v / (v + tau^2)) / 2 + l tau^2 / (v + tau^2)

The same is asked of the windows of `SPANS` periods that begin at t, for a change that stays and is too small to show in
one period: two months tell that a busy channel fell, half a year that a rare one fell silent.  There
phi = 1 + alpha r e n^(k - 1) with y, e summed over the n periods: with k = 0 noise would be independent from period to
period, with k = 1 as slow as the window.  The Bayes factors of the windows that fit are averaged (each as likely
beforehand), and with the hazard h the probability of a change is h BF / (1 - h + h BF).  A burst and a lasting shift
look alike in their first period and count alike; a shift stops to surprise as the past takes it in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.model import Record

Array = NDArray[np.float64]
FADING = 0.95
"""Discount d of the past by period: its weight is halved in 13.5 periods."""
TAU = 1.25
"""Standard deviation of the change of a log rate, where there is one."""
SPANS = {"week": (8, 26), "month": (4, 12), "year": (2,)}
"""Periods of the longer windows."""
SLOW = 0.75
"""How slow noise is, k.  Over all pairs of the ICEWS events the differences of neighbouring blocks of one, two and four
periods have variances as 1 : 4 : 15, which is k = 1; a little less lets lasting falls be found."""
ALPHAS = (0.05, 0.5)
"""Least and greatest dispersion."""
FEW = 4
"""Differences of neighbours that make an estimate of dispersion; with fewer it is `MIDDLE`."""
MIDDLE = 0.1


class Surprise(Record, frozen=True):
    """The scan of one or many series, arrays of shape (..., T), or (..., 1) for ``alpha``.

    ``expected`` and ``seen`` are rates (events a period at exposure 1) foretold and observed, of the window that tells
    the change more surely (``span`` periods, one where that is the period itself); ``change`` is the log of seen by
    expected count, both with half an event more, ``error`` its standard deviation.  ``log_bayes`` is the log Bayes
    factor of a change, ``probability`` that of a change, ``now`` the same from the period itself and its past alone.
    At the first period nothing is foretold: probability 0.
    """

    expected: Any
    seen: Any
    span: Any
    change: Any
    error: Any
    log_bayes: Any
    probability: Any
    now: Any
    alpha: Any


class Compared(Record, frozen=True):
    """Windows of one length against their past, shape (..., windows)."""

    seen: Any
    change: Any
    error: Any
    log_bayes: Any


def surprise(
    counts: Array, exposure: Array, hazard: float, spans: Sequence[int] = (), alpha: float | Array | None = None,
    fading: float = FADING,
) -> Surprise:  # fmt: skip
    """The scan of counts (..., T) at exposures of the same shape; ``spans`` are the longer windows."""
    y, e = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    past, news = foretold(y, e, fading)
    dispersion = roughness(y, e)[..., None] if alpha is None else np.asarray(alpha, dtype=float)
    one = compared(y, e, past, news, dispersion)
    seen, change, error, total, best = (
        x.copy() for x in (one.seen, one.change, one.error, one.log_bayes, one.log_bayes)
    )
    told, number = np.ones(y.shape, dtype=int), np.ones(y.shape[-1:])
    for span in (n for n in spans if 1 < n < y.shape[-1]):
        whole = y.shape[-1] - span + 1
        sums = [np.lib.stride_tricks.sliding_window_view(x, span, axis=-1).sum(axis=-1) for x in (y, e)]
        slow = dispersion * span ** (SLOW - 1)
        long = compared(sums[0], sums[1], past[..., :whole], news[..., :whole], slow)
        surer = long.log_bayes > best[..., :whole]
        for at, more in ((seen, long.seen), (change, long.change), (error, long.error), (best, long.log_bayes)):
            at[..., :whole] = np.where(surer, more, at[..., :whole])
        told[..., :whole] = np.where(surer, span, told[..., :whole])
        total[..., :whole] = np.logaddexp(total[..., :whole], long.log_bayes)
        number[:whole] += 1
    total = total - np.log(number)
    return Surprise(
        expected=past / news, seen=seen, span=told, change=change, error=error, log_bayes=total,
        probability=posterior(total, hazard), now=posterior(one.log_bayes, hazard), alpha=dispersion,
    )  # fmt: skip


def compared(y: Array, e: Array, past: Array, news: Array, alpha: Array) -> Compared:
    """Counts y at exposure e against what the past foretells: see the module."""
    pooled = (past + y) / (news + e)
    phi = 1 + alpha * pooled * e
    gain = np.maximum(xlogx(y, e * pooled) + xlogx(past, news * pooled), 0) / phi
    variance = phi * (1 / (y + 0.5) + 1 / (past + 0.5))
    log_bayes = 0.5 * np.log(variance / (variance + TAU**2)) + gain * TAU**2 / (variance + TAU**2)
    return Compared(
        seen=y / np.maximum(e, 1e-9), change=np.where(e > 0, np.log((y + 0.5) / (e * past / news + 0.5)), 0.0),
        error=np.sqrt(variance), log_bayes=np.where(e > 0, log_bayes, 0.0),
    )  # fmt: skip


def posterior(log_bayes: Array, hazard: float) -> Array:
    """Probability of a change, 0 at the first period."""
    found = 1 / (1 + (1 - hazard) / hazard * np.exp(-log_bayes))
    found[..., :1] = 0.0
    return np.asarray(found)


def foretold(counts: Array, exposure: Array, fading: float = FADING) -> tuple[Array, Array]:
    """S and R of each period, from the periods before it, shape (..., T)."""
    total = np.maximum(exposure.sum(axis=-1), 1e-9)
    own = counts.sum(axis=-1) / total
    past, news = np.empty_like(counts), np.empty_like(counts)
    s, r = own.copy(), np.ones_like(own)
    for t in range(counts.shape[-1]):
        past[..., t], news[..., t] = s, r
        s = fading * s + counts[..., t] + (1 - fading) * own
        r = fading * r + exposure[..., t] + (1 - fading)
    return past, news


def roughness(counts: Array, exposure: Array) -> Array:
    """Dispersion alpha by series, shape (...): median squared difference of neighbours beyond what chance gives.

    Differences of the rates of neighbours have variance m (1/e_1 + 1/e_2) + 2 alpha m^2, m their common rate; the
    median of a chi-squared variable with one degree of freedom is 0.455.
    """
    e = np.maximum(exposure, 1e-9)
    one, two, e1, e2 = counts[..., :-1], counts[..., 1:], e[..., :-1], e[..., 1:]
    m = (one + two) / (e1 + e2)
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = ((one / e1 - two / e2) ** 2 - m * (1 / e1 + 1 / e2)) / (2 * m**2)
    beyond = np.where((m > 0) & (exposure[..., :-1] > 0) & (exposure[..., 1:] > 0), beyond, np.nan)
    number = np.isfinite(beyond).sum(axis=-1)
    filled = np.where((number >= FEW)[..., None], beyond, MIDDLE * 0.455)
    if not filled.shape[-1]:
        return np.full(counts.shape[:-1], MIDDLE)
    return np.asarray(np.clip(np.nanmedian(filled, axis=-1) / 0.455, *ALPHAS))


def xlogx(count: Array, mean: Array) -> Array:
    """count log(count / mean), 0 where the count is 0."""
    return np.asarray(np.where(count > 0, count * np.log(np.maximum(count, 1e-300) / np.maximum(mean, 1e-300)), 0.0))
