"""What the past says of a question of `comity.evaluate.link_score`: who is named next with a source in a type.

Every event is kept in both directions, the way back as a type of its own, so that asking for a source is asking for the
target of the way back.  Counts of the past fade by day (weight exp(-speed * age)), each at several speeds, of which the
sum is nearly a power law.  For source s, type r and every candidate o::

    same      (s, r, o)              the same was told before
    follow    (s, any, o)            each earlier act of the two weighs as often as acts of its type were followed by r
    pair      (s, any, o)            the two were named together
    common    (any, r, o)            o is often at this end of this type
    busy      (any, any, o)          o is in the news
    place     (place of s, r, o), (place of s, any, o), (s, any, place of o), (s, r, place of o), one place or not
    kind      (kind of s, r, kind of o)

Place and kind are read off the names, which ICEWS writes as "Police (Australia)": other methods take the same two from
them as a static graph (Li et al. 2021, SIGIR, RE-GCN).  Nothing of the day itself or later is seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from comity.model import Record

Array = NDArray[np.float32]
Numbers = NDArray[np.int64]
Found = TypeVar("Found")
SPEEDS = (1.0, 0.15, 0.03, 0.004)
"""Decays a day of ``same``: what was told yesterday, this week, this month, this year."""
WIDER = (1.0, 0.1, 0.01)
"""Decays a day of everything else (of sums over many actors the last two)."""
OFTEN = 20.0
"""Events that stand behind how often one type follows another."""
LAG, FADING = 15, 0.05
"""Later acts of a pair that an act is followed by, and how their weight decays a day."""
OWN_FIRST = np.array([8, 6, 3, 1, 30, 10, 3, 0, 0.1, 0], dtype=np.float32)
WIDE_FIRST = np.array([0.1, 0.02, 0.3, 0.06, 0.02, 0.005], dtype=np.float32)
BUSY_FIRST = np.float32(1e-4)
"""Weights of counts in the first score: set by hand in orders of size, they only choose the candidates."""
CANDIDATES = 100
"""Candidates that are told apart by all counts; the others keep the order of `Today.first`."""
NAMED = re.compile(r"^(.*) \(([^()]*)\)$")
NOTHING = np.zeros(0, dtype=np.int64)


class Events(Record, frozen=True):
    """Columns of numbers: source, type, target, day, in order of the day; ``place`` and ``kind`` of each name, -1 where
    the name has no place."""

    source: Numbers
    type: Numbers
    target: Numbers
    day: Numbers
    types: int
    place: Numbers
    kind: Numbers

    @property
    def names(self) -> int:
        """How many names there are."""
        return len(self.place)


class Asked(Record, frozen=True):
    """A question: a first score of every name (N,), the candidates (M,) and what is known of each (M, features)."""

    first: Array
    candidates: Numbers
    known: Array


def read_names(names: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Place and kind of each name: "Police (Australia)" is a police in Australia, "Australia" is in itself."""
    parts = [NAMED.match(name) for name in names]
    places = sorted({p[2] for p in parts if p})
    at = {place: n for n, place in enumerate(places)}
    kinds: dict[str, int] = {}
    place = [at[p[2]] if p else at.get(name, -1) for p, name in zip(parts, names, strict=True)]
    kind = [kinds.setdefault(p[1] if p else name, len(kinds)) for p, name in zip(parts, names, strict=True)]
    return np.array(place, dtype=np.int64), np.array(kind, dtype=np.int64)


def both_ways(
    source: Numbers, kind: Numbers, target: Numbers, day: Numbers, types: int, names: Sequence[str]
) -> Events:
    """Events with their ways back, whose types are numbered on."""
    order = np.argsort(np.concatenate([day, day]), kind="stable")
    place, role = read_names(names)
    return Events(
        source=np.concatenate([source, target])[order], type=np.concatenate([kind, kind + types])[order],
        target=np.concatenate([target, source])[order], day=np.concatenate([day, day])[order], types=2 * types,
        place=place, kind=role,
    )  # fmt: skip


def nameless(events: Events) -> Events:
    """The same events, their names as mere numbers: no place, no kind."""
    none = np.full(events.names, -1)
    return Events(
        source=events.source, type=events.type, target=events.target, day=events.day, types=events.types,
        place=none, kind=np.zeros(events.names, dtype=np.int64),
    )  # fmt: skip


def follows(events: Events, end: int) -> Array:
    """How often an act of one type is followed by one of another between the same two, (types, types), each row about
    a sum of 1: from the events before a day, by the acts that come up to `LAG` later, smoothed by the shares of all."""
    rows = np.flatnonzero(events.day < end)
    order = rows[np.lexsort((events.day[rows], events.source[rows] * events.names + events.target[rows]))]
    pair = events.source[order] * events.names + events.target[order]
    kind, day = events.type[order], events.day[order]
    sums = np.zeros(events.types**2)
    for lag in range(1, min(LAG, len(order) - 1) + 1):
        ok = (pair[lag:] == pair[:-lag]) & (day[lag:] > day[:-lag])
        age = (day[lag:] - day[:-lag])[ok]
        cell = kind[:-lag][ok] * events.types + kind[lag:][ok]
        sums += np.bincount(cell, np.exp(-FADING * age), len(sums))
    found = sums.reshape(events.types, events.types)
    share = np.bincount(kind, minlength=events.types) / max(len(kind), 1)
    return np.asarray((found + OFTEN * share) / (found.sum(axis=1, keepdims=True) + OFTEN), dtype=np.float32)


class Group:
    """Rows of events by a key, each group in order of the day."""

    def __init__(self, key: Numbers) -> None:
        self.order = np.argsort(key, kind="stable")
        self.keys = key[self.order]

    def __call__(self, key: int) -> Numbers:
        low, high = np.searchsorted(self.keys, [key, key + 1])
        return self.order[low:high]


class Past:
    """All events, found by what they are asked for."""

    def __init__(self, events: Events) -> None:
        self.events = events
        place, kind = events.place[events.source], events.kind[events.source]
        self.by_source = Group(events.source)
        self.by_type = Group(events.type)
        self.by_place = Group(place)
        self.by_place_type = Group(np.where(place >= 0, place * events.types + events.type, -1))
        self.by_kind_type = Group(kind * events.types + events.type)
        self.target_kind, self.kinds = events.kind[events.target], int(events.kind.max()) + 1
        self._targets: dict[int, tuple[Numbers, Numbers, Numbers]] = {}

    def of_source(self, source: int) -> tuple[Numbers, Numbers, Numbers]:
        """Rows of a source, the names it is ever told with, and which of these each row has."""
        if source not in self._targets:
            rows = self.by_source(source)
            self._targets[source] = (rows, *np.unique(self.events.target[rows], return_inverse=True))
        return self._targets[source]


class Today:
    """The past as it is on the morning of one day; what is asked for again is kept."""

    def __init__(self, past: Past, day: int, follow: Array) -> None:
        self.past, self.events, self.day, self.follow = past, past.events, day, follow
        ages = np.arange(day + 1)
        self._fading = [np.exp(-speed * ages).astype(np.float32) for speed in SPEEDS]
        self._wider = [np.exp(-speed * ages).astype(np.float32) for speed in WIDER]
        self._kept: dict[Hashable, Array] = {}
        before = np.arange(np.searchsorted(self.events.day, day))
        self.busy = self._counts(before, self._wider, self.events.target, self.events.names)

    def ask(self, source: int, kind: int) -> Asked:
        """What the past says of a source and a type."""
        events, place = self.events, int(self.events.place[source])
        rows, names, which = self.past.of_source(source)
        number = int(np.searchsorted(events.day[rows], self.day))
        rows, which = rows[:number], which[:number]
        own, wide, far = self._own(rows, which, kind, len(names)), self._wide(place, kind), self._far(rows, kind)
        first = WIDE_FIRST @ wide + BUSY_FIRST * self.busy[2]
        first[names] += OWN_FIRST @ own
        most = min(CANDIDATES, events.names)
        best = np.argpartition(-first, most - 1)[:most]
        at = np.minimum(np.searchsorted(names, best), len(names) - 1)
        mine = np.where(names[at] == best, own[:, at], 0)
        there = events.place[best]
        alike = self._of_kind(int(events.kind[source]), kind)[events.kind[best]]
        told = int((events.type[rows] == kind).sum())
        before = int(np.searchsorted(events.day[self.past.by_type(kind)], self.day))
        about = np.array([*np.log(np.array([told, number, before]) + 1.0), float(kind * 2 >= events.types)])
        known = np.concatenate([
            np.log(mine * np.array([1, 1, 1, 1, 20, 20, 20, 1, 1, 1])[:, None] + 0.01), np.log(wide[:2, best] + 0.05),
            np.log(self.busy[:, best] + 0.3), np.log(wide[2:4, best] + 0.05), np.log(wide[4:, best] + 0.1),
            np.log(np.where(there >= 0, far[:, there + 1], 0) + 0.1), [np.log(alike + 0.05)],
            [(there == place) & (place >= 0), there < 0, best == source, np.log(first[best] + 1e-3)],
            np.repeat(about[:, None], most, axis=1),
        ])  # fmt: skip
        return Asked(first=first, candidates=best, known=np.asarray(known.T, dtype=np.float32))

    def _own(self, rows: Numbers, which: Numbers, kind: int, number: int) -> Array:
        """Counts of same, follow and pair for the names of a source."""
        age, types = self.day - self.events.day[rows], self.events.type[rows]
        same = types == kind
        found = [np.bincount(which[same], fading[age[same]], number) for fading in self._fading]
        next_is = self.follow[types, kind]
        found += [np.bincount(which, next_is * fading[age], number) for fading in self._wider]
        found += [np.bincount(which, fading[age], number) for fading in self._wider]
        return np.array(found, dtype=np.float32)

    def _wide(self, place: int, kind: int) -> Array:
        """Counts of all names at an end of a type, and in the place of the source with this type, and with any."""
        types = self.events.types
        found = [self._all(("type", kind), self.past.by_type, kind)]
        if place < 0:
            return np.concatenate([*found, np.zeros((4, self.events.names), dtype=np.float32)])
        found.append(self._all(("both", place, kind), self.past.by_place_type, place * types + kind))
        found.append(self._all(("place", place), self.past.by_place, place))
        return np.concatenate(found)

    def _all(self, name: Hashable, group: Group, key: int) -> Array:
        target, names = self.events.target, self.events.names
        found: Array = self._once(name, lambda: self._counts(group(key), self._wider[1:], target, names))
        return found

    def _of_kind(self, kind: int, act: int) -> Array:
        """Counts of kinds at the other end of a type whose source is of a kind."""
        past, key = self.past, kind * self.events.types + act
        return self._once(
            ("kind", key),
            lambda: self._counts(past.by_kind_type(key), self._wider[2:], past.target_kind, past.kinds)[0],
        )

    def _far(self, rows: Numbers, kind: int) -> Array:
        """Counts of a source with the places of others, at two speeds, and with this type; place -1 first."""
        there, number = self.events.place[self.events.target[rows]] + 1, int(self.events.place.max()) + 2
        age, same = self.day - self.events.day[rows], self.events.type[rows] == kind
        found = [np.bincount(there, fading[age], number) for fading in self._wider[1:]]
        found.append(np.bincount(there[same], self._wider[2][age[same]], number))
        return np.array(found, dtype=np.float32)

    def _counts(self, rows: Numbers, fadings: Sequence[Array], what: Numbers, number: int) -> Array:
        """Decayed counts of what stands in rows, as far as they lie before the day, one row a speed."""
        rows = rows[: np.searchsorted(self.events.day[rows], self.day)]
        age = self.day - self.events.day[rows]
        return np.array([np.bincount(what[rows], fading[age], number) for fading in fadings], dtype=np.float32)

    def _once(self, name: Hashable, make: Callable[[], Array]) -> Array:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]
