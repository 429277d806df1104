"""A small network that puts candidates in order: two hidden layers over what is known of each, softmax over all.

Listwise learning to rank (Cao et al. 2007, ICML, with the likelihood of the right candidates as top one); Adam (Kingma
& Ba 2015) with a falling step; plain arrays, a fixed seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.model import Record

Array = NDArray[np.floating[Any]]
HIDDEN = 48
ROUNDS = 8
BATCH = 64
STEP = 0.002
SEED = 4


class Ranker(Record, frozen=True):
    """Layers (weights and offsets), and mean and spread of what goes in."""

    layers: tuple[tuple[Array, Array], ...]
    mean: Array
    spread: Array

    def __call__(self, known: Array) -> Array:
        """The score of each candidate, (..., M, features) to (..., M)."""
        return np.asarray(outputs(self.layers, (known - self.mean) / self.spread)[-1][..., 0])


def outputs(layers: Sequence[tuple[Array, Array]], x: Array) -> list[Array]:
    """What goes into each layer, and what comes out of the last."""
    found = [x]
    for n, (weights, offset) in enumerate(layers):
        x = x @ weights + offset
        if n < len(layers) - 1:
            x = np.maximum(x, 0)
        found.append(x)
    return found


def gradients(layers: Sequence[tuple[Array, Array]], x: Array, right: Array) -> tuple[float, list[tuple[Array, Array]]]:
    """Loss (minus the mean log probability of a right candidate) and its slopes, for x (B, M, features) and how often
    each candidate is right, (B, M)."""
    into = outputs(layers, x)
    score = into[-1][..., 0]
    score = score - score.max(axis=1, keepdims=True)
    chance = np.exp(score)
    chance /= chance.sum(axis=1, keepdims=True)
    total = right.sum()
    loss = -float((right * np.log(chance + 1e-12)).sum() / total)
    slope = ((chance * right.sum(axis=1, keepdims=True) - right) / total)[..., None]
    found: list[tuple[Array, Array]] = []
    for n in range(len(layers) - 1, -1, -1):
        flat, out = into[n].reshape(-1, into[n].shape[-1]), slope.reshape(-1, slope.shape[-1])
        found.append((flat.T @ out, out.sum(axis=0)))
        if n:
            slope = (slope @ layers[n][0].T) * (into[n] > 0)
    return loss, found[::-1]


def begin(sizes: Sequence[int], random: np.random.Generator) -> list[tuple[Array, Array]]:
    """Layers at random, scaled to their inputs (He et al. 2015)."""
    return [
        (random.normal(0, np.sqrt(2 / a), (a, b)).astype(np.float32), np.zeros(b, dtype=np.float32))
        for a, b in pairwise(sizes)
    ]


def learn(known: Array, right: Array, rounds: int = ROUNDS) -> Ranker:
    """A ranker from questions: what is known of their candidates, (Q, M, features), and which are right, (Q, M)."""
    random = np.random.default_rng(SEED)
    size = known.shape[-1]
    flat = known.reshape(-1, size)
    mean, spread = flat.mean(axis=0, dtype=np.float64), flat.std(axis=0, dtype=np.float64) + 1e-3
    mean, spread = mean.astype(np.float32), spread.astype(np.float32)
    layers = begin((size, HIDDEN, HIDDEN, 1), random)
    moved = [[np.zeros_like(part) for part in layer] for layer in layers]
    squared = [[np.zeros_like(part) for part in layer] for layer in layers]
    steps, whole = 0, rounds * -(-len(known) // BATCH)
    for _ in range(rounds):
        order = random.permutation(len(known))
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            slopes = gradients(layers, (known[rows].astype(np.float32) - mean) / spread, right[rows])[1]
            steps += 1
            rate = STEP * (1 - 0.9 * steps / whole) * np.sqrt(1 - 0.999**steps) / (1 - 0.9**steps)
            for n, pair in enumerate(slopes):
                for k, slope in enumerate(pair):
                    moved[n][k] += 0.1 * (slope - moved[n][k])
                    squared[n][k] += 0.001 * (slope**2 - squared[n][k])
                    layers[n][k][...] -= rate * moved[n][k] / (np.sqrt(squared[n][k]) + 1e-8)
    return Ranker(layers=tuple(layers), mean=mean, spread=spread)
