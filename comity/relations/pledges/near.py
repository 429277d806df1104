"""Which later events may settle which pledges: chosen on arrays sorted by day, so that busy pairs stay cheap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from comity.model import Record
from comity.relations.pledges.acts import later_types
from comity.relations.pledges.model import Act
from comity.relations.pledges.tables import KNOWN, Tables
from comity.relations.pledges.windows import DAY, before, window

PER_STATUS = 6
"""Later events of each status that are weighed for a pledge: linked ones, those of its type, the nearest in time."""
YEAR = 365
LONG = 366
"""Events that last longer than so many days are only found by their first day."""
STATUSES = ("occurred", "negated", "announced")
EPOCH = date(1970, 1, 1)
Days = NDArray[np.int64]
Pair = tuple[str, str]
_LATER = f"""
    with wanted as (select unnest(?) as a, unnest(?) as b, unnest(?) as pair),
    events_ as (
        select id, type, status, sources, targets, pledge, {KNOWN} as known, coalesce(date_start, {KNOWN}) as first,
            coalesce(date_end, date_start, {KNOWN}) as last
        from events where status in ('occurred', 'announced', 'negated') and len(sources) > 0 and len(targets) > 0
            and {KNOWN} <= ? and greatest(last, known) >= ? and least(first, known) <= ?),
    sided as (
        select * exclude (sources, targets), sources[1] as s, targets[1] as t from events_
        where len(sources) = 1 and len(targets) = 1
        union all
        select distinct * exclude (sources, targets, s, t), least(s, t) as s, greatest(s, t) as t from (
            select *, unnest(targets) as t from (select *, unnest(sources) as s from events_
                where len(sources) > 1 or len(targets) > 1)) where s <> t)
    select w.pair, e.status, e.type, e.id, e.pledge, e.known - date '1970-01-01' as known,
        e.first - date '1970-01-01' as first, e.last - date '1970-01-01' as last
    from sided e join wanted w on w.a = least(e.s, e.t) and w.b = greatest(e.s, e.t)
    order by w.pair, e.status, e.type, e.first, e.id
"""


class Found(Record, frozen=True):
    """By pledge: later events, how many events of each type its pair has a day, how many were told after it."""

    later: Mapping[str, Sequence[str]] = {}
    usual: Mapping[str, Mapping[str, float]] = {}
    heard: Mapping[str, int] = {}


class Group:
    """Events of one pair, status and type by their first day: ids, first and last day as days since 1970."""

    def __init__(self, ids: pa.ChunkedArray, first: Days, last: Days) -> None:
        self.ids, self.first, self.last = ids, first, last

    def between(self, low: int, high: int, known: Days | None = None) -> NDArray[np.intp]:
        """Places of the events that touch these days, or (with ``known``) were told in them."""
        if known is not None:
            return np.flatnonzero((known >= low) & (known <= high))
        left, right = np.searchsorted(self.first, [low - LONG, high + 1])
        return np.asarray(left + np.flatnonzero(self.last[left:right] >= low))


class Later:
    """All later events of some pairs, in groups."""

    def __init__(self, rows: pa.Table) -> None:
        self.groups: dict[tuple[int, str, str], Group] = {}
        self.known: dict[tuple[int, str, str], Days] = {}
        self.told: dict[int, Days] = {}
        columns = {c: rows.column(c).to_numpy().astype(np.int64) for c in ("pair", "known", "first", "last")}
        names = [np.asarray(rows.column(c).to_pylist(), dtype=object) for c in ("status", "type")]
        ids = rows.column("id").combine_chunks() if rows.num_rows else rows.column("id")
        for start, end in runs(columns["pair"], *names):
            key = int(columns["pair"][start]), names[0][start], names[1][start]
            self.groups[key] = Group(ids[start:end], columns["first"][start:end], columns["last"][start:end])
            self.known[key] = columns["known"][start:end]
        for start, end in runs(columns["pair"]):
            self.told[int(columns["pair"][start])] = np.sort(columns["known"][start:end])
        self.links: dict[str, list[str]] = defaultdict(list)
        linked = rows.filter(rows.column("pledge").is_valid())
        for pledge, event in zip(linked.column("pledge").to_pylist(), linked.column("id").to_pylist(), strict=True):
            self.links[pledge].append(event)


def runs(*columns: NDArray[Any]) -> Iterable[tuple[int, int]]:
    """Beginning and end of each stretch of equal values."""
    size = len(columns[0])
    if not size:
        return []
    changed = np.zeros(size - 1, dtype=bool)
    for column in columns:
        changed |= np.asarray(column[1:] != column[:-1], dtype=bool)
    edges = [0, *(np.flatnonzero(changed) + 1).tolist(), size]
    return pairwise(edges)


def near(tables: Tables, told: Sequence[Act], as_of: date) -> Found:
    """Later events that may settle each pledge, at most `PER_STATUS` of a status, and how busy its pairs are."""
    pairs = {p: n for n, p in enumerate(sorted({p for a in told for p in pairs_of(a)}))}
    if not pairs:
        return Found()
    windows = [window(a) for a in told]
    low = before(min(w.made for w in windows), YEAR * DAY)
    high = max(w.horizon for w in windows)
    values = [[a for a, _ in pairs], [b for _, b in pairs], list(pairs.values()), as_of, low, high]
    events = Later(tables.query(_LATER, values))
    later: dict[str, list[str]] = {}
    usual: dict[str, dict[str, float]] = {}
    heard: dict[str, int] = {}
    for act, days in zip(told, windows, strict=True):
        numbers = [pairs[p] for p in pairs_of(act)]
        made, lapses, horizon = number(days.made), number(days.lapses), number(days.horizon)
        later[act.id] = chosen(events, act, numbers, (made - 1, horizon), number(days.end or days.made))
        usual[act.id] = frequency(events, act, numbers, made)
        heard[act.id] = sum(between(events.told[n], made + 1, lapses) for n in numbers if n in events.told)
    return Found(later=later, usual=usual, heard=heard)


def pairs_of(act: Act) -> list[Pair]:
    """The pairs of an announced event: of each source with each target."""
    found = {(min(s, t), max(s, t)) for s in act.sources for t in act.targets if s != t}
    return sorted(found)


def number(day: date) -> int:
    """A day as days since 1970."""
    return (day - EPOCH).days


def between(days: Days, low: int, high: int) -> int:
    """How many of some sorted days lie between two, inclusive."""
    left, right = np.searchsorted(days, [low, high + 1])
    return int(right - left)


def frequency(events: Later, act: Act, pairs: Sequence[int], made: int) -> dict[str, float]:
    """How many events of each type that may settle it the pairs have a day, over the year before the promise."""
    found: dict[str, float] = {}
    for kind in later_types(act.type):
        groups = (events.groups.get((n, "occurred", kind)) for n in pairs)
        total = sum(between(g.first, made - YEAR, made - 1) for g in groups if g)
        if total:
            found[kind] = total / YEAR
    return found


def chosen(events: Later, act: Act, pairs: Sequence[int], days: tuple[int, int], due: int) -> list[str]:
    """Ids of the events to weigh for a pledge, by name."""
    kept = dict.fromkeys(events.links.get(act.id, ())[:PER_STATUS])
    for status in STATUSES:
        found: list[tuple[bool, int, str, int, int]] = []
        for kind in later_types(act.type):
            for pair in pairs:
                group = events.groups.get((pair, status, kind))
                if group is None:
                    continue
                known = events.known[pair, status, kind] if status == "announced" else None
                at = group.between(*days, known)
                far = np.abs(group.first[at] - due)
                some = np.argsort(far, kind="stable")[: PER_STATUS + 1].tolist()
                found += [(kind != act.type, int(far[n]), kind, pair, int(at[n])) for n in some]
        best = sorted(found)[: PER_STATUS + 1]
        names = [events.groups[pair, status, kind].ids[n].as_py() for _, _, kind, pair, n in best]
        kept |= dict.fromkeys([n for n in names if n != act.id][:PER_STATUS])
    return sorted(kept)
