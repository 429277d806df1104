"""Prediction of links: who will be named with whom tomorrow, in the protocol of the field.

The 468,558 events of ICEWS 2018 are split by day as ICEWS18 is: 80 % to learn from, 10 % to set constants on, 10 % to
be judged on. Of each event (source, type, target, day) of the last part the target is asked for, given source, type
and all events of earlier days (single step), and the source in the same way; all names are candidates. Filtering is
time-aware: other right answers of the same day are left out. Ties share their rank.

Our score of candidate o for (s, r) is a sum of decayed counts of the past, at three speeds each::

    same      (s, r, o)     the same was told before
    pair      (s, any, o)   the two were named together, in this direction
    back      (o, any, s)   the other way round
    common    (any, r, o)   the candidate is often at this end of this type

with weights set by hill climbing on the second part.  `recurrency` is the first alone, strictly decayed (Gastinger et
al. 2024, IJCAI, report 28.7 for their recurrency baseline and 33.7 for the best neural model).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from comity.model import Record

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
PARTS = ("same", "pair", "back", "common")
SPEEDS = (1.0, 0.15, 0.01)
"""Decay a day: what was told yesterday, this week, and this season; together nearly a power law."""
START = (8.0, 6.0, 3.0, 1.0, 0.6, 0.1, 0.1, 0.03, 0.01, 0.03, 0.02, 0.01)
LEARN, SET = 373_018, 45_995
"""Events of the first and of the second part of ICEWS18."""
SAMPLE = 3_000
"""Questions of the second part that constants are set on."""
SEED = 4


class Events(Record, frozen=True):
    """Columns of numbers: source, type, target, day, in order of the day."""

    source: Numbers
    kind: Numbers
    target: Numbers
    day: Numbers
    names: int
    kinds: int


class Links(Record, frozen=True):
    """MRR and shares of questions whose answer is among the first 1, 3 and 10, of one method."""

    method: str
    mrr: float
    hits1: float
    hits3: float
    hits10: float
    questions: int
    seconds: float


def load(folder: Path) -> Events:
    """The events with names as they stand in the file."""
    found = pq.read_table(folder / "icews18-events.parquet", columns=["sn", "rn", "on", "date"])
    sides = [found[c].to_numpy(zero_copy_only=False).astype(str) for c in ("sn", "on")]
    names, both = np.unique(np.concatenate(sides), return_inverse=True)
    kinds, kind = np.unique(found["rn"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    day = found["date"].to_numpy(zero_copy_only=False).astype("datetime64[D]").astype(np.int64)
    order = np.argsort(day, kind="stable")
    source, target = both[: len(day)], both[len(day) :]
    return Events(
        source=source[order], kind=kind[order], target=target[order], day=(day - day.min())[order], names=len(names),
        kinds=len(kinds),
    )  # fmt: skip


def ends(events: Events) -> tuple[int, int]:
    """The first days of the second and of the third part."""
    return int(events.day[LEARN]), int(events.day[LEARN + SET])


def backwards(events: Events) -> Events:
    """The same with source and target exchanged: to ask for the source."""
    return Events(
        source=events.target, kind=events.kind, target=events.source, day=events.day, names=events.names,
        kinds=events.kinds,
    )  # fmt: skip


class Past:
    """Events by what they are looked up by, each group in order of the day."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self._groups: dict[str, tuple[Numbers, Numbers]] = {}
        keys = {
            "same": events.source * events.kinds + events.kind, "pair": events.source, "back": events.target,
            "common": events.kind,
        }  # fmt: skip
        for part, key in keys.items():
            order = np.argsort(key, kind="stable")
            self._groups[part] = (key[order], order)
        self._common: dict[tuple[int, int], Sequence[Array]] = {}

    def counts(self, part: str, key: int, day: int, names: int) -> list[Array]:
        """Decayed counts of all candidates before a day, one array for each speed."""
        if part == "common":
            return self._kept(key, day, names)
        return self._sums(part, key, day, names)

    def _kept(self, key: int, day: int, names: int) -> list[Array]:
        if (key, day) not in self._common:
            if len(self._common) > 4096:
                self._common.clear()
            self._common[key, day] = self._sums("common", key, day, names)
        return list(self._common[key, day])

    def _sums(self, part: str, key: int, day: int, names: int) -> list[Array]:
        keys, order = self._groups[part]
        rows = order[np.searchsorted(keys, key) : np.searchsorted(keys, key, side="right")]
        rows = rows[: np.searchsorted(self.events.day[rows], day)]
        who = self.events.source[rows] if part == "back" else self.events.target[rows]
        age = day - self.events.day[rows]
        return [np.asarray(np.bincount(who, np.exp(-speed * age), names), dtype=float) for speed in SPEEDS]


def features(past: Past, source: int, kind: int, day: int) -> Array:
    """The decayed counts of every candidate, shape (parts * speeds, names)."""
    events = past.events
    keys = {"same": source * events.kinds + kind, "pair": source, "back": source, "common": kind}
    return np.array([c for part in PARTS for c in past.counts(part, keys[part], day, events.names)])


def questions(events: Events, first: int, end: int) -> Iterator[tuple[int, int, int, Numbers]]:
    """Source, type, day and all right answers of each question of some days."""
    low, high = (int(np.searchsorted(events.day, d)) for d in (first, end))
    key = (events.day[low:high] * events.names + events.source[low:high]) * events.kinds + events.kind[low:high]
    order = np.argsort(key, kind="stable")
    cuts = np.flatnonzero(np.diff(key[order], prepend=-1))
    for begin, stop in zip(cuts, [*cuts[1:], len(order)], strict=True):
        rows = order[begin:stop] + low
        yield int(events.source[rows[0]]), int(events.kind[rows[0]]), int(events.day[rows[0]]), events.target[rows]


def ranks(score: Array, answers: Numbers) -> list[float]:
    """The rank of each answer (repeated ones as often as told), other right answers left out, ties shared."""
    right = np.unique(answers)
    found = {}
    ordered = np.sort(score)
    for answer in right:
        own = score[answer]
        above = len(ordered) - int(np.searchsorted(ordered, own, side="right"))
        same = int(np.searchsorted(ordered, own, side="right")) - int(np.searchsorted(ordered, own, side="left")) - 1
        others = score[right[right != answer]]
        above -= int((others > own).sum())
        same -= int((others == own).sum())
        found[int(answer)] = 1 + above + same / 2
    return [found[int(a)] for a in answers]


def fit(pasts: Mapping[str, Past], first: int, end: int) -> Array:
    """The weights of the counts, by hill climbing on a sample of questions."""
    random = np.random.default_rng(SEED)
    kept: list[tuple[Array, Numbers]] = []
    for past in pasts.values():
        every = list(questions(past.events, first, end))
        for n in random.choice(len(every), min(SAMPLE // 2, len(every)), replace=False):
            source, kind, day, answers = every[int(n)]
            found = features(past, source, kind, day)
            some = np.flatnonzero(found[: 3 * len(SPEEDS)].any(axis=0) | np.isin(np.arange(past.events.names), answers))
            kept.append((found[:, some].astype(np.float32), np.searchsorted(some, answers)))

    def mrr(weights: Array) -> float:
        return float(np.mean([1 / r for found, answers in kept for r in ranks(weights @ found, answers)]))

    weights = np.array(START)
    best = mrr(weights)
    for factor in (4.0, 2.0):
        for n in range(len(weights)):
            for step in (factor, 1 / factor, 0.0):
                tried = weights.copy()
                tried[n] *= step
                now = mrr(tried)
                if now > best:
                    weights, best = tried, now
    return weights


def judged(pasts: Mapping[str, Past], first: int, method: str, weights: Array) -> Links:
    """One method on the third part, targets and sources together."""
    began = time.perf_counter()
    found: list[float] = []
    for past in pasts.values():
        for source, kind, day, answers in questions(past.events, first, int(past.events.day[-1]) + 1):
            found += ranks(weights @ features(past, source, kind, day), answers)
    rank = np.array(found)
    return Links(
        method=method, mrr=round(float((1 / rank).mean()) * 100, 2), questions=len(rank),
        hits1=round(float((rank <= 1).mean()) * 100, 2), hits3=round(float((rank <= 3).mean()) * 100, 2),
        hits10=round(float((rank <= 10).mean()) * 100, 2), seconds=round(time.perf_counter() - began, 1),
    )  # fmt: skip


def links(folder: Path) -> list[Links]:
    """Ours and recurrency on the third part."""
    events = load(folder)
    second, third = ends(events)
    pasts = {"target": Past(events), "source": Past(backwards(events))}
    weights = fit(pasts, second, third)
    print("weights", dict(zip([f"{p}@{s}" for p in PARTS for s in SPEEDS], weights.round(4).tolist(), strict=True)))
    alone = np.zeros(len(weights))
    alone[: len(SPEEDS)] = START[: len(SPEEDS)]
    return [judged(pasts, third, "ours", weights), judged(pasts, third, "recurrency", alone)]
