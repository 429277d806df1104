"""Decide on events of a record: correct, reject, confirm, merge, split, add, undo; list, export, import.

Every function appends one row and changes none.  See `docs/decisions.md` and `comity.record.decided`.
"""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from comity.errors import BadDecision, BadDecisionFile, CannotWrite, UnknownDecision, UnknownDocument, UnknownEvent
from comity.paths import put
from comity.record.decided.additions import report_id
from comity.record.decided.attach import asked_table
from comity.record.decided.checking import checked, plain
from comity.record.decided.records import (
    ANCHORS,
    FIELDS,
    KINDS,
    OF_REPORTS,
    Added,
    Anchor,
    Change,
    Decision,
    Kind,
    Reading,
    Subject,
    decision,
    decision_id,
    from_row,
)
from comity.record.decided.state import Row, value
from comity.record.decided.unite import unite_again
from comity.record.manifest import now
from comity.record.merge.fields import event_id

if TYPE_CHECKING:
    from comity.record.store import Store

_TICK = timedelta(microseconds=1)
_CONFIRMED = tuple(f for f in FIELDS if f not in OF_REPORTS and not f.startswith("place") and f != "count")
_LONGEST = 2_000
"""Characters of a sentence that an event is added from."""


def default_author() -> str:
    """Who decides where nobody is named: COMITY_AUTHOR, else the name that git knows, else the user's."""
    given = os.environ.get("COMITY_AUTHOR", "").strip()
    if given:
        return given
    try:
        asked = subprocess.run(["git", "config", "user.name"], capture_output=True, timeout=5, check=False)
        if name := asked.stdout.decode("utf-8", "replace").strip():
            return name
    except (OSError, subprocess.SubprocessError):
        pass
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def correct(store: Store, event: str, *, reason: str, author: str | None = None, **fields: Any) -> Decision:
    """Correct type, mode, source, target, status, date, date_end, speaker, place, count or participants of an event.

    Raises `UnknownEvent`, `BadDecision`, `BadUsage`, `UnknownName`.
    """
    row = find(store, event)
    now_row = row | _told_of(store, row["id"])
    change = checked(store.names, now_row, **fields)
    return _decide(store, "correct", [row], reason, author, set=change)


def reject(store: Store, event: str, *, reason: str, author: str | None = None) -> Decision:
    """Say that an event is none: it is no longer shown, counted or exported.

    Raises `UnknownEvent`, `BadDecision` where it is rejected already.
    """
    row = find(store, event)
    made = [d for d in decisions(store, row["id"]) if d["kind"] == "reject" and d["state"] == "in force"]
    if made and store.query("select 1 from rejected_events where id = ?", [row["id"]]).num_rows:
        by, on, name = made[-1]["author"], f"{made[-1]['time']:%Y-%m-%d}", made[-1]["id"]
        raise BadDecision(f"{by} rejected it on {on}", about=row["id"], fix=f"`comity undo {name}` brings it back")
    return _decide(store, "reject", [row], reason, author)


def confirm(store: Store, event: str, *, reason: str = "read right", author: str | None = None) -> Decision:
    """Say that an event is as it was read, whatever is read later.  Raises `UnknownEvent`."""
    row = find(store, event)
    return _decide(store, "confirm", [row], reason, author, set={f: plain(row[f]) for f in _CONFIRMED})


def merge(store: Store, events: Sequence[str], *, reason: str, author: str | None = None) -> Decision:
    """Say that events are one; the first keeps its id and what it says.  Raises `UnknownEvent`, `BadDecision`."""
    rows = {row["id"]: row for row in (find(store, e) for e in events)}
    if len(rows) < 2:
        raise BadDecision("it takes two different events to merge", fix="name two or more: comity merge E1 E2")
    return _decide(store, "merge", list(rows.values()), reason, author)


def split(store: Store, event: str, reports: Sequence[str], *, reason: str, author: str | None = None) -> Decision:
    """Make an event of its own of some reports of an event.  Raises `UnknownEvent`, `BadDecision`."""
    row = find(store, event)
    held = {a.report: a for a in anchors_of(store, row, most=None)}
    taken: dict[str, Anchor] = {}
    for given in reports:
        named = [r for r in held if r == given] or [r for r in held if r.startswith(given)]
        if len(named) != 1:
            raise BadDecision(f"'{given}' is no report of this event", about=row["id"], fix=f"it has {', '.join(held)}")
        taken[named[0]] = held[named[0]]
    if not taken or len(taken) == len(held):
        raise BadDecision(
            "some reports must be taken out, and some must stay", about=row["id"], fix=f"it has {', '.join(held)}"
        )
    return _decide(store, "split", [row], reason, author, reports=tuple(taken.values()))


def add(
    store: Store, document: str, start: int, end: int, *, reason: str, author: str | None = None,
    symmetric: bool = False, **fields: Any,
) -> Decision:  # fmt: skip
    """Add an event that the reader missed: what a stretch of a document (in characters of its text) tells.

    ``fields`` are those of `correct`; the type and one actor are needed, the status is occurred where it is not given.
    ``document`` is an id or the unambiguous beginning of one.
    Raises `UnknownDocument`, `BadDecision`, `BadUsage`, `UnknownName`.
    """
    there = find_document(store, document)
    document = there["id"]
    text = store.text(document) or ""
    first, last = trimmed(text, start, end)
    said = checked(store.names, dict.fromkeys((*FIELDS, "date_start", "date_end")), **{"status": "occurred", **fields})
    if not said.get("type") or not (said.get("sources") or said.get("targets")):
        raise BadDecision("an event has a type and at least one actor", fix="give type, source and target")
    said |= {"symmetric": symmetric} if symmetric else {}
    when = _next_time(store)
    anchor = Anchor(
        report=report_id(document, first, last, said, when.isoformat()), type=said["type"], status=said["status"],
        document=document, key=there["key"], start=first, end=last, evidence=text[first:last],
        sources=tuple(said.get("sources") or ()), targets=tuple(said.get("targets") or ()),
        date_start=value("date_start", said.get("date_start")), date_end=value("date_end", said.get("date_end")),
    )  # fmt: skip
    _refuse_known(store, anchor)
    change = Change(added=Added(anchor=anchor, fields=said))
    return _append(store, "add", event_id(anchor.report), change, reason, author)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of a text without the blanks around it.  Raises `BadDecision` where nothing is left, or too much."""
    inside = 0 <= start < end <= len(text)
    part = text[start:end] if inside else ""
    if not part.strip() or len(part.strip()) > _LONGEST:
        raise BadDecision(
            f"{start} to {end} is no sentence of this text, which has {len(text):,} characters",
            fix=f"mark the words that tell the event, at most {_LONGEST:,} characters",
        )
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _refuse_known(store: Store, anchor: Anchor) -> None:
    """Refuse to add what is shown already: the same type and sides in the same words."""
    sql = (
        "select l.event, r.sources, r.targets from reports r join report_events l on l.report = r.id where r.document "
        "= ? and r.type = ? and r.evidence_start < ? and r.evidence_end > ?"
    )
    for row in store.query(sql, [anchor.document, anchor.type, anchor.end, anchor.start]).to_pylist():
        if ({*(row["sources"] or ())}, {*(row["targets"] or ())}) == ({*anchor.sources}, {*anchor.targets}):
            raise BadDecision("this is read from these words already", about=row["event"], fix="correct that event")


def undo(store: Store, name: str, *, reason: str, author: str | None = None) -> Decision:
    """Take a decision back; an undoing can be undone too.  Raises `UnknownDecision`."""
    row = undoable(store, name)
    change = Change(undoes=row["id"])
    with store.lock():
        one = _append(store, "undo", row["event"], change, reason, author)
        unite_again(store, [row])
    return one


def undoable(store: Store, name: str) -> Row:
    """A decision that is in force, by its id or the beginning of one.  Raises `UnknownDecision`."""
    listed = decisions(store)
    found = [d for d in listed if d["id"] == name] or [d for d in listed if d["id"].startswith(name)]
    if len(found) != 1:
        near = ", ".join(d["id"] for d in (found or listed)[-4:]) or "there are none"
        what = "several decisions begin so" if found else "there is no such decision"
        raise UnknownDecision(what, about=name, fix=f"see `comity decisions`: {near}")
    if found[0]["undone_by"]:
        again = f"undo {found[0]['undone_by']} to restore it"
        raise UnknownDecision("it was undone before", about=found[0]["id"], fix=again)
    return dict(found[0])


def find(store: Store, given: str) -> Row:
    """An event as it is shown, rejected ones too, by id, the beginning of one, or a report.  Raises `UnknownEvent`."""
    for sql in (
        "select * from events where id = ? union all by name select * from rejected_events where id = ?",
        "select e.* from events e join decided_renamed n on n.new = e.id where n.old = ? and ? <> ''",
        "select e.* from events e join report_events l on l.event = e.id where l.report = ? union all by name "
        "select e.* from rejected_events e join rejected_links l on l.event = e.id where l.report = ?",
    ):
        found = store.query(sql, [given, given]).to_pylist()
        if found:
            return dict(found[0])
    begun = store.query("select * from events where starts_with(id, ?) order by id limit 4", [given]).to_pylist()
    if len(begun) == 1 and len(given) > 2:
        return dict(begun[0])
    fix = f"it may be {', '.join(e['id'] for e in begun)}" if begun else "ids are shown by `comity show`"
    raise UnknownEvent("several events begin so" if len(begun) > 1 else "there is no such event", about=given, fix=fix)


def find_document(store: Store, given: str) -> Row:
    """Id and key of a document by its id or the beginning of one.  Raises `UnknownDocument`."""
    sql = "select id, key from documents where starts_with(id, ?) order by id <> ?, id limit 4"
    found = store.query(sql, [given, given]).to_pylist()
    if found and (found[0]["id"] == given or (len(found) == 1 and len(given) > 2)):
        return dict(found[0])
    fix = f"it may be {', '.join(d['id'] for d in found)}" if found else "ids are shown by `comity explain EVENT`"
    what = "several documents begin so" if len(found) > 1 else "there is no such document"
    raise UnknownDocument(what, about=given[:100], fix=fix)


def anchors_of(store: Store, event: Row, most: int | None = ANCHORS) -> tuple[Anchor, ...]:
    """Where the reports of an event stand, its founder first, then the surest."""
    return anchors(store, [event], most)[event["id"]]


def anchors(store: Store, events: Sequence[Row], most: int | None = ANCHORS) -> dict[str, tuple[Anchor, ...]]:
    """The same of several events, by their ids."""
    sql = (
        "select l.event, r.* exclude (words), d.key from (select * from report_events union all by name "
        "select * from rejected_links) l semi join asked a on l.event = a.name join all_reports r on r.id = l.report "
        "left join documents d on d.id = r.document order by r.confidence desc, r.id"
    )
    found: dict[str, list[Row]] = {e["id"]: [] for e in events}
    for row in asked_table(store.database(), sql, found).to_pylist():
        found[row["event"]].append(row)
    founders = {e["id"]: e.get("founder") for e in events}
    return {
        name: tuple(_anchor(r) for r in sorted(rows, key=lambda r: r["id"] != founders[name])[:most])
        for name, rows in found.items()
    }


def decisions(store: Store, event: str | None = None, *, orphaned: bool = False) -> list[dict[str, Any]]:
    """Decisions in order, with ``state`` (in force, undone, orphaned) and ``events``, those that they are about now."""
    sql = (
        "select d.*, s.state, coalesce((select list(a.event order by a.event) from decided_about a where a.decision = "
        "d.id), []) as events from decisions d left join decided_state s on s.decision = d.id order by d.time, d.id"
    )
    rows: list[dict[str, Any]] = store.query(sql).to_pylist()
    if event is not None:
        name = find(store, event)["id"]
        about = {r["id"] for r in rows if name in r["events"] or event == r["event"]}
        rows = [r for r in rows if r["id"] in about or msgspec.json.decode(r["change"]).get("undoes") in about]
    return [r for r in rows if not orphaned or r["state"] == "orphaned"]


def export(store: Store, path: Path) -> int:
    """Write all decisions as JSON lines; how many.  Raises `CannotWrite`."""
    rows = store.query("select * from raw_decisions order by time, id").to_pylist()
    data = b"".join(msgspec.json.encode(from_row(r)) + b"\n" for r in rows)
    try:
        put(path, lambda file: file.write(data))
    except OSError as error:
        raise CannotWrite(f"cannot be written: {error.strerror}", about=str(path), fix="name another file") from None
    return len(rows)


def import_(store: Store, path: Path) -> tuple[int, int]:
    """Take decisions from JSON lines: how many are new, and how many were there.

    All or nothing.  Raises `BadDecisionFile` with the line.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise BadDecisionFile(f"cannot be read: {error.strerror}", about=str(path), fix="check the name") from None
    given = {d.id: d for n, line in enumerate(lines, 1) if line.strip() for d in [_read_line(path, n, line)]}
    with store.lock():
        there = set(store.query("select id from raw_decisions").column(0).to_pylist())
        new = [d for d in given.values() if d.id not in there]
        if new:
            store.append("decisions", [d.row() for d in new])
            gone = {d.change.undoes for d in new if d.kind == "undo"}
            unite_again(store, [r for r in decisions(store) if r["id"] in gone and r["state"] == "undone"])
    return len(new), len(given) - len(new)


def _read_line(path: Path, number: int, line: bytes) -> Decision:
    about, fix = f"{path}:{number}", "take the file as `comity decisions --export` wrote it"
    try:
        one = msgspec.json.decode(line, type=Decision)
    except msgspec.DecodeError as error:
        raise BadDecisionFile(f"this is no decision: {error}", about=about, fix=fix) from None
    if one.time.tzinfo is None:
        raise BadDecisionFile("the time has no zone", about=about, fix=fix)
    if one.kind not in KINDS or one.id != decision_id(
        one.kind, one.event, one.change, one.author, one.time, one.reason
    ):
        raise BadDecisionFile("the id does not fit what is said", about=about, fix=fix)
    return one


def _decide(
    store: Store,
    kind: Kind,
    events: Iterable[Row],
    reason: str,
    author: str | None,
    *,
    set: dict[str, Any] | None = None,
    reports: tuple[Anchor, ...] = (),
) -> Decision:
    rows = list(events)
    change = Change(
        set=set or {},
        subjects=tuple(Subject(event=r["id"], anchors=anchors_of(store, r)) for r in rows),
        reports=reports,
        read=reading(rows[0]),
    )
    return _append(store, kind, rows[0]["id"], change, reason, author)


def _append(store: Store, kind: Kind, event: str, change: Change, reason: str, author: str | None) -> Decision:
    """Append a decision; its time is later than that of every other one, so that their order is clear."""
    if not reason.strip():
        raise BadDecision("a decision needs a reason", about=event, fix="give it with --reason")
    with store.lock():
        one = decision(kind, event, change, author or default_author(), _next_time(store), reason.strip())
        store.append("decisions", [one.row()])
    return one


def _next_time(store: Store) -> datetime:
    """Now, or just after the newest decision."""
    last = store.query("select max(time) from raw_decisions").column(0)[0].as_py()
    return max(now().astimezone(UTC), last + _TICK) if isinstance(last, datetime) else now().astimezone(UTC)


def reading(row: Row) -> Reading:
    """An event as it stands."""
    fields = {f: row.get(f) for f in Reading.__struct_fields__}
    return Reading(**fields | {"sources": tuple(row["sources"] or ()), "targets": tuple(row["targets"] or ())})


def _anchor(row: Row) -> Anchor:
    return Anchor(
        report=row["id"],
        type=row["type"],
        status=row["status"],
        document=row["document"],
        key=row["key"],
        run=row["run"],
        start=row["evidence_start"],
        end=row["evidence_end"],
        evidence=row["evidence"] or "",
        word_start=row["anchor_start"],
        word_end=row["anchor_end"],
        word=row["anchor"] or "",
        sources=tuple(row["sources"] or ()),
        targets=tuple(row["targets"] or ()),
        date_start=row["date_start"],
        date_end=row["date_end"],
    )


def _told_of(store: Store, event: str) -> Row:
    """Speaker and participants of the surest report, as they are after all decisions."""
    sql = (
        "select r.speaker_name, r.speaker_state, r.participants from reports r join report_events l on l.report = r.id "
        "where l.event = ? order by r.confidence desc, r.id limit 1"
    )
    found = store.query(sql, [event]).to_pylist()
    if not found:
        return {}
    parts = msgspec.json.decode(found[0]["participants"] or "[]")
    kept = [{f: p.get(f) for f in ("role", "name", "office", "state")} for p in parts]
    return {**found[0], "participants": kept}


def doubtful(store: Store, limit: int) -> list[dict[str, Any]]:
    """The events that are read with the least confidence and not yet judged, with up to three of their reports.

    Events that are told otherwise elsewhere come before others of like confidence; imported events,
    which have no sentence, are left out.
    """
    sql = (
        "select * from events e where imported_from is null and not exists (select 1 from decided_about a where "
        "a.event = e.id) order by coalesce(confidence, 0) - case when len(disputes) > 0 then 0.1 else 0 end, "
        "date_start desc nulls last, id limit ?"
    )
    rows = store.query(sql, [limit]).to_pylist()
    sql = (
        "select l.event, r.id as report, r.document, r.evidence, r.why, r.confidence from report_events l "
        "semi join asked a on l.event = a.name join raw_reports r on r.id = l.report order by r.confidence desc, r.id"
    )
    told: dict[str, list[dict[str, Any]]] = {r["id"]: [] for r in rows}
    for row in asked_table(store.database(), sql, told).to_pylist():
        told[row["event"]].append(row)
    return [{**r, "told": told[r["id"]][:3]} for r in rows]
