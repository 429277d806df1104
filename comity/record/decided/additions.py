"""Events that somebody added: where they stand today, and the rows that they are shown by.

An added event is the report of one sentence.  It stays while its document is in the record, or another version of it
that has the sentence; when a newer reader finds the same (type and both sides) in that sentence, it becomes that event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from comity.record import segments
from comity.record.decided.attach import agreement, asked_table, near
from comity.record.decided.records import BY_HAND, Anchor, Decision, undone
from comity.record.decided.sides import anchored
from comity.record.index import Database
from comity.record.manifest import load
from comity.record.query import words

Row = dict[str, Any]
_FIELDS = ("type", "mode", "cameo", "status", "sources", "targets", "precision", "speaker_name", "speaker_state",
           "place_name", "place_country", "place_lat", "place_lon", "count")  # fmt: skip
_HOMES = (
    "select d.id, d.key, d.source as outlet, d.published, d.added, d.generation, s.story from documents d "
    "left join stories s on s.document = d.id semi join asked a on a.name in (d.id, d.key) order by d.added, d.id"
)


def report_id(document: str, start: int, end: int, fields: Mapping[str, Any], time: str) -> str:
    """The id of the report of an added event."""
    said = msgspec.json.encode([document, start, end, dict(fields), time])
    return "r-" + blake2b(said, digest_size=8).hexdigest()


def additions(decisions: Sequence[Decision]) -> list[Decision]:
    """The additions that are in force."""
    gone = undone(decisions)
    return [d for d in decisions if d.kind == "add" and d.id not in gone and d.change.added]


def stand(database: Database, added: Sequence[Decision], taken: Iterable[str]) -> tuple[dict[str, str], dict[str, Row]]:
    """For the reports of added events the report of today, and the rows of those that no reader has found since.

    ``taken`` are reports that other decisions were found to be about.
    """
    anchors = [d.change.added.anchor for d in added if d.change.added]
    found = since_read(near(database, anchors), anchors, set(taken)) if anchors else {}
    left = [d for d in added if d.change.added and d.change.added.anchor.report not in found]
    rows = {r["id"]: r for r in rows_of(database, left)}
    return found | {name: name for name in rows}, rows


def since_read(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], anchors: Sequence[Anchor], taken: set[str]
) -> dict[str, str]:
    """The reports in which a reader now tells the same: type and both sides in that sentence."""
    found: dict[str, str] = {}
    for one in anchors:
        for row in rows.get(one.document or "", ()):
            same = (one.type, {*one.sources}, {*one.targets}) == (
                row["type"], {*(row["sources"] or ())}, {*(row["targets"] or ())},
            )  # fmt: skip
            if same and row["id"] not in taken and agreement(one, row) is not None:
                found[one.report] = row["id"]
                taken.add(row["id"])
                break
    return found


def rows_of(database: Database, added: Sequence[Decision]) -> list[Row]:
    """Rows of `reports` (with ``outlet``, ``published``, ``added`` and ``story``) of added events with a document."""
    if not added:
        return []
    names = {n for d in added for a in d.anchors for n in (a.document, a.key) if n}
    homes: dict[str, Row] = {}
    for row in asked_table(database, _HOMES, sorted(names)).to_pylist():
        homes |= {row["id"]: row, f"key {row['key']}": row}
    return [row for d in added if (row := row_of(database, d, homes)) is not None]


def row_of(database: Database, one: Decision, homes: Mapping[str, Row]) -> Row | None:
    """The row of an added event, None where its sentence is nowhere."""
    assert one.change.added is not None
    anchor, fields = one.change.added.anchor, one.change.added.fields
    start, end = anchor.start, anchor.end
    home = homes.get(anchor.document or "")
    if home is None:
        home = homes.get(f"key {anchor.key}")
        at = text_of(database, home).find(anchor.evidence) if home and anchor.evidence else -1
        if home is None or at < 0:
            return None
        start, end = at, at + len(anchor.evidence)
    row = dict.fromkeys(_FIELDS) | {k: v for k, v in fields.items() if k != "participants"}
    row |= {
        "id": anchor.report, "document": home["id"], "evidence_start": start, "evidence_end": end,
        "evidence": anchor.evidence, "words": f" {words(anchor.evidence)} ", "date_start": anchor.date_start,
        "date_end": anchor.date_end, "symmetric": bool(fields.get("symmetric")), "confidence": 1.0, "run": BY_HAND,
        "why": [f"added by {one.author} on {one.time:%Y-%m-%d}: {one.reason}"],
        **{f: home[f] for f in ("outlet", "published", "added", "story")}, "imported_from": None,
        **dict.fromkeys(("anchor_start", "anchor_end", "anchor", "speaker_office", "extra")),
    }  # fmt: skip
    row["precision"] = row["precision"] or "unknown"
    return row | {"participants": anchored(fields.get("participants") or (), row)}


def text_of(database: Database, home: Row) -> str:
    """The text of a document."""
    for segment in reversed(load(database.folder).of("documents")):
        if segment.first <= home["generation"] <= segment.last:
            rows = segments.read_segment(database.folder, segment, ["id", "text"])
            texts = [t for i, t in zip(*(c.to_pylist() for c in rows.columns), strict=True) if i == home["id"]]
            if texts:
                return str(texts[-1] or "")
    return ""
