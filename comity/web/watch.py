"""`Watch`: what the commits since the last look have touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from comity.model import Record
from comity.record.decided.attach import answer, asked_table
from comity.record.store import Store
from comity.relations.changes import last_day
from comity.web.scopes import Touched

_ROWS = "select * exclude (why) from laid_events"
_REPORTS = (
    "select l.event, r.* exclude (why) from laid_reports r join report_events l on l.report = r.id order by r.id"
)
_JUDGED = (
    "select a.event, a.decision from decided_about a join decided_state s on s.decision = a.decision "
    "where s.state = 'in force'"
)
_DOCUMENTS = (
    "select distinct r.document from asked a join (select * from report_events union all by name "
    "select * from rejected_links union all by name select * from raw_report_events) l on l.event = a.name "
    "join all_reports r on r.id = l.report where r.document is not null"
)


class Decided(Record, frozen=True):
    """The events that decisions are about, as they are after a commit.

    ``rows`` and ``reports`` hold what is laid over the tables, by event; ``hidden`` events are not shown as they were
    read; ``judged`` are the decisions in force on each event.  ``others`` are the files of all other tables, ``last``
    the last day of news where that hangs on events.
    """

    generation: int
    others: frozenset[str]
    rows: Mapping[str, Mapping[str, Any]]
    reports: Mapping[str, tuple[str, ...]]
    hidden: frozenset[str]
    judged: Mapping[str, frozenset[str]]
    last: Any = None


class Watch:
    """Remembers how things stood.  For one thread at a time."""

    def __init__(self) -> None:
        self._before: Decided | None = None

    def look(self, store: Store) -> Touched:
        """What was touched since the last look; the first one touches everything."""
        with store.still():
            now, before = decided(store), self._before
            self._before = now
            if before is None or before.others != now.others or before.last != now.last:
                return Touched(generation=now.generation, whole=True)
            return compared(store, before, now)


def decided(store: Store) -> Decided:
    """How things stand."""
    manifest = store.manifest
    others = frozenset(s.file for s in manifest.segments if s.table != "decisions")
    try:
        rows = {r["id"]: plain(r) for r in store.query(_ROWS).to_pylist()}
        told: dict[str, list[str]] = {}
        for row in store.query(_REPORTS).to_pylist():
            told.setdefault(row["event"], []).append(repr(plain(row)))
        hidden = frozenset(store.query("select name from hidden_events").column(0).to_pylist())
    except duckdb.CatalogException:  # nothing was decided yet
        rows, told, hidden = {}, {}, frozenset()
    judged: dict[str, set[str]] = {}
    for row in store.query(_JUDGED).to_pylist():
        judged.setdefault(row["event"], set()).add(row["decision"])
    return Decided(
        generation=manifest.generation, others=others, rows=rows, reports={e: tuple(r) for e, r in told.items()},
        hidden=hidden, judged={e: frozenset(d) for e, d in judged.items()},
        last=None if store.query("select 1 from documents limit 1").num_rows else last_day(store),
    )  # fmt: skip


def compared(store: Store, before: Decided, now: Decided) -> Touched:
    """What is otherwise than before."""
    judged = {e for e in (*before.judged, *now.judged) if before.judged.get(e) != now.judged.get(e)}
    near = {*judged, *before.hidden, *now.hidden, *before.rows, *now.rows}
    differ = {e for e in near if standing(before, e) != standing(now, e)}
    events = judged | differ
    if not events:
        return Touched(generation=now.generation)
    raw = read(store, {e for e in events if not all(e in one.rows or e in one.hidden for one in (before, now))})
    told = reports(store, [e for e in events if not all(e in one.reports for one in (before, now))])
    other = {e for e in differ if shown(before, raw, told, e) != shown(now, raw, told, e)}
    sides = {e: actors(shown(before, raw, told, e)[0], shown(now, raw, told, e)[0]) for e in events}
    return Touched(
        generation=now.generation, events=frozenset(events), changed=tuple(sides[e] for e in sorted(other)),
        judged=tuple(sides[e] for e in sorted(events - other)), documents=documents(store, events),
    )  # fmt: skip


def standing(one: Decided, event: str) -> tuple[Any, ...]:
    """What decisions make of an event."""
    return one.rows.get(event), one.reports.get(event), event in one.hidden


def shown(
    one: Decided, raw: Mapping[str, Mapping[str, Any]], told: Mapping[str, tuple[str, ...]], event: str
) -> tuple[Any, Any]:
    """The row of an event (None where it is not shown) and its reports, as they are shown."""
    row = one.rows.get(event) or (None if event in one.hidden else raw.get(event))
    return row, one.reports.get(event, told.get(event)) if row else None


def read(store: Store, events: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Events as they were read."""
    sql = "select e.* exclude (why) from raw_events e semi join asked a on e.id = a.name"
    return {r["id"]: plain(r) for r in asked_table(store.database(), sql, sorted(events)).to_pylist()}


def reports(store: Store, events: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The reports of events as they were read."""
    sql = (
        "select l.event, r.* exclude (why) from all_reports r join raw_report_events l on l.report = r.id semi join "
        "asked a on l.event = a.name order by r.id"
    )
    found: dict[str, list[str]] = {}
    for row in asked_table(store.database(), sql, sorted(events)).to_pylist():
        found.setdefault(row["event"], []).append(repr(plain(row)))
    return {event: tuple(rows) for event, rows in found.items()}


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in which an empty list is nothing: what is laid over the tables has lists where they may have none."""
    return {k: None if isinstance(v, list) and not v else v for k, v in row.items()}


def actors(*rows: Mapping[str, Any] | None) -> frozenset[str]:
    """The actors on both sides."""
    return frozenset(c for row in rows if row for side in ("sources", "targets") for c in row[side] or ())


def documents(store: Store, events: Iterable[str]) -> frozenset[str]:
    """The documents that tell of events, rejected ones too."""
    return frozenset(d for (d,) in answer(store.database(), _DOCUMENTS, sorted(events)))
