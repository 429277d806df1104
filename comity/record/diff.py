"""What two runs read differently: from the rows as each run wrote them, which are all kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process

from comity.errors import BadUsage
from comity.model import Record
from comity.record.segments import read_segment
from comity.record.wording import many

if TYPE_CHECKING:
    from comity.record.store import Store

COMPARED = (
    "type", "mode", "cameo", "status", "sources", "targets", "date_start", "date_end", "precision", "speaker_name",
    "count", "place_name", "confidence",
)  # fmt: skip
_COLUMNS = ("id", "document", "evidence", "anchor_start", "run", *COMPARED)


class Change(Record, frozen=True):
    """One report that differs: ``kind`` is added, removed or changed; ``fields`` maps each to (before, after)."""

    kind: str
    document: str
    report: str
    evidence: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    fields: dict[str, tuple[Any, Any]]


class Difference(Record, frozen=True):
    """Two runs side by side.  ``both`` counts documents that both of them read; only those are compared."""

    first: str
    second: str
    versions: dict[str, tuple[str | None, str | None]]
    documents: tuple[int, int]
    both: int
    same: int
    changes: tuple[Change, ...]


def diff(store: Store, first: str, second: str) -> Difference:
    """Compare what two runs read; runs by id, its beginning, "last", or a number as in the list of runs."""
    runs = store.runs().to_pylist()
    one, two = _run(runs, first), _run(runs, second)
    old, new = _read_by(store, one["id"]), _read_by(store, two["id"])
    both = old.keys() & new.keys()
    changes: list[Change] = []
    same = 0
    for document in sorted(both):
        same += _compare(document, old[document], new[document], changes)
    names = ("program", "model", "knowledge")
    return Difference(
        first=one["id"],
        second=two["id"],
        versions={n: (one[n], two[n]) for n in names if one[n] != two[n]},
        documents=(len(old), len(new)),
        both=len(both),
        same=same,
        changes=tuple(changes),
    )


def _run(runs: list[dict[str, Any]], given: str) -> dict[str, Any]:
    if given == "last" and runs:
        return runs[-1]
    if given.isdigit() and 1 <= int(given) <= len(runs):
        return runs[int(given) - 1]
    found = [r for r in runs if r["id"].startswith(given)]
    if len(found) == 1:
        return found[0]
    near = [name for name, _, _ in process.extract(given, [r["id"] for r in runs], limit=3)]
    fix = f"there {'is' if len(runs) == 1 else 'are'} {many(len(runs), 'run')}, see `comity runs`"
    fix += f"; perhaps {', '.join(near)}" if near else ""
    raise BadUsage(f"no run is called '{given}'" if not found else f"several runs begin with '{given}'", fix=fix)


def _read_by(store: Store, run: str) -> dict[str, list[dict[str, Any]]]:
    """The reports that a run wrote, by document; a document without any has an empty list."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(store, "documents", ("id", "run"), run):
        found.setdefault(row["id"], [])
    for row in _rows(store, "reports", _COLUMNS, run):
        found.setdefault(row["document"], []).append(row)
    return found


def _rows(store: Store, name: str, columns: tuple[str, ...], run: str) -> list[dict[str, Any]]:
    parts = [read_segment(store.path, s, columns) for s in store.manifest.of(name)]
    if not parts:
        return []
    rows = pa.concat_tables(parts)
    return list(rows.filter(pc.equal(rows.column("run"), run)).to_pylist())


def _compare(document: str, old: list[dict[str, Any]], new: list[dict[str, Any]], changes: list[Change]) -> int:
    """Note what differs in one document; how many reports are the same.

    Reports that differ in their id but tell of the same word are one that changed.
    """
    before = {r["id"]: r for r in old}
    after = {r["id"]: r for r in new}
    pairs = [(before.pop(i), after.pop(i)) for i in sorted(before.keys() & after.keys())]
    spots = {r["anchor_start"]: r for r in before.values() if r["anchor_start"] is not None}
    for row in list(after.values()):
        earlier = spots.pop(row["anchor_start"], None)
        if earlier is not None:
            pairs.append((before.pop(earlier["id"]), after.pop(row["id"])))
    same = 0
    for was, now in pairs:
        fields = {f: (was[f], now[f]) for f in COMPARED if was[f] != now[f]}
        if fields:
            changes.append(_change("changed", document, was, now, fields))
        same += not fields
    changes += [_change("removed", document, r, None, {}) for r in before.values()]
    changes += [_change("added", document, None, r, {}) for r in after.values()]
    return same


def _change(
    kind: str,
    document: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    fields: dict[str, tuple[Any, Any]],
) -> Change:
    row = after or before or {}
    return Change(
        kind=kind,
        document=document,
        report=row.get("id", ""),
        evidence=row.get("evidence") or "",
        before=before,
        after=after,
        fields=fields,
    )
