"""Scores of clusterings: MUC, B cubed, CEAF over entities, BLANC, LEA, and the CoNLL average.

A clustering is a mapping from each item to the name of its cluster; names need not agree between
the two sides.  An item that only one side has counts as a singleton missing on the other: it
costs precision (only in the answer) or recall (only in the key).

Sources: Vilain et al. 1995 (MUC); Bagga and Baldwin 1998 (B cubed); Luo 2005 (CEAF, phi 4);
Recasens and Hovy 2011 with Luo et al. 2014 (BLANC); Moosavi and Strube 2016 (LEA); Pradhan et al.
2014 for the treatment of items that one side lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from comity.model import Record

Item = TypeVar("Item", bound=Hashable)
Cluster = frozenset[Hashable]


class Score(Record, frozen=True):
    """Precision, recall and their harmonic mean, 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean; 0 when both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


class Scores(Record, frozen=True):
    """All measures of one answer."""

    muc: Score
    b3: Score
    ceafe: Score
    blanc: Score

    @property
    def conll(self) -> float:
        """Mean of the F1 of MUC, B cubed and CEAFe."""
        return (self.muc.f1 + self.b3.f1 + self.ceafe.f1) / 3


def clusters_of(labels: Mapping[Item, Hashable]) -> list[Cluster]:
    """The clusters of a labelling, in order of first appearance."""
    groups: dict[Hashable, set[Hashable]] = {}
    for item, label in labels.items():
        groups.setdefault(label, set()).add(item)
    return [frozenset(group) for group in groups.values()]


def score(key: Mapping[Item, Hashable], answer: Mapping[Item, Hashable]) -> Scores:
    """All measures of an answer against the key."""
    gold, found = clusters_of(key), clusters_of(answer)
    return Scores(muc=muc(gold, found), b3=b_cubed(gold, found), ceafe=ceaf_e(gold, found), blanc=blanc(gold, found))


def muc(key: Sequence[Cluster], answer: Sequence[Cluster]) -> Score:
    """Links that are missing (recall) or too many (precision), as Vilain counts them.

    Without any link on one side that side's measure is 0, as in the reference scorer.
    """
    return Score(precision=_links(answer, key), recall=_links(key, answer))


def _links(ours: Sequence[Cluster], theirs: Sequence[Cluster]) -> float:
    home = _home(theirs)
    right = total = 0
    for cluster in ours:
        parts = {home[i] for i in cluster if i in home}
        pieces = len(parts) + sum(1 for i in cluster if i not in home)
        right += len(cluster) - pieces
        total += len(cluster) - 1
    return right / total if total else 0.0


def b_cubed(key: Sequence[Cluster], answer: Sequence[Cluster]) -> Score:
    """Mean over items of the share of an item's cluster that is right."""
    return Score(precision=_shares(answer, key), recall=_shares(key, answer))


def _shares(ours: Sequence[Cluster], theirs: Sequence[Cluster]) -> float:
    home = _home(theirs)
    total = 0.0
    for cluster in ours:
        counts: dict[int, int] = {}
        for item in cluster:
            if item in home:
                counts[home[item]] = counts.get(home[item], 0) + 1
        total += sum(n * n for n in counts.values()) / len(cluster)
    items = sum(len(c) for c in ours)
    return total / items if items else 0.0


def ceaf_e(key: Sequence[Cluster], answer: Sequence[Cluster]) -> Score:
    """Likeness of clusters under the best one-to-one matching (Luo's phi 4)."""
    if not key or not answer:
        return Score(precision=0.0, recall=0.0)
    total = best_matching(key, answer, lambda a, b: 2 * len(a & b) / (len(a) + len(b)))
    return Score(precision=total / len(answer), recall=total / len(key))


def best_matching(
    key: Sequence[Cluster], answer: Sequence[Cluster], like: Callable[[Cluster, Cluster], float]
) -> float:
    """The highest sum of likenesses of a one-to-one matching; only clusters that meet can be matched.

    The pairs that meet fall apart into blocks, each solved alone, so that size does not hurt.
    """
    home = _home(answer)
    beside = [sorted({home[i] for i in cluster if i in home}) for cluster in key]
    total = 0.0
    for rows, columns in _blocks(beside):
        total += assignment(np.array([[like(key[r], answer[c]) for c in columns] for r in rows]))
    return total


def _blocks(beside: Sequence[Sequence[int]]) -> list[tuple[list[int], list[int]]]:
    """Rows and columns that hang together, where row ``r`` meets the columns ``beside[r]``."""
    owners: dict[int, list[int]] = {}
    for row, met in enumerate(beside):
        for column in met:
            owners.setdefault(column, []).append(row)
    seen: set[int] = set()
    blocks = []
    for start in range(len(beside)):
        if start in seen or not beside[start]:
            continue
        rows: set[int] = set()
        wave = [start]
        while wave:
            row = wave.pop()
            if row not in rows:
                rows.add(row)
                wave.extend(r for column in beside[row] for r in owners[column])
        seen |= rows
        blocks.append((sorted(rows), sorted({column for row in rows for column in beside[row]})))
    return blocks


def assignment(gains: npt.NDArray[np.float64]) -> float:
    """The highest sum of a matrix with at most one entry a row and a column (the Hungarian method).

    ``gains`` holds no negative number.  Potentials with shortest augmenting paths, O(n^2 m).
    """
    cost = -gains if gains.shape[0] <= gains.shape[1] else -gains.T
    rows, columns = cost.shape
    up, down = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, dtype=int)
    for row in range(1, rows + 1):
        owner[0] = row
        at = 0
        least = np.full(columns + 1, np.inf)
        way = np.zeros(columns + 1, dtype=int)
        used = np.zeros(columns + 1, dtype=bool)
        while owner[at] != 0:
            used[at] = True
            current = owner[at]
            reduced = cost[current - 1] - up[current] - down[1:]
            better = ~used[1:] & (reduced < least[1:])
            least[1:][better] = reduced[better]
            way[1:][better] = at
            free = np.where(used, np.inf, least)
            free[0] = np.inf
            following = int(np.argmin(free))
            delta = free[following]
            up[owner[used]] += delta
            down[used] -= delta
            least[~used] -= delta
            at = following
        while at != 0:
            before = int(way[at])
            owner[at] = owner[before]
            at = before
    return float(sum(-cost[owner[c] - 1, c - 1] for c in range(1, columns + 1) if owner[c]))


def lea(key: Sequence[Cluster], answer: Sequence[Cluster]) -> Score:
    """Links found, each cluster weighed by its size; a singleton is found when it is one on the other side too."""
    return Score(precision=_linked(answer, key), recall=_linked(key, answer))


def _linked(ours: Sequence[Cluster], theirs: Sequence[Cluster]) -> float:
    home = _home(theirs)
    alone = {next(iter(c)) for c in theirs if len(c) == 1}
    total = 0.0
    for cluster in ours:
        if len(cluster) == 1:
            total += float(not alone.isdisjoint(cluster))
            continue
        counts: dict[int, int] = {}
        for item in cluster:
            if item in home:
                counts[home[item]] = counts.get(home[item], 0) + 1
        total += len(cluster) * sum(map(_pairs, counts.values())) / _pairs(len(cluster))
    items = sum(len(c) for c in ours)
    return total / items if items else 0.0


def blanc(key: Sequence[Cluster], answer: Sequence[Cluster]) -> Score:
    """Mean of the scores over pairs that corefer and over pairs that do not (each pair judged alone)."""
    home, other = _home(answer), _home(key)
    both = home.keys() & other.keys()
    meets: dict[tuple[int, int], int] = {}
    for item in both:
        meets[other[item], home[item]] = meets.get((other[item], home[item]), 0) + 1
    common_links = sum(_pairs(n) for n in meets.values())
    key_links, answer_links = (sum(_pairs(len(c)) for c in side) for side in (key, answer))
    key_all, answer_all = _pairs(len(other)), _pairs(len(home))
    # pairs of common items that neither side links
    key_common = sum(_pairs(sum(1 for i in c if i in home)) for c in key)
    answer_common = sum(_pairs(sum(1 for i in c if i in other)) for c in answer)
    common_apart = _pairs(len(both)) - key_common - answer_common + common_links
    parts = []
    if key_links or answer_links:
        parts.append(Score(precision=_ratio(common_links, answer_links), recall=_ratio(common_links, key_links)))
    if key_all - key_links or answer_all - answer_links:
        parts.append(
            Score(
                precision=_ratio(common_apart, answer_all - answer_links),
                recall=_ratio(common_apart, key_all - key_links),
            )
        )
    if not parts:
        same = float(bool(both))
        return Score(precision=same, recall=same)
    return Score(
        precision=sum(p.precision for p in parts) / len(parts), recall=sum(p.recall for p in parts) / len(parts)
    )


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _home(clusters: Sequence[Cluster]) -> dict[Hashable, int]:
    return {item: at for at, cluster in enumerate(clusters) for item in cluster}
