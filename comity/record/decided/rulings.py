"""Decisions as rulings for the merger: reports that somebody split are not united again by later documents.

Merged events need none: whatever holds one of their reports is shown as one, see `comity.record.decided.state`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comity.record.decided.attach import attach
from comity.record.decided.records import Decision, from_row, undone
from comity.record.index import Database
from comity.record.merge import Ruling

Pair = tuple[str, str]


class ReportRulings:
    """The rulings about any of the reports asked for, from pairs that are held apart."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._about: dict[str, list[Ruling]] = {}
        for first, second in sorted(pairs):
            ruling = Ruling(first=first, second=second, same=False)
            self._about.setdefault(first, []).append(ruling)
            self._about.setdefault(second, []).append(ruling)

    def __call__(self, reports: Sequence[str]) -> list[Ruling]:
        """Each ruling once."""
        return list(dict.fromkeys(ruling for report in reports for ruling in self._about.get(report, ())))


def rulings(database: Database) -> ReportRulings | None:
    """The rulings of a record as it is now, None where nothing is ruled."""
    rows = database.table("select * from raw_decisions order by time, id").to_pylist()
    pairs = ruled_apart([from_row(r) for r in rows], database)
    return ReportRulings(pairs) if pairs else None


def ruled_apart(decisions: Sequence[Decision], database: Database) -> set[Pair]:
    """Pairs of today's reports that a split in force holds apart and no later merge unites."""
    gone = undone(decisions)
    told = [d for d in decisions if d.kind in ("split", "merge") and d.id not in gone]
    if not any(d.kind == "split" for d in told):
        return set()
    found = attach(database, [a for d in told for a in d.anchors])
    apart: set[Pair] = set()
    for one in told:
        whole = {found[a.report] for a in one.anchors if a.report in found}
        if one.kind == "merge":
            apart -= {(a, b) for a in whole for b in whole}
            continue
        out = {found[a.report] for a in one.change.reports if a.report in found}
        apart |= {(min(a, b), max(a, b)) for a in out for b in whole - out}
    return apart
