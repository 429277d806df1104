"""Lists of events: all filters, pages by cursor, tables."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa

from comity.record.decided.sums import listed
from comity.record.query import listing, terms
from comity.record.store import Store
from comity.web.asked import EventFilter, EventList
from comity.web.cards import event_cards, naming, types_of
from comity.web.cursors import packed, unpacked
from comity.web.feed import atom
from comity.web.render import Answer

COLUMNS = (
    "id", "status", "date_start", "date_end", "precision", "sources", "targets", "type", "mode", "cameo", "count",
    "place_name", "place_country", "confidence", "reports", "outlets", "stories", "documents", "first_seen", "pledge",
    "imported_from", "evidence",
)  # fmt: skip
FED = 50
_FIRST = "date '0001-01-01'"
_ORDERS: dict[str, tuple[str, str, type]] = {
    "newest": (f"coalesce(date_start, {_FIRST})", "desc", date),
    "oldest": (f"coalesce(date_start, {_FIRST})", "asc", date),
    "reported": ("coalesce(reports, 0)", "desc", int),
    "doubtful": ("coalesce(confidence, 1)::double", "asc", float),
    "seen": (f"coalesce(first_seen, {_FIRST})", "desc", date),
}


def conditions(store: Store, asked: EventFilter) -> tuple[str, list[Any]]:
    """The condition over `events` and its values.  Raises `UnknownName`, `BadUsage`."""
    found = store.filter(
        pair=asked.pair, actor=asked.actor, type=asked.type, status=asked.status, since=asked.since,
        until=asked.until, min_confidence=asked.min_confidence, directed=asked.directed,
    )  # fmt: skip
    where, values = found.where()
    parts = [where]
    for column, one in (("sources", asked.source), ("targets", asked.target)):
        if one is not None:
            parts.append(f"list_contains({column}, ?)")
            values.append(store.names.actor(one))
    for column, one in (("mode", asked.mode), ("run", asked.run)):
        if one is not None:
            parts.append(f"{column} in (select unnest(?))")
            values.append(list(listing(one)))
    if asked.channel is not None:
        parts.append("type in (select unnest(?))")
        values.append(list(types_of(asked.channel)))
    if asked.imported is not None:
        parts.append(f"imported_from is {'not ' if asked.imported else ''}null")
    _elsewhere(asked, parts, values)
    return " and ".join(parts), values


def _elsewhere(asked: EventFilter, parts: list[str], values: list[Any]) -> None:
    """Conditions on the reports of an event and on decisions about it."""
    if asked.q is not None:
        wanted = terms(asked.q)
        has = " and ".join("contains(r.words, ?)" for _ in wanted) or "false"
        told = f"select l.event from report_events l join reports r on r.id = l.report where {has}"
        parts.append(f"id in ({told})")
        values += wanted
    if asked.document is not None:
        told = "select l.event from report_events l join reports r on r.id = l.report where r.document = ?"
        parts.append(f"id in ({told})")
        values.append(asked.document)
    if asked.decided is not None:
        about = (
            "select a.event from decided_about a join decided_state s on s.decision = a.decision "
            "where s.state = 'in force'"
        )
        parts.append(f"id {'' if asked.decided else 'not '}in ({about})")


def events(store: Store, asked: EventList, most: int) -> Answer:
    """A page of events as cards, or a table of at most ``most``."""
    if asked.format in ("csv", "parquet"):
        return table(store, asked, most)
    if asked.format == "atom":
        return feed(store, asked)
    where, values = conditions(store, asked)
    limit = min(asked.limit or 50, 500)
    rows, following, total = selected(store, where, values, asked, limit)
    cards = event_cards(store, rows.to_pylist())
    body = {"items": cards, "next": following, "total": total, "names": naming(store.names, cards)}
    return Answer(body=body)


def table(store: Store, asked: EventList, most: int) -> Answer:
    """Events as a table with their sentences, at most ``most`` rows."""
    where, values = conditions(store, asked)
    rows, following, _ = selected(store, where, values, asked, min(asked.limit or most, most))
    database = store.database()
    database.connection.register("page_rows", rows)
    try:
        found = database.table(
            "select p.*, t.evidence from page_rows p left join (select l.event, arg_max(r.evidence, "
            "coalesce(r.confidence, 0)) as evidence from report_events l semi join page_rows p on p.id = l.event "
            "join reports r on r.id = l.report where r.evidence is not null group by l.event) t on t.event = p.id "
            "order by p.place_in_page"
        )
    finally:
        database.connection.unregister("page_rows")
    return Answer(rows=found, columns=COLUMNS, more=following)


def feed(store: Store, asked: EventList) -> Answer:
    """A feed of the events first seen last."""
    where, values = conditions(store, asked)
    rows, *_ = selected(store, where, values, asked.model_copy(update={"order": "seen", "cursor": None}), FED)
    said = asked.model_dump(exclude_defaults=True, exclude={"format", "limit", "cursor", "order"})
    path = "/api/events.atom" + (f"?{urlencode(said)}" if said else "")
    told = ", ".join(f"{k} {v}" for k, v in said.items()) or "all"
    return Answer(other={"atom": atom(event_cards(store, rows.to_pylist()), title=f"Comity: {told}", path=path)})


def selected(
    store: Store, where: str, values: list[Any], asked: EventList, limit: int
) -> tuple[pa.Table, str | None, int | None]:
    """Rows of events after a cursor in the order asked for, the cursor that follows, and without a cursor how many
    there are in all."""
    key, way, kind = _ORDERS[asked.order]
    values = list(values)
    if asked.cursor is not None:
        at, name = unpacked(asked.cursor, (kind, str))
        sign = "<" if way == "desc" else ">"
        where = f"({where}) and ({key} {sign} ? or ({key} = ? and id {sign} ?))"
        values += [at, at, name]
    if asked.cursor is None and of_events(asked):
        found, values = listed(store, where, key, values)
    else:
        found = f"(select id, {key} as page_key from events where {where})"
    chosen = store.query(  # events are looked at once, to be counted and to be chosen from
        f"with found as materialized (select * from {found}) "
        "select id, page_key, (select count(*) from found) as total from found "
        f"order by page_key {way}, id {way} limit {int(limit) + 1}",
        values,
    )
    total = None if asked.cursor is not None else chosen["total"][0].as_py() if chosen.num_rows else 0
    following = None
    if chosen.num_rows > limit:
        last = chosen.slice(limit - 1, 1).to_pylist()[0]
        following = packed(last["page_key"], last["id"])
    return whole_rows(store, chosen.slice(0, limit)), following, total


def of_events(asked: EventFilter) -> bool:
    """Whether a filter looks at events alone, not at their reports or at decisions."""
    return asked.q is None and asked.document is None and asked.decided is None


def whole_rows(store: Store, chosen: pa.Table) -> pa.Table:
    """The rows of events by their ids, in order, numbered in ``place_in_page``; only these are read whole."""
    database = store.database()
    places = pa.array(range(chosen.num_rows), pa.int32())
    database.connection.register("page_ids", pa.table({"id": chosen["id"], "place_in_page": places}))
    try:
        return database.table(
            "select e.*, p.place_in_page from events e join page_ids p on e.id = p.id order by p.place_in_page"
        )
    finally:
        database.connection.unregister("page_ids")
