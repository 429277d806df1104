"""Clusters of reports: the likeliest pairs first, whole clusters compared, forbidden pairs kept apart."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

Pair = tuple[str, str]
FLOOR: Final = 0.02
"""What a pair counts that was not scored, because nothing in it meets."""


def pair(first: str, second: str) -> Pair:
    """A pair in a fixed order."""
    return (first, second) if first <= second else (second, first)


def components(names: Iterable[str], edges: Iterable[Pair]) -> list[list[str]]:
    """Names joined by edges, each list sorted, the lists by their first name."""
    beside: dict[str, set[str]] = {name: set() for name in names}
    for a, b in edges:
        beside[a].add(b)
        beside[b].add(a)
    seen: set[str] = set()
    found = []
    for name in sorted(beside):
        if name in seen:
            continue
        group, wave = set(), [name]
        while wave:
            at = wave.pop()
            if at not in group:
                group.add(at)
                wave.extend(beside[at] - group)
        seen |= group
        found.append(sorted(group))
    return found


def cluster(
    names: Sequence[str],
    scores: Mapping[Pair, float],
    threshold: float,
    *,
    together: Collection[Pair] = (),
    apart: Collection[Pair] = (),
) -> list[list[str]]:
    """Average-link clusters: the two clusters with the highest mean score over all their pairs are
    united as long as that mean is at least ``threshold`` and no pair between them is forbidden.

    A vague report cannot chain two exact ones: the mean over all pairs falls.  ``together`` is
    united first, whatever its score; ``apart`` always wins.  Equal scores go by name.
    """
    groups = _Groups(sorted(names), scores)
    groups.bar(apart)
    for a, b in sorted(together):
        groups.unite_names(a, b)
    groups.unite_best(threshold)
    return sorted(sorted(group) for group in groups.members.values())


class _Groups:
    """Groups under way, the sums of scores between them, and a heap of the likeliest pairs.

    A pair in the heap is out of date when its sum has changed since; it is then passed over.
    """

    def __init__(self, names: Sequence[str], scores: Mapping[Pair, float]) -> None:
        self.members: dict[int, list[str]] = {at: [name] for at, name in enumerate(names)}
        self.home = {name: at for at, name in enumerate(names)}
        self.sums: dict[int, dict[int, float]] = {at: {} for at in self.members}
        self.barred: dict[int, set[int]] = {at: set() for at in self.members}
        self.heap: list[tuple[float, int, int]] = []
        for (first, second), value in scores.items():
            if first in self.home and second in self.home:
                self._put(self.home[first], self.home[second], value)

    def bar(self, pairs: Iterable[Pair]) -> None:
        """Keep these names apart."""
        for first, second in pairs:
            if first in self.home and second in self.home:
                a, b = self.home[first], self.home[second]
                self.barred[a].add(b)
                self.barred[b].add(a)

    def unite_names(self, first: str, second: str) -> None:
        """Unite the groups of two names unless they are barred."""
        a, b = self.home.get(first), self.home.get(second)
        if a is not None and b is not None and a != b and b not in self.barred[a]:
            self._unite(min(a, b), max(a, b))

    def unite_best(self, threshold: float) -> None:
        """Unite the likeliest pair until none reaches the threshold."""
        while self.heap:
            value, a, b = heapq.heappop(self.heap)
            if -value < threshold:
                return
            if b in self.sums.get(a, ()) and -value == self._mean(a, b) and b not in self.barred[a]:
                self._unite(a, b)

    def _mean(self, a: int, b: int) -> float:
        return self.sums[a][b] / (len(self.members[a]) * len(self.members[b]))

    def _put(self, a: int, b: int, value: float) -> None:
        a, b = min(a, b), max(a, b)
        self.sums[a][b] = self.sums[b][a] = value
        heapq.heappush(self.heap, (-self._mean(a, b), a, b))

    def _unite(self, a: int, b: int) -> None:
        """Unite group ``b`` into ``a``; what either was not scored with counts `FLOOR` a pair."""
        left, right = len(self.members[a]), len(self.members[b])
        ours, theirs = self.sums[a], self.sums.pop(b)
        self.members[a] = self.members[a] + self.members.pop(b)
        for name in self.members[a]:
            self.home[name] = a
        self.barred[a] |= self.barred.pop(b)
        for other in self.barred[a]:
            self.barred[other].discard(b)
            self.barred[other].add(a)
        for other in sorted((ours.keys() | theirs.keys()) - {a, b}):
            size = len(self.members[other])
            value = ours.get(other, FLOOR * left * size) + theirs.get(other, FLOOR * right * size)
            self.sums[other].pop(b, None)
            self._put(a, other, value)
        ours.pop(b, None)


def mean_score(name: str, others: Iterable[str], scores: Mapping[Pair, float]) -> float:
    """Mean score of one name with others; 1 when there are none."""
    found = [scores.get(pair(name, other), FLOOR) for other in others if other != name]
    return sum(found) / len(found) if found else 1.0


def pairs_of(groups: Iterable[Sequence[str]]) -> set[Pair]:
    """All pairs within groups."""
    return {pair(a, b) for group in groups for a, b in combinations(group, 2)}
