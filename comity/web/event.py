"""One event: its sentences in their articles with the parts marked, the reasons, and what is near it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from comity.errors import UnknownEvent
from comity.record.decisions import find
from comity.record.explain import Told
from comity.record.store import Store
from comity.understand.dates import find_timexes
from comity.web.asked import Asked, Offsets
from comity.web.cards import Row, card, dated, decision, event_cards, naming, place
from comity.web.offsets import Units
from comity.web.render import Answer

_PART = {"source": "source", "target": "target"}
COLUMNS = (
    "id", "event", "document", "title", "source", "published", "url", "type", "mode", "status", "date_start",
    "date_end", "sources", "targets", "speaker", "confidence", "evidence", "why",
)  # fmt: skip

_NOW = (
    "select r.speaker_name, r.speaker_state, r.speaker_office, r.participants from {0} l join {1} r on r.id = l.report "
    "where l.event = ? order by r.speaker_name is null and r.speaker_state is null, coalesce(r.confidence, 0) desc, "
    "r.id limit 1"
)


class EventAsked(Asked):
    """One event."""

    offsets: Offsets = "characters"


def event(store: Store, asked: EventAsked, name: str) -> Answer:
    """An event in full, also a rejected one.  Raises `UnknownEvent`."""
    if not name.strip():
        raise UnknownEvent("there is no such event", about=name, fix="ids are shown in lists of events")
    found = store.explain(name)
    row = found.event
    rejected = not store.query("select 1 from events where id = ?", [row["id"]]).num_rows
    reports = [report(t, asked.offsets) for t in found.told]
    near = {
        "fulfilled_by": event_cards(store, found.fulfilled_by),
        "disputes": event_cards(store, found.disputes),
        "nearby": event_cards(store, found.alternatives),
    }
    body = {
        "event": event_cards(store, [row])[0], "why": list(row["why"] or ()), "rejected": rejected, "reports": reports,
        **told_now(store, row["id"]),
        "pledge": event_cards(store, [found.pledge])[0] if found.pledge else None, **near,
        "alternatives": alternatives(found.told),
        "decisions": [decision(d, store.names) for d in found.decisions],
    }  # fmt: skip
    body["names"] = naming(store.names, body)
    return Answer(body=body, rows=[flat(r, row["id"]) for r in reports], columns=COLUMNS)


def told_now(store: Store, name: str) -> dict[str, Any]:
    """On whose word an event is told and who takes part, by its surest report, after all decisions."""
    rows = store.query(_NOW.format("report_events", "reports"), [name]).to_pylist()
    rows = rows or store.query(_NOW.format("rejected_links", "all_reports"), [name]).to_pylist()
    if not rows:
        return {"speaker": None, "participants": []}
    return {"speaker": speaker(rows[0]), "participants": msgspec.json.decode(rows[0]["participants"] or "[]")}


def speaker(row: Row) -> dict[str, Any] | None:
    """On whose word a report is told."""
    if not row["speaker_name"]:
        return None
    return {"name": row["speaker_name"], "state": row["speaker_state"], "office": row["speaker_office"]}


def report(told: Told, unit: str) -> dict[str, Any]:
    """One report with its sentence in context and the parts of it marked."""
    row, document = told.report, told.document or {}
    units = Units(told.evidence, unit)
    participants = msgspec.json.decode(row["participants"] or "[]")
    return {
        "id": row["id"], "document": row["document"], "title": document.get("title") or document.get("name"),
        **{f: document.get(f) for f in ("source", "published")}, "url": web_address(document.get("url")),
        "before": told.before, "evidence": told.evidence, "after": told.after,
        "marks": [m | units.span(m["start"], m["end"]) for m in marks(row, participants, told.evidence, document)],
        "start": row["evidence_start"], "end": row["evidence_end"],
        **{f: row[f] for f in ("type", "mode", "cameo", "status", "count", "confidence")}, "date": dated(row),
        "sources": list(row["sources"] or ()), "targets": list(row["targets"] or ()),
        "symmetric": bool(row["symmetric"]), "participants": participants,
        "speaker": speaker(row), "place": place(row),
        "why": list(row["why"] or ()), "score": told.score, "link_why": list(told.link_why),
    }  # fmt: skip


def marks(row: Row, participants: Any, evidence: str, document: Row) -> list[dict[str, Any]]:
    """The actors, the act, the date and the speaker in a sentence; offsets are of the sentence."""
    begin = row["evidence_start"]
    if begin is None or not evidence:
        return []
    found = [
        {"start": p["start"] - begin, "end": p["end"] - begin, "role": _PART.get(p["role"], "source"),
         "label": f"{p['name']} ({p['state']})" if p["state"] else p["name"]}
        for p in participants
        if p.get("start") is not None and p.get("end") is not None
    ]  # fmt: skip
    if row["anchor_start"] is not None:
        act = row["type"].lower() + (f", {row['mode']}" if row["mode"] else "")
        start, end = row["anchor_start"] - begin, row["anchor_end"] - begin
        found.append({"start": start, "end": end, "role": "act", "label": act})
    found += speaking(row["speaker_name"], evidence) + days(row, evidence, document)
    inside = [m for m in found if 0 <= m["start"] < m["end"] <= len(evidence)]
    return sorted(inside, key=lambda m: (m["start"], m["end"]))


def speaking(name: str | None, evidence: str) -> list[dict[str, Any]]:
    """Where the speaker is named, whole or by the last name."""
    for part in (name, *(name or "").split()[-1:]):
        at = evidence.find(part) if part and len(part) > 2 else -1
        if part and at >= 0:
            return [{"start": at, "end": at + len(part), "role": "speaker", "label": f"told by {name}"}]
    return []


def days(row: Row, evidence: str, document: Row) -> list[dict[str, Any]]:
    """Time expressions of the sentence that touch the days of the event."""
    start, end = row["date_start"], row["date_end"] or row["date_start"]
    if start is None:
        return []
    return [
        {"start": t.start, "end": t.end, "role": "date", "label": t.value}
        for t in find_timexes(evidence, document.get("published"))
        if t.low and t.high and t.low <= end and start <= t.high and t.value != "PRESENT_REF"
    ]


def alternatives(told: tuple[Told, ...]) -> list[dict[str, Any]]:
    """How else reports of the event were read: other types and statuses, with the surest confidence of each."""
    found: dict[tuple[str, str], float] = {}
    for one in told:
        key = (one.report["type"], one.report["status"])
        found[key] = max(found.get(key, 0.0), one.report["confidence"] or 0.0)
    return [
        {"type": t, "status": s, "confidence": c} for (t, s), c in sorted(found.items(), key=lambda i: (-i[1], i[0]))
    ]


def flat(one: Mapping[str, Any], event: str) -> dict[str, Any]:
    """A report as a row of a table."""
    days = {"date_start": one["date"]["start"], "date_end": one["date"]["end"]}
    return {**one, **days, "event": event, "speaker": (one["speaker"] or {}).get("name")}


def web_address(url: str | None) -> str | None:
    """An address that a page may link to: of the web, nothing that runs."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def shown(store: Store, name: str) -> dict[str, Any]:
    """The card of an event, also of a rejected one."""
    return card(find(store, name), store.names)
