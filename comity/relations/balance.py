"""Structural balance: whether the friend of a friend is a friend.

Triads of a signed network are balanced when the product of their signs is positive (Heider 1946; Cartwright & Harary
1956).  By traces, with P and N the symmetric 0/1 matrices of positive and negative ties::

    +++ tr(PPP) / 6      ++- tr(PPN) / 2      +-- tr(PNN) / 2      --- tr(NNN) / 6

The share that is balanced means nothing alone: it grows with the share of positive ties.  It is shown against the same
ties with their signs shuffled, which keeps who is tied to whom and how many ties are negative.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.model import Record

Array = NDArray[np.float64]
SHUFFLES = 200
SEED = 11


class Balance(Record, frozen=True):
    """Triads by signs, the share balanced, the same with shuffled signs (mean, 5 and 95 per cent), and how many
    standard deviations lie between.  All shares are None where there is no triad."""

    triads: int
    ppp: int
    ppn: int
    pnn: int
    nnn: int
    share: float | None
    expected: float | None
    low: float | None
    high: float | None
    deviation: float | None


def counts(signs: Array) -> tuple[int, int, int, int]:
    """Triads +++, ++-, +-- and ---, of a symmetric matrix of signs (1, -1, 0)."""
    p, n = (signs > 0).astype(float), (signs < 0).astype(float)
    pp, nn = p @ p, n @ n
    return (
        round(float((pp * p).sum()) / 6), round(float((pp * n).sum()) / 2), round(float((nn * p).sum()) / 2),
        round(float((nn * n).sum()) / 6),
    )  # fmt: skip


def balance(signs: Array, shuffles: int = SHUFFLES) -> Balance:
    """Balance of a symmetric matrix of signs, shape (n, n)."""
    ppp, ppn, pnn, nnn = counts(signs)
    triads = ppp + ppn + pnn + nnn
    if not triads:
        return Balance(
            triads=0, ppp=0, ppn=0, pnn=0, nnn=0, share=None, expected=None, low=None, high=None, deviation=None
        )
    share = (ppp + pnn) / triads
    random = np.random.default_rng(SEED)
    rows, columns = np.nonzero(np.triu(signs))
    values = signs[rows, columns]
    shares = np.empty(shuffles)
    for n in range(shuffles):
        shuffled = np.zeros_like(signs)
        shuffled[rows, columns] = random.permutation(values)
        one = shuffled + shuffled.T
        # balanced - unbalanced = tr(S^3) / 6
        shares[n] = 0.5 + float(((one @ one) * one).sum()) / 12 / triads
    spread = float(shares.std())
    low, high = (float(v) for v in np.quantile(shares, (0.05, 0.95)))
    return Balance(
        triads=triads, ppp=ppp, ppn=ppn, pnn=pnn, nnn=nnn, share=share, expected=float(shares.mean()), low=low,
        high=high, deviation=(share - float(shares.mean())) / spread if spread > 0 else None,
    )  # fmt: skip
