"""A second look at pairs of mentions: what the first scores of all other pairs of the block say of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from comity.record.merge.coref.reading import Floats, Telling

FEATURES: Final = ("first look", "friend", "friends alike", "rival beside", "rival elsewhere", "best of either")
FRIENDS: Final = 6
"""So many likest mentions of each are asked for what they are like."""
TINY: Final = 1e-4


def second_look(scores: Floats, found: Sequence[Telling]) -> list[Floats]:
    """One matrix a feature, mentions x mentions, from first scores (symmetric, mentions x mentions).

    ``first look`` are the log odds of the first score; ``friend`` is how surely the likest third mention is of one
    event with both; ``friends alike`` the cosine of what two mentions are like; ``rival beside`` how much liker
    another mention of the other's document is, ``rival elsewhere`` one of any document.
    """
    given = np.array(scores, np.float32)
    np.fill_diagonal(given, 0.0)
    clear = np.clip(given, TINY, 1 - TINY)
    friend = friends(given)
    filled = given + np.eye(len(given), dtype=np.float32)
    filled /= np.linalg.norm(filled, axis=1, keepdims=True)
    best = given.max(axis=1, initial=0.0)
    beside = rivals(given, [m.doc for m in found])
    elsewhere = np.maximum.outer(best, best) - given
    return [
        np.log(clear / (1 - clear)), friend, filled @ filled.T, np.maximum(beside, beside.T) - given, elsewhere,
        np.minimum.outer(best, best),
    ]  # fmt: skip


def friends(given: Floats) -> Floats:
    """For each two mentions the best third: the lesser of its scores with both, among the likest of either."""
    size = len(given)
    found = np.zeros_like(given)
    for at in range(size):
        likest = np.argsort(-given[at])[:FRIENDS]
        through = np.minimum(given[at, likest][:, None], given[likest])
        found[at] = through.max(axis=0, initial=0.0)
    found = np.maximum(found, found.T)
    np.fill_diagonal(found, 0.0)
    return found


def rivals(given: Floats, docs: Sequence[int]) -> Floats:
    """The best score of each mention (row) with the document of each other (column), that other itself left out."""
    found = np.zeros_like(given)
    home = np.array(docs)
    for doc in set(docs):
        inside = np.flatnonzero(home == doc)
        if len(inside) < 2:
            continue
        part = given[:, inside]
        order = np.argsort(-part, axis=1)
        top = np.take_along_axis(part, order[:, :1], axis=1)
        other = np.take_along_axis(part, order[:, 1:2], axis=1)
        found[:, inside] = np.where(order[:, :1] == np.arange(len(inside))[None, :], other, top)
    return found
