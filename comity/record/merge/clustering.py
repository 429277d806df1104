"""Clusters of reports: the likeliest pairs first, whole clusters compared, forbidden pairs kept apart."""

from __future__ import annotations

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
    groups: dict[int, list[str]] = {at: [name] for at, name in enumerate(sorted(names))}
    home = {name: at for at, (name,) in groups.items()}
    sums: dict[tuple[int, int], float] = {}
    for (a, b), score in scores.items():
        if a in home and b in home:
            sums[_key(home[a], home[b])] = score
    barred = {_key(home[a], home[b]) for a, b in apart if a in home and b in home}
    for a, b in sorted(together):
        if a in home and b in home and home[a] != home[b] and _key(home[a], home[b]) not in barred:
            _unite(groups, home, sums, barred, home[a], home[b])
    while True:
        best, at = threshold, None
        for key in sorted(sums):
            if key in barred:
                continue
            size = len(groups[key[0]]) * len(groups[key[1]])
            mean = sums[key] / size
            if mean > best or (mean == best and at is None):
                best, at = mean, key
        if at is None:
            return sorted(sorted(group) for group in groups.values())
        _unite(groups, home, sums, barred, *at)


def _key(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _unite(
    groups: dict[int, list[str]],
    home: dict[str, int],
    sums: dict[tuple[int, int], float],
    barred: set[tuple[int, int]],
    a: int,
    b: int,
) -> None:
    """Unite group ``b`` into ``a`` and add up what others think of both."""
    a, b = _key(a, b)
    left, right = len(groups[a]), len(groups[b])
    others = {x for key in sums for x in key if a in key or b in key} - {a, b}
    for other in others:
        size = len(groups[other])
        one = sums.pop(_key(a, other), FLOOR * left * size)
        two = sums.pop(_key(b, other), FLOOR * right * size)
        sums[_key(a, other)] = one + two
    sums.pop((a, b), None)
    for key in [k for k in barred if b in k]:
        barred.discard(key)
        other = key[0] if key[1] == b else key[1]
        if other != a:
            barred.add(_key(a, other))
    for name in groups[b]:
        home[name] = a
    groups[a].extend(groups.pop(b))


def mean_score(name: str, others: Iterable[str], scores: Mapping[Pair, float]) -> float:
    """Mean score of one name with others; 1 when there are none."""
    found = [scores.get(pair(name, other), FLOOR) for other in others if other != name]
    return sum(found) / len(found) if found else 1.0


def pairs_of(groups: Iterable[Sequence[str]]) -> set[Pair]:
    """All pairs within groups."""
    return {pair(a, b) for group in groups for a, b in combinations(group, 2)}
