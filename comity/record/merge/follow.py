"""Events that belong together without being one: pledges and their fulfilment, facts and their denial."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from comity.model import Record
from comity.record.merge.compare import Side
from comity.record.merge.keys import compatible
from comity.record.merge.records import KnownEvent, MergedEvent, ReportRow
from comity.record.merge.score import Scorer

LOOKED_AT: Final = 5
"""Reports of an event that are compared for its pledge; the first by id."""
DISPUTED: Final = 0.8
"""Score from which a denial is of this act: a wrong dispute casts doubt on what is sure."""
EARLY: Final = timedelta(days=1)
Rows = dict[str, MergedEvent]


class Followed(Record, frozen=True):
    """Events that were made or changed, with their reports."""

    rows: Mapping[str, MergedEvent]
    members: Mapping[str, Sequence[ReportRow]]


def follow(scorer: Scorer, changed: Followed, known: Mapping[str, KnownEvent], deleted: set[str]) -> Rows:
    """The changed events, and known ones beside them, with pledges and disputes set.

    Each event that occurred takes the announced event that it fits best, told before it; what
    occurred and what is denied or only possible are named as disputes of each other.
    """
    rows: Rows = {e.id: e for k in known.values() if (e := k.event).id not in deleted} | dict(changed.rows)
    members = {e: k.reports for e, k in known.items() if e not in deleted} | dict(changed.members)
    before = dict(rows)
    fit = _Fit(scorer)
    blocks = _blocks(rows.values())
    touched = set(changed.rows)
    for event in sorted(touched):
        for other in sorted(_beside(rows[event], blocks)):
            if other != event and (other not in touched or event < other):
                _relate(fit, rows, members, event, other)
    _forget(rows, deleted)
    return {e: row for e, row in rows.items() if e in changed.rows or row != before[e]}


def _blocks(rows: Iterable[MergedEvent]) -> dict[str, set[str]]:
    """Events by each of their actors."""
    blocks: dict[str, set[str]] = {}
    for row in rows:
        for code in {*row.sources, *row.targets}:
            blocks.setdefault(code, set()).add(row.id)
    return blocks


def _beside(row: MergedEvent, blocks: Mapping[str, set[str]]) -> set[str]:
    codes = sorted({*row.sources, *row.targets})
    if len(codes) == 1:
        return set(blocks[codes[0]])
    shared: dict[str, int] = {}
    for code in codes:
        for other in blocks[code]:
            shared[other] = shared.get(other, 0) + 1
    return {other for other, count in shared.items() if count >= 2}


def _relate(fit: _Fit, rows: Rows, members: Mapping[str, Sequence[ReportRow]], first: str, second: str) -> None:
    """Set what two events of different status are to each other."""
    a, b = rows[first], rows[second]
    if a.status == b.status or not compatible(a.type, b.type):
        return
    statuses = {a.status, b.status}
    if statuses == {"occurred", "announced"}:
        done, told = (a, b) if a.status == "occurred" else (b, a)
        score = fit(members[done.id], members[told.id])
        if score >= fit.scorer.model.pledge and _in_time(done, told) and score > _held(fit, done, rows, members, told):
            rows[done.id] = msgspec.structs.replace(done, pledge=told.id)
    elif "occurred" in statuses and a.type == b.type and fit(members[first], members[second]) >= DISPUTED:
        rows[first] = msgspec.structs.replace(a, disputes=tuple(sorted({*a.disputes, second})))
        rows[second] = msgspec.structs.replace(b, disputes=tuple(sorted({*b.disputes, first})))


def _held(
    fit: _Fit, done: MergedEvent, rows: Rows, members: Mapping[str, Sequence[ReportRow]], other: MergedEvent
) -> float:
    """How well the pledge fits that an event has already; below 0 when it has none."""
    if done.pledge is None or done.pledge not in rows or done.pledge == other.id:
        return -1.0
    return fit(members[done.id], members[done.pledge])


def _in_time(done: MergedEvent, told: MergedEvent) -> bool:
    """Whether an act was announced before it happened, and happened within the days announced."""
    happened = done.date_end or done.date_start
    if happened is None or told.first_seen is None:
        return True
    return told.first_seen - EARLY <= happened


class _Fit:
    """The best score of a report of one event with a report of another whose windows meet."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self.sides: dict[str, Side] = {}

    def __call__(self, first: Sequence[ReportRow], second: Sequence[ReportRow]) -> float:
        best = 0.0
        for left in self._some(first):
            for right in self._some(second):
                if left.low <= right.high and right.low <= left.high:
                    best = max(best, self.scorer.kept_score(left, right))
        return best

    def _some(self, reports: Sequence[ReportRow]) -> list[Side]:
        some = sorted(reports, key=lambda r: r.id)[:LOOKED_AT]
        return [self.sides.get(r.id) or self.sides.setdefault(r.id, self.scorer.side(r)) for r in some]


def _forget(rows: Rows, deleted: set[str]) -> None:
    """Drop what points to events that are no more."""
    for event, row in rows.items():
        disputes = tuple(d for d in row.disputes if d not in deleted)
        pledge = None if row.pledge in deleted else row.pledge
        if disputes != row.disputes or pledge != row.pledge:
            rows[event] = msgspec.structs.replace(row, disputes=disputes, pledge=pledge)
