"""Blocs of actors that stand better with one another than with others: the Leiden algorithm on signed weights.

Quality is signed modularity (Gomez, Jensen & Arenas 2009, Physical Review E 80): with positive weights P, negative
weights N (both >= 0, symmetric), their sums of rows p, n and of all 2p, 2n, two actors in one bloc count

    B_ij = (P_ij - g p_i p_j / 2p - N_ij + g n_i n_j / 2n) / (2p + 2n)

The partition is sought by the Leiden algorithm (Traag, Waltman & van Eck 2019, Scientific Reports 9): actors move
while that improves the whole, each bloc is refined from single actors, the refined parts become the actors of the next
round.  Networks of states are small and B is dense, so that plain arrays do; the order of moves is drawn from a fixed
seed, the best of `RUNS` runs is kept, so that the same network gives the same blocs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
RUNS = 5
SEED = 7
ROUNDS = 20
"""Rounds at most."""
SMALL = 1e-12


def quality_matrix(positive: Array, negative: Array, resolution: float = 1.0) -> Array:
    """B of the module, shape (n, n), without its diagonal: an actor is always in its own bloc."""
    both = np.zeros_like(positive)
    for sign, weights in ((1.0, positive), (-1.0, negative)):
        rows = weights.sum(axis=1)
        if rows.sum() > 0:
            both += sign * (weights - resolution * np.outer(rows, rows) / rows.sum())
    total = positive.sum() + negative.sum()
    return np.asarray(both / total) if total > 0 else both


def quality(matrix: Array, labels: Labels) -> float:
    """The sum of B over all pairs in one bloc."""
    return float(matrix[labels[:, None] == labels[None, :]].sum())


def blocs(positive: Array, negative: Array, resolution: float = 1.0) -> Labels:
    """The bloc of each actor, numbered from the largest, shape (n,)."""
    matrix = quality_matrix(positive, negative, resolution)
    random = np.random.default_rng(SEED)
    found = [leiden(matrix, random) for _ in range(RUNS)]
    best = max(found, key=lambda labels: quality(matrix, labels))
    sizes = np.bincount(best)
    firsts = [int(np.flatnonzero(best == c)[0]) if sizes[c] else 0 for c in range(len(sizes))]
    order = sorted((c for c in range(len(sizes)) if sizes[c]), key=lambda c: (-sizes[c], firsts[c]))
    number = {c: n for n, c in enumerate(order)}
    return np.array([number[int(c)] for c in best], dtype=np.int64)


def leiden(matrix: Array, random: np.random.Generator) -> Labels:
    """One run: the bloc of each actor."""
    whole = np.arange(len(matrix), dtype=np.int64)  # which part of this round each actor belongs to
    part, labels = matrix, np.arange(len(matrix), dtype=np.int64)
    for _ in range(ROUNDS):
        labels = move(part, labels, random)
        if len(np.unique(labels)) == len(part):
            break
        refined = refine(part, labels, random)
        names, refined = np.unique(refined, return_inverse=True)
        if len(names) == len(part):
            break
        of_part = np.zeros(len(names), dtype=np.int64)
        of_part[refined] = labels
        whole = refined[whole]
        member = np.zeros((len(part), len(names)))
        member[np.arange(len(part)), refined] = 1
        part, labels = member.T @ part @ member, np.unique(of_part, return_inverse=True)[1].astype(np.int64)
    return np.asarray(labels[whole])


def move(matrix: Array, labels: Labels, random: np.random.Generator, inside: Labels | None = None) -> Labels:
    """Move one after another to the bloc that gains most, until none gains; ``inside`` forbids to leave a bloc."""
    number = len(matrix)
    labels = labels.copy()
    waiting = list(random.permutation(number))
    queued = np.ones(number, dtype=bool)
    while waiting:
        n = int(waiting.pop(0))
        queued[n] = False
        row = matrix[n].copy()
        row[n] = 0.0
        gains = np.bincount(labels, weights=row, minlength=number)
        if inside is not None:
            allowed = np.zeros(len(gains), dtype=bool)
            allowed[labels[inside == inside[n]]] = True
            gains = np.where(allowed, gains, -np.inf)
        target = int(gains.argmax())
        stays = float(gains[labels[n]])
        if max(stays, 0.0) + SMALL >= gains[target]:
            empty = np.flatnonzero(np.bincount(labels, minlength=number) == 0)
            if stays >= -SMALL or not len(empty):
                continue
            target = int(empty[0])  # better alone
        labels[n] = target
        for other in np.flatnonzero((row > 0) & (labels != target) & ~queued):
            queued[other] = True
            waiting.append(int(other))
    return labels


def refine(matrix: Array, labels: Labels, random: np.random.Generator) -> Labels:
    """Each bloc put together anew from single actors: only who gains by it joins, so that no bloc is held together
    by an actor that has left."""
    return move(matrix, np.arange(len(matrix), dtype=np.int64), random, inside=labels)
