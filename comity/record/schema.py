"""The tables of a record: columns, primary keys, and the version of them all.

A row is never edited.  A later row of the same primary key replaces an earlier
one, and a row with ``deleted`` set removes it; see ``docs/record.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from comity.errors import BadUsage
from comity.model import Record

VERSION = 1
"""The version of the tables.  A change of a column needs a step in `comity.record.migrations`."""

_TEXT, _INT, _REAL, _DAY, _FLAG = pa.string(), pa.int32(), pa.float64(), pa.date32(), pa.bool_()
_TIME = pa.timestamp("us", tz="UTC")
_TEXTS = pa.list_(pa.string())
_HASHES = pa.list_(pa.uint64())

_PLACE = {"place_name": _TEXT, "place_country": _TEXT, "place_lat": _REAL, "place_lon": _REAL}
_WHAT = {"type": _TEXT, "mode": _TEXT, "cameo": _TEXT, "status": _TEXT, "sources": _TEXTS, "targets": _TEXTS}
_WHEN = {"date_start": _DAY, "date_end": _DAY, "precision": _TEXT}


class Table(Record, frozen=True):
    """One table.  ``derived`` tables follow from others (merged events): old versions of their rows may be dropped."""

    name: str
    columns: Mapping[str, Any]
    key: tuple[str, ...]
    derived: bool = False

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, with the column ``deleted`` that every table ends in."""
        return pa.schema([*self.columns.items(), ("deleted", _FLAG)])

    def rows(self, rows: pa.Table | Iterable[Mapping[str, Any]]) -> pa.Table:
        """Rows as an Arrow table of this schema: missing columns are null, unknown ones are refused."""
        if not isinstance(rows, pa.Table):
            listed = [dict(r) for r in rows]
            unknown = {name for r in listed for name in r} - set(self.schema.names)
            self._refuse(unknown)
            return pa.Table.from_pylist(listed, schema=self.schema)
        self._refuse(set(rows.column_names) - set(self.schema.names))
        columns = [
            rows.column(f.name).cast(f.type) if f.name in rows.column_names else pa.nulls(rows.num_rows, f.type)
            for f in self.schema
        ]
        return pa.table(columns, schema=self.schema)

    def _refuse(self, unknown: set[str]) -> None:
        if unknown:
            names = ", ".join(sorted(unknown))
            raise BadUsage(f"table '{self.name}' has no column {names}", fix=f"it has {', '.join(self.schema.names)}")


def _tables(*tables: Table) -> Mapping[str, Table]:
    return MappingProxyType({t.name: t for t in tables})


TABLES = _tables(
    Table(
        name="documents",
        columns={
            "id": _TEXT,
            "key": _TEXT,
            "name": _TEXT,
            "title": _TEXT,
            "published": _DAY,
            "source": _TEXT,
            "url": _TEXT,
            "language": _TEXT,
            "text": _TEXT,
            "content_hash": _TEXT,
            "added": _TIME,
            "run": _TEXT,
        },
        key=("id",),
    ),
    # Which story (cluster of copies, updates and translations) a document belongs to, and what finds its neighbours:
    # see `comity.record.merge.records.StoryRow`.
    Table(
        name="stories",
        columns={
            "document": _TEXT,
            "story": _TEXT,
            "content": _TEXT,
            "signature": pa.binary(),
            "shingles": _INT,
            "published": _DAY,
            "outlet": _TEXT,
            "entities": _HASHES,
            "quotations": _HASHES,
            "acts": _HASHES,
            "marks": _TEXTS,
        },
        key=("document",),
        derived=True,
    ),
    Table(
        name="sentences",
        columns={"document": _TEXT, "number": _INT, "start": _INT, "end": _INT, "kind": _TEXT},
        key=("document", "number"),
    ),
    Table(
        name="mentions",
        columns={
            "document": _TEXT,
            "number": _INT,
            "start": _INT,
            "end": _INT,
            "actor": _TEXT,
            "state": _TEXT,
            "how": _TEXT,
            "confidence": _REAL,
        },
        key=("document", "number"),
    ),
    # One event as one document tells it.  ``participants`` and ``extra`` are JSON; offsets are in characters of the
    # text of the document; an imported report has no document, and null offsets.  ``keys`` and the window are those
    # of `comity.record.merge`, null in reports that are not merged.
    Table(
        name="reports",
        columns={
            "id": _TEXT,
            "document": _TEXT,
            **_WHAT,
            "participants": _TEXT,
            **_WHEN,
            "evidence_start": _INT,
            "evidence_end": _INT,
            "evidence": _TEXT,
            "anchor_start": _INT,
            "anchor_end": _INT,
            "anchor": _TEXT,
            "speaker_name": _TEXT,
            "speaker_state": _TEXT,
            "speaker_office": _TEXT,
            "count": _INT,
            **_PLACE,
            "symmetric": _FLAG,
            "confidence": _REAL,
            "why": _TEXTS,
            "extra": _TEXT,
            "keys": _TEXTS,
            "window_low": _DAY,
            "window_high": _DAY,
            "run": _TEXT,
        },
        key=("id",),
    ),
    # What the reports of one event agree on.  ``reports``, ``outlets``, ``stories`` and ``documents`` count them;
    # ``pledge`` is the announced event that this one fulfils, ``confidence`` that of the surest report.
    Table(
        name="events",
        columns={
            "id": _TEXT,
            **_WHAT,
            **_WHEN,
            **_PLACE,
            "count": _INT,
            "symmetric": _FLAG,
            "confidence": _REAL,
            "reports": _INT,
            "outlets": _INT,
            "stories": _INT,
            "documents": _INT,
            "first_seen": _DAY,
            "founder": _TEXT,
            "pledge": _TEXT,
            "disputes": _TEXTS,
            "imported_from": _TEXT,
            "why": _TEXTS,
            "run": _TEXT,
        },
        key=("id",),
        derived=True,
    ),
    Table(
        name="report_events",
        columns={"report": _TEXT, "event": _TEXT, "score": _REAL, "why": _TEXTS},
        key=("report",),
        derived=True,
    ),
    Table(
        name="quotations",
        columns={
            "id": _TEXT,
            "document": _TEXT,
            "start": _INT,
            "end": _INT,
            "text": _TEXT,
            "kind": _TEXT,
            "speaker_name": _TEXT,
            "speaker_state": _TEXT,
            "addressee_name": _TEXT,
            "addressee_state": _TEXT,
            "cue": _TEXT,
            "run": _TEXT,
        },
        key=("id",),
    ),
    # Feeds and other sources that are read again; ``state`` is JSON of whoever polls them.
    Table(
        name="sources",
        columns={
            "url": _TEXT,
            "name": _TEXT,
            "kind": _TEXT,
            "last_read": _TIME,
            "etag": _TEXT,
            "last_modified": _TEXT,
            "state": _TEXT,
        },
        key=("url",),
    ),
    # What was given to a run and what became of it: kept, passed over (kept, but not parsed) or duplicate.
    # ``content_hash`` is of the bytes.
    Table(
        name="inputs",
        columns={"key": _TEXT, "content_hash": _TEXT, "document": _TEXT, "outcome": _TEXT, "run": _TEXT},
        key=("key", "content_hash"),
    ),
    Table(
        name="skipped",
        columns={
            "key": _TEXT,
            "content_hash": _TEXT,
            "run": _TEXT,
            "code": _TEXT,
            "message": _TEXT,
            "fix": _TEXT,
        },
        key=("key",),
    ),
    # ``counts`` is JSON.
    Table(
        name="runs",
        columns={
            "id": _TEXT,
            "started": _TIME,
            "ended": _TIME,
            "program": _TEXT,
            "model": _TEXT,
            "knowledge": _TEXT,
            "command": _TEXT,
            "counts": _TEXT,
        },
        key=("id",),
    ),
    # ``change`` is JSON.
    Table(
        name="decisions",
        columns={
            "id": _TEXT,
            "event": _TEXT,
            "kind": _TEXT,
            "change": _TEXT,
            "author": _TEXT,
            "time": _TIME,
            "reason": _TEXT,
            "undone_by": _TEXT,
        },
        key=("id",),
    ),
)


def table(name: str) -> Table:
    """The table of this name, or `BadUsage`."""
    found = TABLES.get(name)
    if found is None:
        raise BadUsage(f"a record has no table '{name}'", fix=f"it has {', '.join(TABLES)}")
    return found
