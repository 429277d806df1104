"""Which part of a split event a later report belongs to: the one that it is more like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from comity.record.merge import ReportRow
from comity.record.merge.compare import may_match, side_of
from comity.record.merge.score import Scorer

COMPARED: Final = 8
"""Reports of each part that are looked at; the first by id."""
_FIELDS = frozenset(ReportRow.__struct_fields__)
Row = Mapping[str, Any]


def as_report(row: Row) -> ReportRow:
    """A row of `reports` with ``outlet`` and ``published`` as the merger takes it; nulls are left to the default."""
    told: dict[str, Any] = {"document": "", "sources": (), "targets": ()}
    told |= {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in _FIELDS and v is not None}
    return ReportRow(**told)


def nearer(row: Row, first: Iterable[Row], second: Iterable[Row]) -> bool:
    """Whether a report is more like the first reports than like the second."""
    scorer, side = Scorer(), side_of(as_report(row))

    def mean(rows: Iterable[Row]) -> float:
        others = [side_of(as_report(r)) for r in sorted(rows, key=lambda r: str(r["id"]))[:COMPARED]]
        return sum(scorer.score(side, o) for o in others if may_match(side, o)) / max(1, len(others))

    return mean(first) > mean(second)
