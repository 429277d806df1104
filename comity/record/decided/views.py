"""The tables of the index as they are after all decisions.

``raw_events``, ``raw_reports`` and ``raw_report_events`` are what was read and merged; ``events``,
``reports`` and ``report_events`` what is shown: rejected events and their reports are not among them, corrected fields
are in both.  ``rejected_events`` and ``rejected_links`` hold what was rejected, ``decided_renamed(old,
new)`` events that were merged away, ``all_reports`` what was read and what was added,
``decided_about(decision, event)`` and ``decided_state(decision,
state, undone_by)`` what became of each decision.  ``decisions.undone_by`` is filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa

from comity.record.decided.additions import additions, stand
from comity.record.decided.attach import answer, asked_table, attach
from comity.record.decided.records import Decision, from_row, undone
from comity.record.decided.state import Event, State, corrected, value
from comity.record.index import Database

RAW: Final = MappingProxyType(
    {
        "events": "raw_events",
        "reports": "raw_reports",
        "report_events": "raw_report_events",
        "decisions": "raw_decisions",
    }
)
"""Names of the tables as they were read."""
_TEXTS = ("decided_renamed", ("old", "new")), ("decided_about", ("decision", "event")), (
    "decided_state", ("decision", "state", "undone_by"),
)  # fmt: skip


def apply(database: Database) -> None:
    """Define the tables that are shown from the raw ones."""
    decisions = load(database)
    if not decisions:
        _plain(database)
        return
    added = additions(decisions)
    mine = {d.change.added.anchor.report for d in decisions if d.change.added}
    found = attach(database, [a for d in decisions for a in d.anchors if a.report not in mine])
    there, rows = stand(database, added, found.values())
    state = _state(database, decisions, found | there, rows)
    _show(database, decisions, state)


def load(database: Database) -> list[Decision]:
    """All decisions in order."""
    rows = database.table("select * from raw_decisions order by time, id").to_pylist()
    return [from_row(r) for r in rows]


def _plain(database: Database) -> None:
    for name, raw in RAW.items():
        database.run(f"create or replace temp view {name} as select * from {raw}")
    for name, columns in _TEXTS:
        _texts(database, name, columns, ())
    database.run("create or replace temp view all_reports as select * from raw_reports")
    _table(database, "rejected_events", "raw_events", ())
    _table(database, "rejected_links", "raw_report_events", ())


def _state(
    database: Database, decisions: Sequence[Decision], found: Mapping[str, str], added: Mapping[str, dict[str, Any]]
) -> State:
    """The decisions carried out on the events that they touch."""
    sql = "select l.event from raw_report_events l semi join asked a on l.report = a.name"
    names = {name for (name,) in answer(database, sql, set(found.values()))}
    sql = "select e.* from raw_events e semi join asked a on e.id = a.name"
    events = {row["id"]: row for row in asked_table(database, sql, names).to_pylist()}
    sql = (
        "select l.event, r.* exclude (words), d.source as outlet, d.published, d.added, s.story, e.imported_from "
        "from raw_report_events l semi join asked a on l.event = a.name join raw_reports r on r.id = l.report "
        "join raw_events e on e.id = l.event left join documents d on d.id = r.document "
        "left join stories s on s.document = r.document order by r.id"
    )
    state = State(events, asked_table(database, sql, names).to_pylist(), found, added)
    state.run(decisions)
    return state


def _show(database: Database, decisions: Sequence[Decision], state: State) -> None:
    touched = [e for e in state.events.values() if e.touched]
    kept = [e for e in touched if not e.rejected]
    rejected = [e for e in touched if e.rejected]
    gone = {e.name for e in touched} | set(state.renamed)
    rows = [_row(e) for e in kept]
    beside = _beside(database, {**state.renamed, **{e.name: "" for e in rejected}}, gone)
    for row in (*rows, *beside):
        _repoint(row, state, {e.name for e in rejected})
    _layer(database, "events", "id", [*gone, *(r["id"] for r in beside)], [*rows, *beside])
    _table(database, "rejected_events", "raw_events", [_row(e) for e in rejected])
    _links(database, kept, rejected)
    _reports(database, kept, rejected, state.added)
    _texts(database, "decided_renamed", ("old", "new"), [(old, state.current(old)) for old in sorted(state.renamed)])
    about = [(d, e) for d, names in state.about.items() for e in names]
    _texts(database, "decided_about", ("decision", "event"), about)
    _decisions(database, decisions, state)


def _row(event: Event) -> dict[str, Any]:
    row = corrected(event.row, event.set)
    return row | {"id": event.name, "why": [*(row["why"] or ()), *event.notes]}


def _beside(database: Database, moved: Mapping[str, str], gone: set[str]) -> list[dict[str, Any]]:
    """Other events that point to events which are no more.

    Few events point to others at all: they are looked for once for each connection, for what was read is the same as
    long as it lasts.
    """
    if not moved:
        return []
    database.run(
        "create temp table if not exists pointing_events as select id, pledge, disputes from raw_events "
        "where pledge is not null or len(disputes) > 0"
    )
    names = "(select list(name) from asked)"
    sql = (
        "select e.* from raw_events e semi join (select id from pointing_events where pledge in (select name from "
        f"asked) or list_has_any(disputes, {names})) p on p.id = e.id"
    )
    return [r for r in asked_table(database, sql, moved).to_pylist() if r["id"] not in gone]


def _repoint(row: dict[str, Any], state: State, rejected: set[str]) -> None:
    """Lead pledges and disputes to events that are there."""
    pledge = state.current(row["pledge"]) if row["pledge"] else None
    row["pledge"] = None if pledge in rejected or pledge == row["id"] else pledge
    now = dict.fromkeys(state.current(d) for d in row["disputes"] or ())
    row["disputes"] = [d for d in now if d not in rejected and d != row["id"]]


def _links(database: Database, kept: Sequence[Event], rejected: Sequence[Event]) -> None:
    names = [r for e in (*kept, *rejected) for r in e.reports]
    sql = "select l.* from raw_report_events l semi join asked a on l.report = a.name"
    links = {row["report"]: row for row in asked_table(database, sql, names).to_pylist()}
    own = {"score": 1.0, "why": ["added by hand"]}
    now = [
        [links.get(r, own | {"report": r}) | {"event": e.name} for e in part for r in sorted(e.reports)]
        for part in (kept, rejected)
    ]
    _layer(database, "report_events", "report", names, now[0])
    _table(database, "rejected_links", "raw_report_events", now[1])


def _reports(
    database: Database, kept: Sequence[Event], rejected: Sequence[Event], added: Mapping[str, Mapping[str, Any]]
) -> None:
    """Reports of corrected events say what was corrected; those of rejected ones are left out.

    ``all_reports`` are those that were read and those that were added, without any correction.
    """
    fields = {r: e.set for e in kept if e.set for r in e.reports}
    sql = "select r.* from raw_reports r semi join asked a on r.id = a.name"
    rows = [corrected(row, fields[row["id"]]) for row in asked_table(database, sql, fields).to_pylist()]
    rows += [corrected(dict(added[r]), e.set) for e in kept for r in sorted(e.reports) if r in added]
    _layer(database, "reports", "id", [*fields, *(r for e in rejected for r in e.reports)], rows)
    _table(database, "added_reports", "raw_reports", list(added.values()))
    database.run(
        "create or replace temp view all_reports as select * from raw_reports union all by name "
        "select * from added_reports"
    )


def _decisions(database: Database, decisions: Sequence[Decision], state: State) -> None:
    gone = undone(decisions)
    told = []
    for one in decisions:
        word = "undone" if one.id in gone else "orphaned" if one.id in state.orphaned else "in force"
        told.append((one.id, word, gone.get(one.id)))
    _texts(database, "decided_state", ("decision", "state", "undone_by"), told)
    database.run(
        "create or replace temp view decisions as select d.* replace (s.undone_by as undone_by) "
        "from raw_decisions d left join decided_state s on s.decision = d.id"
    )


def _layer(database: Database, name: str, key: str, hidden: Iterable[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """A view of a raw table without hidden rows and with others laid over it."""
    _texts(database, f"hidden_{name}", ("name",), [(h,) for h in dict.fromkeys(hidden)])
    _table(database, f"laid_{name}", RAW[name], rows)
    database.run(
        f"create or replace temp view {name} as select t.* from {RAW[name]} t where not exists "
        f"(select 1 from hidden_{name} h where h.name = t.{key}) union all by name select * from laid_{name}"
    )


def _table(database: Database, name: str, like: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """A table in memory with the columns of another one."""
    shape = database.table(f"select * from {like} limit 0")
    found = pa.Table.from_pylist([dict(r) for r in rows], schema=shape.schema)
    database.connection.register("given", found)
    try:
        database.run(f"create or replace temp table {name} as select * from given")
    finally:
        database.connection.unregister("given")


def _texts(database: Database, name: str, columns: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    """A table in memory of texts."""
    listed = list(rows)
    found = pa.table([pa.array([r[n] for r in listed], pa.string()) for n in range(len(columns))], names=list(columns))
    database.connection.register("given", found)
    try:
        database.run(f"create or replace temp table {name} as select * from given")
    finally:
        database.connection.unregister("given")


__all__ = ["RAW", "apply", "load", "value"]
