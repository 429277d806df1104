"""What the record has already near to a round: looked up by the head in the index, from tables of the round."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from comity.engine.records import Told, packed
from comity.record.decided.attach import answer
from comity.record.index import Database
from comity.record.merge import Lookup, MergedEvent, ReportRow, StoryRow, window_of
from comity.record.merge.keys import lookup_keys
from comity.record.neighbours import StoredNeighbourhood


def stories_near(database: Database, folder: Path) -> list[StoryRow]:
    """Rows of all documents of the stories of which one has a mark of the new documents."""
    near = StoredNeighbourhood(database)
    if near.has_stories:
        for batch in _batches(folder / "stories", ["marks"]):
            near.near(sorted({m for marks in batch.column("marks").to_pylist() for m in marks}))
        near.stories(sorted({row.story for row in near.rows.values()}))
    return sorted(near.rows.values(), key=lambda r: r.document)


def reports_near(database: Database, folder: Path, moved: Sequence[str]) -> list[dict[str, Any]]:
    """All reports of the events near the new reports, or of documents whose story changed, as rows of ``reports``."""
    near = StoredNeighbourhood(database)
    if not near.has_reports:
        return []
    near.of_documents(sorted(moved))
    for batch in _batches(folder / "reports", ["told"]):
        lookups = []
        for data in batch.column("told").to_pylist():
            report = msgspec.msgpack.decode(data, type=Told).report
            low, high = window_of(report)
            lookups.append(Lookup(keys=lookup_keys(report), low=low, high=high))
        near.candidates(lookups)
    return [_row(near, report) for _, report in sorted(near.reports.items())]


def _row(near: StoredNeighbourhood, report: ReportRow) -> dict[str, Any]:
    event = near.event_of[report.id]
    known: MergedEvent = near.events[event]
    # the row of the event travels with its founder, and with every report where that is not among them
    carries = known.founder == report.id or known.founder not in near.reports
    told = Told(
        report=report,
        order=-1,
        cameo=near.cameo.get(report.id),
        event=event,
        known=known if carries else None,
    )
    return {"report": report.id, "document": report.document, "told": packed(told), "founder": known.founder}


def stories_of(database: Database, documents: Sequence[str]) -> dict[str, str]:
    """The stories of documents of the record."""
    sql = "select s.document, s.story from stories s semi join asked a on s.document = a.name"
    return dict(answer(database, sql, sorted(set(documents))))


def not_noted(database: Database, skipped: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was skipped, without what the record says of the same input for the same reason."""
    if not skipped:
        return []
    sql = "select s.key, s.content_hash, s.code from skipped s semi join asked a on s.key = a.name"
    noted = set(answer(database, sql, sorted({row["key"] for row in skipped})))
    return [row for row in skipped if (row["key"], row["content_hash"], row["code"]) not in noted]


def _batches(folder: Path, columns: list[str]) -> list[pa.RecordBatch]:
    files = sorted(folder.rglob("*.parquet"))
    return [batch for file in files for batch in pq.ParquetFile(file).iter_batches(2_000, columns=columns)]
