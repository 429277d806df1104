"""From scores to a tree and to entity tags that hold together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_NEVER: Final = -1e9


def _cycle(heads: Ints) -> Ints | None:
    """The nodes of one cycle among the heads (node 0 is the root), or None."""
    up = heads.tolist()
    seen = [0] * len(up)
    seen[0] = -1
    for start in range(1, len(up)):
        node = start
        while seen[node] == 0:
            seen[node] = start
            node = up[node]
        if seen[node] == start:
            ring = [node]
            while up[ring[-1]] != node:
                ring.append(up[ring[-1]])
            return np.array(ring)
    return None


def _arborescence(scores: Floats) -> Ints:
    """Chu-Liu/Edmonds: heads of the best tree rooted in node 0; row = dependant, column = head."""
    size = len(scores)
    np.fill_diagonal(scores, -np.inf)
    heads: Ints = scores.argmax(1)
    heads[0] = 0
    ring = _cycle(heads)
    if ring is None:
        return heads
    rest = np.setdiff1d(np.arange(size), ring)
    inner = scores[ring, heads[ring]]
    entering = scores[np.ix_(ring, rest)] - inner[:, None]
    leaving = scores[np.ix_(rest, ring)]
    small = np.full((len(rest) + 1, len(rest) + 1), -np.inf)
    small[:-1, :-1] = scores[np.ix_(rest, rest)]
    small[-1, :-1] = entering.max(0)
    small[:-1, -1] = leaving.max(1)
    inside = _arborescence(small)
    for at in range(1, len(rest)):
        head = int(inside[at])
        heads[rest[at]] = ring[leaving[at].argmax()] if head == len(rest) else rest[head]
    outside = int(inside[-1])
    heads[ring[entering[:, outside].argmax()]] = rest[outside]
    return heads


def best_tree(scores: NDArray[Any]) -> list[int]:
    """The heads of the best tree with exactly one root, -1 at the root.

    ``scores[d, 0]`` says how well word ``d`` does as root, ``scores[d, h + 1]``
    how well word ``h`` governs it.
    """
    size = len(scores)
    if size == 0:
        return []
    rows = np.nan_to_num(scores.astype(np.float64), nan=-1e6, posinf=1e6, neginf=-1e6)
    square = np.zeros((size + 1, size + 1))
    square[1:] = rows
    # A root edge costs more than all the others together, so the best tree has one.
    square[1:, 0] -= (float(rows.max() - rows.min()) + 1.0) * (size + 1)
    return [int(head) - 1 for head in _arborescence(square)[1:]]


def are_trees(heads: Ints, lengths: Ints) -> NDArray[np.bool_]:
    """Which rows of greedy heads (0 root, else word + 1) are trees with one root."""
    count, width = heads.shape
    inside = np.arange(width)[None, :] < lengths[:, None]
    up = np.zeros((count, width + 1), np.int64)
    up[:, 1:] = np.where(inside, heads, 0)
    single = ((up[:, 1:] == 0) & inside).sum(1) == 1
    for _ in range(max(1, int(width).bit_length())):
        up = np.take_along_axis(up, up, 1)
    good: NDArray[np.bool_] = single & (up == 0).all(1)
    return good


def trees(arcs: NDArray[np.float32], lengths: Sequence[int]) -> list[list[int]]:
    """Heads for a batch: greedy where that is a tree, else the best tree."""
    greedy = arcs.argmax(-1)
    good = are_trees(greedy, np.asarray(lengths, np.int64))
    return [
        (greedy[i, :size] - 1).tolist() if good[i] else best_tree(arcs[i, :size, : size + 1])
        for i, size in enumerate(lengths)
    ]


def entity_paths(scores: NDArray[Any], lengths: Sequence[int], follow: NDArray[np.bool_]) -> Ints:
    """The best allowed tag sequence of every sentence of a batch (Viterbi).

    ``follow[a, b]``: may tag ``b`` follow tag ``a``; the last row is the start.
    """
    count, width, kinds = scores.shape
    step = np.where(follow[:-1], 0.0, _NEVER)
    best = np.where(follow[-1], scores[:, 0].astype(np.float64), _NEVER)
    back = np.zeros((count, width, kinds), np.int64)
    sizes = np.asarray(lengths)
    tag = best.argmax(1)
    for at in range(1, width):
        paths = best[:, :, None] + step[None]
        back[:, at] = paths.argmax(1)
        best = paths.max(1) + scores[:, at]
        tag = np.where(sizes == at + 1, best.argmax(1), tag)
    out = np.zeros((count, width), np.int64)
    rows = np.arange(count)
    for at in range(width - 1, -1, -1):
        live = sizes > at
        out[live, at] = tag[live]
        if at:
            tag = np.where(live, back[rows, at, tag], tag)
    return out


def follow_table(tags: Sequence[str]) -> NDArray[np.bool_]:
    """Which BIO tag may follow which; the last row is the start of a sentence."""
    table = np.ones((len(tags) + 1, len(tags)), bool)
    for b, after in enumerate(tags):
        if after.startswith("I-"):
            table[:, b] = [before[2:] == after[2:] for before in [*tags, "O"]]
    return table


def mended(tags: Sequence[str]) -> tuple[str, ...]:
    """BIO tags in which every entity begins with B."""
    out: list[str] = []
    before = "O"
    for tag in tags:
        begins = tag.startswith("I-") and before[2:] != tag[2:]
        before = "B-" + tag[2:] if begins else tag
        out.append(before)
    return tuple(out)
