"""Logistic weights, and clusters by mean score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from comity.errors import BadMergeModel
from comity.model import Record
from comity.record.merge.terms import DATA

FILE: Final = DATA / "coref_weights.json"

Floats = npt.NDArray[np.float32]


def floats(values: Sequence[float] | Sequence[Sequence[float]]) -> Floats:
    """Numbers of a file as an array."""
    return np.asarray(values, np.float32)


class Weights(Record, frozen=True):
    """Weights of named features, and the bias."""

    weights: Mapping[str, float]
    bias: float


class Net(Record, frozen=True):
    """A network of one hidden layer: ``hidden`` (features x units) and ``bias`` (units), rectified, ``out`` (units)."""

    hidden: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    out: tuple[float, ...]
    shift: float


class Nets(Record, frozen=True):
    """Several networks over the same named features, of which the mean is taken away and which are scaled first."""

    names: tuple[str, ...]
    middle: tuple[float, ...]
    spread: tuple[float, ...]
    nets: tuple[Net, ...]

    def standard(self, features: Floats) -> Floats:
        """Features (... x names) as the networks take them."""
        return np.asarray((features - floats(self.middle)) / floats(self.spread), np.float32)

    def chances(self, given: Floats) -> Floats:
        """The mean of what the networks say of standardised features (... x names)."""
        said = [self._chance(net, given) for net in self.nets]
        return np.asarray(np.mean(said, axis=0), np.float32)

    def _chance(self, net: Net, given: Floats) -> Floats:
        units = np.maximum(given @ floats(net.hidden) + floats(net.bias), 0)
        return sigmoid(np.asarray(units @ floats(net.out) + np.float32(net.shift), np.float32))


class CorefModel(Record, frozen=True):
    """What scores pairs of documents and pairs of mentions, and the mean score from which mentions are one event."""

    stories: Weights
    pairs: Nets
    second: Nets
    """What scores the same pairs once more, with the first scores of all pairs as further features."""
    threshold: float
    note: str = ""


@cache
def coref_model() -> CorefModel:
    """The weights of the package.  Raises `BadMergeModel` when they cannot be read."""
    try:
        return msgspec.json.decode(FILE.read_bytes(), type=CorefModel)
    except (OSError, msgspec.DecodeError) as error:
        raise BadMergeModel(f"cannot be read: {error}", about=str(FILE), fix="install the package again") from None


def checked(model: CorefModel, stories: Sequence[str], pairs: Sequence[str], second: Sequence[str]) -> CorefModel:
    """The model, when it weighs just these features; `BadMergeModel` else."""
    named = (model.pairs.names, model.second.names)
    if set(model.stories.weights) != set(stories) or named != (tuple(pairs), (*pairs, *second)):
        raise BadMergeModel("features do not agree", about=str(FILE), fix="restore the file from the package")
    return model


def sigmoid(totals: Floats) -> Floats:
    """Probabilities from log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(totals, -30, 30))), np.float32)


def average_link(scores: Floats, threshold: float) -> list[int]:
    """Clusters by mean score: the likest two are united while the mean over all their pairs reaches the threshold.

    ``scores`` is symmetric, its diagonal is not read; the answer numbers clusters by their first member.  The chain
    of nearest neighbours (Murtagh 1983) needs no heap: time grows with the square of the members, memory is one copy.
    """
    means = scores.astype(np.float32)
    np.fill_diagonal(means, -np.inf)
    counts = np.ones(len(means), np.float32)
    alive = np.ones(len(means), bool)
    merges: list[tuple[int, int]] = []
    chain: list[int] = []
    while alive.any():
        chain = chain or [int(np.argmax(alive))]
        at = chain[-1]
        best = int(np.argmax(means[at]))
        if len(chain) > 1 and means[at, chain[-2]] >= means[at, best]:
            best = chain[-2]
        if means[at, best] < threshold:  # no later union can raise its mean with another
            _drop(means, alive, at)
            chain.pop()
        elif len(chain) > 1 and best == chain[-2]:
            chain = chain[:-2]
            low, high = min(at, best), max(at, best)
            merges.append((low, high))
            row = (counts[low] * means[low] + counts[high] * means[high]) / (counts[low] + counts[high])
            counts[low] += counts[high]
            means[low, :] = means[:, low] = row
            means[low, low] = -np.inf
            _drop(means, alive, high)
        else:
            chain.append(best)
    return _numbered(len(scores), merges)


def _drop(means: Floats, alive: npt.NDArray[np.bool_], at: int) -> None:
    alive[at] = False
    means[at, :] = means[:, at] = -np.inf


def _numbered(size: int, merges: Sequence[tuple[int, int]]) -> list[int]:
    """Cluster numbers from pairs that were united, the higher into the lower."""
    home = list(range(size))
    for low, high in reversed(merges):
        home[high] = home[low]
    numbers: dict[int, int] = {}
    return [numbers.setdefault(h, len(numbers)) for h in home]
