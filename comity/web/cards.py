"""Events, quotations and decisions as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

import msgspec

from comity.model import EventDate
from comity.record.decided.records import BY_HAND
from comity.record.names import Names
from comity.record.store import Store
from comity.record.wording import sureness, when
from comity.relations.weights import weights

Row = Mapping[str, Any]
_EVIDENCE = (
    "select l.event, arg_max({'text': r.evidence, 'document': r.document, 'report': r.id, "
    "'start': r.evidence_start, 'end': r.evidence_end}, coalesce(r.confidence, 0)) as evidence "
    "from report_events l join reports r on r.id = l.report "
    "where l.event in (select unnest(?)) and r.evidence is not null group by l.event"
)
_DECIDED = (
    "select distinct a.event from decided_about a join decided_state s on s.decision = a.decision "
    "where s.state = 'in force'"
)
_FIELDS = (
    "id", "type", "mode", "cameo", "status", "symmetric", "count", "confidence", "reports", "outlets", "stories",
    "documents", "first_seen", "pledge", "imported_from",
)  # fmt: skip


def event_cards(store: Store, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows of `events` as cards, with the sentence of the surest report, in their order."""
    told = evidence(store, [r["id"] for r in rows])
    decided = decided_events(store)
    return [card(r, store.names, told.get(r["id"]), decided=r["id"] in decided) for r in rows]


def cards_of(store: Store, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Cards of events by their ids; those that are not shown are left out."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = store.rows("select * from events where id in (select unnest(?))", [wanted])
    return {c["id"]: c for c in event_cards(store, rows)}


def evidence(store: Store, events: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The sentence of the surest report of each event that has one."""
    if not events:
        return {}
    return {r["event"]: r["evidence"] for r in store.rows(_EVIDENCE, [list(events)])}


def decided_events(store: Store) -> set[str]:
    """Events that a decision in force is about."""
    return {row["event"] for row in store.rows(_DECIDED)}


def card(row: Row, names: Names, told: Mapping[str, Any] | None = None, *, decided: bool = False) -> dict[str, Any]:
    """One event."""
    channel, weight = weighed(row["type"], row["mode"])
    sure = row["confidence"]
    return {f: row[f] for f in _FIELDS} | {
        "symmetric": bool(row["symmetric"]),
        "sources": list(row["sources"] or ()),
        "targets": list(row["targets"] or ()),
        "disputes": list(row["disputes"] or ()),
        "channel": channel,
        "weight": weight,
        "date": dated(row),
        "title": title(row, names),
        "place": place(row),
        "sureness": sureness(sure) if sure is not None else None,
        "evidence": told,
        "decided": decided,
        "added": row["run"] == BY_HAND,
    }


def dated(row: Row) -> dict[str, Any]:
    """The days of a row."""
    start, end = row["date_start"], row["date_end"]
    precision: Any = row["precision"] or "unknown"
    text = when(EventDate(start=start, end=end, precision=precision), row["status"] or "occurred")
    return {"start": start, "end": end, "precision": precision, "text": text}


def place(row: Row) -> dict[str, Any] | None:
    """The place of a row, None where it has none."""
    if not row["place_name"]:
        return None
    return {
        "name": row["place_name"], "country": row["place_country"], "lat": row["place_lat"], "lon": row["place_lon"],
    }  # fmt: skip


def title(row: Row, names: Names) -> str:
    """Who does what to whom, as plain text."""
    arrow = "↔" if row["symmetric"] else "→"
    sides = [", ".join(names.name(c) for c in row[s] or ()) or "?" for s in ("sources", "targets")]
    act = (row["type"] or "").lower() + (f", {row['mode']}" if row["mode"] else "")
    return f"{sides[0]} {arrow} {sides[1]}: {act}" + (f" ×{row['count']}" if row["count"] else "")


def weighed(type: str | None, mode: str | None) -> tuple[str | None, float | None]:
    """Channel and weight of an act."""
    table = scale()
    return table.get((type or "", mode)) or table.get((type or "", None)) or (None, None)


@cache
def scale() -> Mapping[tuple[str, str | None], tuple[str, float]]:
    """Channel and weight by type and mode."""
    return MappingProxyType({(w.type, w.mode): (w.channel, w.weight) for w in weights()})


def types_of(channel: str) -> tuple[str, ...]:
    """The types of a channel."""
    return tuple(t for (t, mode), (c, _) in scale().items() if mode is None and c == channel)


def naming(names: Names, *things: Any) -> dict[str, str]:
    """Display names of all codes of actors in some cards and the like."""
    return {code: names.name(code) for code in sorted(set(_codes(things)))}


_CODED = frozenset({"sources", "targets", "a", "b", "code", "state", "country", "members"})


def _codes(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key in _CODED and isinstance(one, str):
                yield one
            elif key in _CODED and isinstance(one, list | tuple):
                yield from (c for c in one if isinstance(c, str))
            elif isinstance(one, Mapping | list | tuple):
                yield from _codes(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _codes(one)


def quotation(row: Row) -> dict[str, Any]:
    """A row of quotations joined with title, source and published of its document."""
    return {f: row[f] for f in ("id", "text", "kind", "cue", "document", "start", "end")} | {
        "speaker": _person(row["speaker_name"], row["speaker_state"]),
        "addressee": _person(row["addressee_name"], row["addressee_state"]),
        **{f: row.get(f) for f in ("title", "source", "published")},
    }


def _person(name: str | None, state: str | None) -> dict[str, Any] | None:
    return {"name": name or state, "state": state} if name or state else None


def decision(row: Row, names: Names) -> dict[str, Any]:
    """A decision as `Store.decisions` lists it, with a summary of what it changes."""
    from comity.record.decided.state import shown

    change = msgspec.json.decode(row["change"] or "{}")
    added = (change.get("added") or {}).get("fields") or {}
    read = change.get("read") or {}
    if row["kind"] == "correct":
        said = (change.get("set") or {}).items()
        summary = ", ".join(f"{k} {shown(read[k])} to {shown(v)}" if k in read else f"{k} {shown(v)}" for k, v in said)
    elif row["kind"] == "add":
        sides = " → ".join(shown(added.get(side) or []) for side in ("sources", "targets"))
        summary = f"{added.get('type', '').lower()}, {sides}"
    elif row["kind"] == "merge":
        summary = "one with " + ", ".join(s["event"] for s in change.get("subjects", ())[1:])
    elif row["kind"] == "split":
        summary = "without " + ", ".join(a["report"] for a in change.get("reports", ()))
    else:
        summary = f"undoes {change['undoes']}" if change.get("undoes") else ""
    kept = {"set": change.get("set") or added, "undoes": change.get("undoes")}
    return {f: row[f] for f in ("id", "kind", "event", "author", "time", "reason", "state", "undone_by")} | {
        "events": list(row["events"]), "summary": summary, "change": kept,
    }  # fmt: skip


def day_text(day: date | None) -> str | None:
    """A day as text."""
    return day.isoformat() if day else None
