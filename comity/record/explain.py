"""One event in full: its reports, their sentences in context, the rules, and what else was considered."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import msgspec

from comity.model import Record
from comity.record.decisions import decisions, find
from comity.record.merge.matching import FIRST
from comity.record.speakers import with_speakers

if TYPE_CHECKING:
    from comity.record.store import Store

_FOUNDED = (FIRST, "the only report")
"""Why of a report that founded its event; the second as earlier versions wrote it, whatever came later."""
CONTEXT = 240
"""Characters of the text on each side of a sentence."""
_TOLD = (
    "select l.event, r.* exclude (words), l.score, l.why as link_why from "
    "(select * from report_events union all by name select * from rejected_links) l "
    "join all_reports r on r.id = l.report where l.event = ? order by r.date_start, r.id"
)
"""Reports of an event as they were read, those of a rejected one too."""
Row = Mapping[str, Any]


class Told(Record, frozen=True):
    """One report of the event: the row, its document, the text before and after its sentence, why it belongs."""

    report: dict[str, Any]
    document: dict[str, Any] | None
    before: str
    evidence: str
    after: str
    score: float | None
    link_why: tuple[str, ...]


class Explanation(Record, frozen=True):
    """One event, with its speaker, what tells of it, and what it is linked with."""

    event: dict[str, Any]
    told: tuple[Told, ...]
    pledge: dict[str, Any] | None = None
    fulfilled_by: tuple[dict[str, Any], ...] = ()
    disputes: tuple[dict[str, Any], ...] = ()
    alternatives: tuple[dict[str, Any], ...] = ()
    decisions: tuple[dict[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain objects, ready for JSON."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found

    def _repr_html_(self) -> str:
        event = self.event
        head = f"{event['status']} {event['date_start'] or 'undated'}: {_sides(event)} {event['type']}"
        rows = "".join(
            f"<li>{escape(t.before[-80:])}<mark>{escape(t.evidence)}</mark>{escape(t.after[:80])}<br>"
            f"<small>{escape('; '.join(t.report['why'] or ()))}</small></li>"
            for t in self.told
        )
        return f"<b>{escape(head)}</b> <code>{escape(event['id'])}</code><ul>{rows}</ul>"


def explain(store: Store, given: str) -> Explanation:
    """Explain an event, named by its id, the beginning of it, or the id of one of its reports."""
    (event,) = with_speakers(store, [find(store, given)])
    name = event["id"]
    reports = store.query(_TOLD, [name]).to_pylist()
    documents = {d: _document(store, d) for d in {r["document"] for r in reports if r["document"]}}
    near = event.get("disputes") or ()
    return Explanation(
        event=event,
        told=tuple(_told(store, r, documents.get(r["document"]), len(reports) == 1) for r in reports),
        pledge=_one(store, event["pledge"]),
        fulfilled_by=tuple(store.query("select * from events where pledge = ?", [name]).to_pylist()),
        disputes=tuple(found for i in near if (found := _one(store, i))),
        alternatives=tuple(_alternatives(store, event)),
        decisions=tuple(decisions(store, name)),
    )


def _told(store: Store, report: dict[str, Any], document: dict[str, Any] | None, alone: bool) -> Told:
    score, why = report.pop("score", None), tuple(report.pop("link_why", None) or ())
    why = tuple(("the only report" if alone else FIRST) if w in _FOUNDED else w for w in why)
    text = store.text(document["id"]) if document else None
    start, end = report["evidence_start"], report["evidence_end"]
    before = after = ""
    if text is not None and start is not None and end is not None:
        before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Told(
        report=report,
        document=document,
        before=before,
        evidence=report["evidence"] or "",
        after=after,
        score=score,
        link_why=why,
    )


def _document(store: Store, document: str) -> dict[str, Any]:
    found = store.query("select * exclude (generation) from documents where id = ?", [document]).to_pylist()
    return dict(found[0]) if found else {"id": document}


def _one(store: Store, event: str | None) -> dict[str, Any] | None:
    if not event:
        return None
    found = store.query("select * from events where id = ?", [event]).to_pylist()
    return dict(found[0]) if found else None


def _alternatives(store: Store, event: Row) -> list[dict[str, Any]]:
    """Events of the same sides within three days that were kept apart from this one."""
    if event["date_start"] is None or not event["sources"] or not event["targets"]:
        return []
    sql = (
        "select * from events where id <> ? and list_has_any(sources || targets, ?) and list_has_any(sources || "
        "targets, ?) and date_start between cast(? as date) - 3 and cast(? as date) + 3 "
        "order by type <> ?, abs(date_start - cast(? as date)), id limit 5"
    )
    day = event["date_start"]
    values = [event["id"], event["sources"], event["targets"], day, day, event["type"], day]
    return list(store.query(sql, values).to_pylist())


def _sides(event: Row) -> str:
    arrow = "<->" if event["symmetric"] else "->"
    return f"{', '.join(event['sources'] or ()) or '?'} {arrow} {', '.join(event['targets'] or ()) or '?'}"
