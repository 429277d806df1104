"""What the reader of pairs is told of a sentence: where its actors stand, and how the tree joins them.

A *pair* is a source and a target, each a set of mentions (ranges of words); a side without any is *unsaid*: the
story supplies it.  For every pair each piece of the sentence has a role by which the encoder's attention is steered.
Several sentences can be read in one row; then each pair is asked of one of them (`Within`), the others are what was
said before and after, and a side may be one that only they name.  Training and reading share this code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.model import Record, Token

ROLES: Final = (
    "other", "edge", "source", "target", "rival", "source_path", "target_path", "meeting",
    "source_side", "target_side", "meeting_side", "elsewhere", "source_elsewhere", "target_elsewhere",
)  # fmt: skip
"""Roles of a piece: ``meeting`` is the lowest word that governs both, a ``side`` hangs directly on a path; what is
``elsewhere`` stands in another sentence than the one that is asked about."""

_NUMBER: Final = {name: i for i, name in enumerate(ROLES)}
WordRange = tuple[int, int, int]
"""First word, last word (inclusive) and head word of a mention."""

Within = tuple[int, int]
"""First word of a sentence in the row, and the one behind its last."""

Floats = NDArray[np.float32]


class PairInputs(Record, frozen=True):
    """Inputs of one sentence: ``sources`` and ``targets`` (pairs x pieces) average the pieces of the mentions,
    ``roles`` (pairs x pieces) number the roles."""

    sources: Floats
    targets: Floats
    roles: NDArray[np.int64]


def pair_inputs(
    heads: Sequence[int],
    firsts: Sequence[int],
    pieces: int,
    actors: Sequence[Sequence[WordRange]],
    pairs: Sequence[tuple[int, int]],
    within: Sequence[Within] | None = None,
) -> PairInputs:
    """Inputs for ``pairs`` of indices into ``actors``.

    ``heads`` are the words' governors (-1 at a root), ``firsts`` the first piece of every word, ``pieces`` counts
    all pieces with the two edges, ``within`` gives the sentence that each pair is asked of (by default the whole row).
    """
    bounds = [*firsts, pieces - 1]
    chains = [_chain(heads, i) for i in range(len(heads))]
    kids: list[list[int]] = [[] for _ in heads]
    for i, head in enumerate(heads):
        if head >= 0:
            kids[head].append(i)
    shape = (len(pairs), pieces)
    sources, targets = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    roles = np.full(shape, _NUMBER["edge"], np.int64)
    lengths = np.diff(bounds)
    whole = (0, len(heads))
    for row, (source, target) in enumerate(pairs):
        sentence = within[row] if within else whole
        sides = _closest(chains, _near(actors[source], sentence), _near(actors[target], sentence))
        words = _word_roles(chains, kids, actors, (source, target), sides, sentence)
        roles[row, bounds[0] : bounds[-1]] = np.repeat(words, lengths)
        for pool, mention in zip((sources, targets), sides, strict=True):
            if mention is not None:
                start, end = bounds[mention[0]], bounds[mention[1] + 1]
                pool[row, start:end] = 1.0 / (end - start)
    return PairInputs(sources=sources, targets=targets, roles=roles)


def word_range(tokens: Sequence[Token], start: int, end: int) -> WordRange | None:
    """The words of a span of the text with the one that governs them; None where it holds no word."""
    inside = [i for i, t in enumerate(tokens) if t.start < end and start < t.end]
    if not inside:
        return None
    members = set(inside)
    tops = [i for i in inside if tokens[i].head not in members]
    return inside[0], inside[-1], tops[-1] if len(tops) == 1 else tops[0] if tops else inside[-1]


def _chain(heads: Sequence[int], i: int) -> list[int]:
    """A word and its governors up to the root."""
    chain, node = [i], heads[i]
    while node >= 0 and len(chain) <= len(heads):
        chain.append(node)
        node = heads[node]
    return chain


def _closest(
    chains: Sequence[list[int]], one: Sequence[WordRange], two: Sequence[WordRange]
) -> tuple[WordRange | None, WordRange | None]:
    """The two mentions that the tree joins by the shortest way; beside an unsaid side the one nearest to the root."""
    if not one or not two:
        top = min([*one, *two], key=lambda m: (len(chains[m[2]]), m), default=None)
        return (top, None) if one else (None, top)
    return min(((a, b) for a in one for b in two), key=lambda p: (_way(chains, p[0][2], p[1][2]), p))


def _way(chains: Sequence[list[int]], a: int, b: int) -> int:
    """Steps between two words in the tree; far where they hang on different roots."""
    up, down = chains[a], chains[b]
    depth = {node: n for n, node in enumerate(up)}
    return next((depth[node] + n for n, node in enumerate(down) if node in depth), 100 + abs(a - b))


def _near(mentions: Sequence[WordRange], sentence: Within) -> Sequence[WordRange]:
    """The mentions in the sentence; where it has none, the last one before it."""
    inside = [m for m in mentions if sentence[0] <= m[2] < sentence[1]]
    return inside or [m for m in mentions if m[2] < sentence[0]][-1:]


def _word_roles(
    chains: Sequence[list[int]],
    kids: Sequence[list[int]],
    actors: Sequence[Sequence[WordRange]],
    pair: tuple[int, int],
    sides: tuple[WordRange | None, WordRange | None],
    sentence: Within,
) -> list[int]:
    """The role of every word; what is told later wins."""
    up, down = (chains[side[2]] if side and sentence[0] <= side[2] < sentence[1] else [] for side in sides)
    above = set(down)
    meeting = next((node for node in up if node in above), -1)
    source_path = up[: up.index(meeting)] if meeting >= 0 else up
    target_path = down[: down.index(meeting)] if meeting >= 0 else down
    roles = [_NUMBER["elsewhere"]] * len(chains)
    roles[sentence[0] : sentence[1]] = [_NUMBER["other"]] * (sentence[1] - sentence[0])
    for path, name in ((source_path, "source_side"), (target_path, "target_side"), ([meeting], "meeting_side")):
        for node in path:
            for kid in kids[node] if node >= 0 else ():
                roles[kid] = _NUMBER[name]
    for path, name in ((source_path, "source_path"), (target_path, "target_path")):
        for node in path:
            roles[node] = _NUMBER[name]
    for index, mentions in enumerate(actors):
        role = "source" if index == pair[0] else "target" if index == pair[1] else "rival"
        for first, last, head in mentions:
            inside = sentence[0] <= head < sentence[1]
            name = role if inside else "elsewhere" if role == "rival" else f"{role}_elsewhere"
            roles[first : last + 1] = [_NUMBER[name]] * (last + 1 - first)
    if meeting >= 0:
        roles[meeting] = _NUMBER["meeting"]
    return roles
