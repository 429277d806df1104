"""Documents: the article with everything found in it, and lists of articles."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from pydantic import Field

from comity.errors import NotFound
from comity.record.query import period
from comity.record.store import Store
from comity.web.asked import Asked, Offsets, Paged, Text
from comity.web.cards import cards_of, naming, quotation
from comity.web.cursors import offset, packed
from comity.web.event import web_address
from comity.web.offsets import Units
from comity.web.render import Answer

COLUMNS = ("id", "title", "published", "source", "url", "language", "name", "events", "quotations", "added")
_TOLD = (
    "select l.event, r.id as report, r.evidence_start, r.evidence_end, r.anchor_start, r.anchor_end, r.participants "
    "from reports r join report_events l on l.report = r.id where r.document = ? order by r.evidence_start, r.id"
)
_LISTED = (
    "select d.id, coalesce(d.title, d.name) as title, d.published, d.source, d.url, d.language, d.name, d.added, "
    "s.story, (select count(distinct l.event) from reports r join report_events l on l.report = r.id where "
    "r.document = d.id) as events, (select count(*) from quotations q where q.document = d.id) as quotations "
    "from documents d left join stories s on s.document = d.id"
)


class DocumentAsked(Asked):
    """One document."""

    offsets: Offsets = "characters"


class DocumentList(Paged):
    """A page of documents."""

    q: Annotated[Text | None, Field(description="Words of the title.")] = None
    source: Annotated[Text | None, Field(description="The outlet.")] = None
    story: Annotated[Text | None, Field(description="Documents of one story.")] = None
    since: Annotated[Text | None, Field(description="First day of publication.")] = None
    until: Annotated[Text | None, Field(description="Last day of publication.")] = None


def document(store: Store, asked: DocumentAsked, name: str) -> Answer:
    """A document with all that the record keeps of it.  Raises `NotFound`."""
    row = document_row(store, name)
    text = store.text(name) or ""
    units = Units(text, asked.offsets)
    told = store.query(_TOLD, [name]).to_pylist()
    events = marked(store, told)
    quotations = [
        quotation(r | {f: row[f] for f in ("title", "source", "published")})
        for r in store.query(
            "select * exclude (words) from quotations where document = ? order by start, id", [name]
        ).to_pylist()
    ]
    mentions = store.query(
        'select start, "end", actor, state, how, confidence from mentions where document = ? order by start, number',
        [name],
    ).to_pylist()
    body = {
        "document": {**row, "characters": len(text), "url": web_address(row["url"])}, "text": text,
        "events": units.moved(events), "quotations": units.moved(quotations), "mentions": units.moved(mentions),
        "copies": copies(store, name, row["story"]),
    }  # fmt: skip
    body["names"] = naming(store.names, body)
    return Answer(body=body)


def document_row(store: Store, name: str) -> dict[str, Any]:
    """What is known of a document.  Raises `NotFound`."""
    rows = store.query(
        "select d.id, d.name, coalesce(d.title, d.name) as title, d.published, d.source, d.url, d.language, d.added, "
        "d.run, s.story from documents d left join stories s on s.document = d.id where d.id = ?",
        [name],
    ).to_pylist()
    if not rows:
        raise NotFound("there is no such document", about=name[:200], fix="see /api/documents")
    return dict(rows[0])


def marked(store: Store, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events of a document, each with the places where it is told."""
    cards = cards_of(store, [t["event"] for t in told])
    return [
        cards[t["event"]] | {
            "report": t["report"], "start": t["evidence_start"], "end": t["evidence_end"],
            "anchor": {"start": t["anchor_start"], "end": t["anchor_end"]} if t["anchor_start"] is not None else None,
            "participants": msgspec.json.decode(t["participants"] or "[]"), "evidence": None,
        }
        for t in told
        if t["event"] in cards
    ]  # fmt: skip


def copies(store: Store, name: str, story: str | None) -> list[dict[str, Any]]:
    """Other documents of the same story."""
    sql = (
        "select d.id, coalesce(d.title, d.name) as title, d.source, d.published from documents d join stories s on "
        "s.document = d.id where s.story = ? and d.id <> ? order by d.published, d.id limit 50"
    )
    return list(store.query(sql, [story, name]).to_pylist()) if story else []


def documents(store: Store, asked: DocumentList, most: int) -> Answer:
    """A page of documents, newest first."""
    since, until = period(asked.since, asked.until)
    parts, values = ["true"], []
    for condition, value in (
        ("contains(strip_accents(lower(coalesce(d.title, d.name))), strip_accents(lower(?)))", asked.q),
        ("d.source = ?", asked.source),
        ("s.story = ?", asked.story),
        ("d.published >= ?", since),
        ("d.published <= ?", until),
    ):
        if value is not None:
            parts.append(condition)
            values.append(value)
    where = " and ".join(parts)
    at = offset(asked.cursor)
    limit = min(asked.limit or (50 if asked.format == "json" else most), 500 if asked.format == "json" else most)
    sql = f"{_LISTED} where {where} order by d.published desc nulls last, d.id limit {limit + 1} offset {at}"
    rows = store.query(sql, values).to_pylist()
    following = packed(at + limit) if len(rows) > limit else None
    rows = [{**r, "url": web_address(r["url"])} for r in rows[:limit]]
    counted = f"select count(*) from documents d left join stories s on s.document = d.id where {where}"
    total = store.query(counted, values).column(0)[0].as_py() if asked.cursor is None else None
    body: dict[str, Any] = {"items": rows, "next": following, "total": total, "names": {}}
    return Answer(body=body, rows=rows, columns=COLUMNS, more=following)
