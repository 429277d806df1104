"""Actors: suggestions while somebody types, lists, one state or organisation, one person."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from comity.errors import NotFound
from comity.knowledge import Knowledge
from comity.knowledge.records import Term
from comity.record.decided.sums import summed
from comity.record.query import day, period
from comity.record.store import Store
from comity.relations.weights import CHANNELS
from comity.web.asked import Asked, EventList, Paged, Text
from comity.web.cards import event_cards, naming, types_of
from comity.web.cursors import page
from comity.web.events import conditions, selected
from comity.web.matches import matching, named
from comity.web.pairs import OCCURRED, channel, counts, news_day, pairs
from comity.web.quotations import said_by
from comity.web.render import Answer
from comity.web.shared import Shared

Kind = Literal["state", "organisation", "group"]
COLUMNS = ("code", "name", "kind", "events", "cooperation", "conflict", "partners", "first", "last")
PARTNERS = ("code", "events", "cooperation", "conflict", "sent", "received", "both", "net", "last")
QUOTED, NEWEST = 10, 20
SIDES = ("sent", "received", "both")


class ActorList(Paged):
    """Which actors."""

    q: Annotated[Text | None, Field(description="Part of a name, or a code.")] = None
    kind: Kind | None = None
    order: Literal["events", "name"] = "events"


class ActorAsked(Asked):
    """Which part of an actor's dealings."""

    since: Annotated[Text | None, Field(description="First day.")] = None
    until: Annotated[Text | None, Field(description="Last day.")] = None
    on: Annotated[Text | None, Field(description="The day on which offices are held (the newest day).")] = None


def kind_of(known: Knowledge, code: str) -> Kind | None:
    """What an actor is."""
    if code in known.states:
        return "state"
    return "organisation" if code in known.organisations else "group" if code in known.groups else None


def active(store: Store, shared: Shared) -> list[dict[str, Any]]:
    """All actors with events, the busiest first; worked out once for each commit."""
    return shared.of(store, "actors", lambda: counted(store))


def counted(store: Store) -> list[dict[str, Any]]:
    """The same, worked out now."""
    rows = store.query(
        # Many events have the same sides: they are counted before the sides are taken apart.
        f"with alike as (select sources, targets, {channel()} as channel, count(*) as events, min(date_start) as "
        f"first, max(coalesce(date_end, date_start)) as last from events where {OCCURRED} group by all), "
        "counted as (select code, sum(events)::bigint as events, "
        "coalesce(sum(events) filter (channel = 'cooperation'), 0)::bigint as cooperation, "
        "coalesce(sum(events) filter (channel = 'conflict'), 0)::bigint as conflict, max(last) as last, "
        "min(first) as first from (select *, unnest(list_distinct(list_concat(sources, targets))) as code "
        "from alike) group by code), "
        f"dealt as (select distinct a, b from {pairs(store)} where {OCCURRED}), "
        "partners as (select code, count(*) as partners from (select a as code from dealt union all "
        "select b as code from dealt) group by code) "
        "select c.*, coalesce(p.partners, 0) as partners from counted c left join partners p using (code) "
        "order by events desc, code"
    ).to_pylist()
    known = store.names.knowledge
    return [{**r, "name": store.names.name(r["code"]), "kind": kind_of(known, r["code"])} for r in rows]


def actors(store: Store, asked: ActorList, shared: Shared, most: int) -> Answer:
    """A page of the actors that have events."""
    rows = active(store, shared)
    if asked.q is not None:
        near = {c for c, _ in matching(named(store.names.knowledge, shared), asked.q, 500)}
        rows = [r for r in rows if r["code"] in near]
    rows = [r for r in rows if asked.kind in (None, r["kind"])]
    if asked.order == "name":
        rows.sort(key=lambda r: (r["name"], r["code"]))
    limit = min(asked.limit or (50 if asked.format == "json" else most), most)
    part, following = page(rows, asked.cursor, limit)
    body = {"items": part, "next": following, "total": len(rows), "names": naming(store.names, part)}
    return Answer(body=body, rows=part, columns=COLUMNS, more=following)


def actor(store: Store, asked: ActorAsked, code: str) -> Answer:
    """One actor: whom it deals with and how, who leads it, what it says.  Raises `UnknownName`."""
    found = store.names.actor(code)
    on = day(asked.on, end=True) or news_day(store)
    partners = dealings(store, found, asked)
    listed = EventList(actor=found, since=asked.since, until=asked.until)
    newest = selected(store, *conditions(store, listed), listed, NEWEST)[0].to_pylist()
    types, years = acts(store, found, asked)
    body = {
        **described(store.names.knowledge, found), "partners": partners, "types": types,
        "years": years, "offices": offices(store.names.knowledge, found, on), "on": on,
        "leader": leader.name if (leader := store.names.knowledge.leader(found, on)) else None,
        "quotations": said_by(store, "speaker_state", found, QUOTED), "events": event_cards(store, newest),
    }  # fmt: skip
    body["names"] = naming(store.names, body)
    return Answer(body=body, rows=partners, columns=PARTNERS)


def described(known: Knowledge, code: str) -> dict[str, Any]:
    """What the tables know of an actor."""
    entry: Any = known.states.get(code) or known.organisations.get(code) or known.groups.get(code)
    plain: dict[str, Any] = {"code": code, "name": known.actor_name(code), "kind": kind_of(known, code)}
    for field, default in (
        ("official", None), ("region", None), ("subregion", None), ("since", None), ("until", None), ("parent", None),
        ("note", ""), ("successors", ()), ("members", ()), ("state", None), ("seat_city", None), ("part_of", None),
    ):  # fmt: skip
        value = getattr(entry, field, default)
        plain[field] = list(value) if isinstance(value, tuple) else value
    plain["subkind"] = getattr(entry, "kind", None)
    return plain


def window(store: Store, code: str, asked: ActorAsked) -> tuple[str, list[Any]]:
    """The condition on events of an actor in the days asked for."""
    return store.filter(actor=code, since=asked.since, until=asked.until).where()


def dealings(store: Store, code: str, asked: ActorAsked) -> list[dict[str, Any]]:
    """Counts with each partner by channel and by who acts; ``net`` is (C - F) / (C + F) of the weights."""
    since, until = period(asked.since, asked.until)
    rows = store.query(
        f"select if(a = ?, b, a) as code, {counts('last')}, "
        "count(*) filter ((direction = 'a' and a = ?) or (direction = 'b' and b = ?)) as sent, "
        "count(*) filter ((direction = 'a' and b = ?) or (direction = 'b' and a = ?)) as received, "
        "count(*) filter (direction = 'both') as \"both\", "
        "sum(if(channel = 'cooperation', weight, -weight)) / sum(weight) as net "
        f"from {pairs(store)} where {OCCURRED} and (a = ? or b = ?) and (? is null or last >= ?) "
        "and (? is null or day <= ?) group by 1 order by events desc, code",
        [code] * 7 + [since, since, until, until],
    ).to_pylist()
    return [{**r, "net": round(r["net"], 3)} for r in rows]


def acts(store: Store, code: str, asked: ActorAsked) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Counts in the days asked for by type, status and who acts; counts of all by year and channel."""
    where, values = store.filter(actor=code).where()
    inside, days = window(store, code, asked) if asked.since or asked.until else ("true", [])
    rows = summed(  # the events of an actor are looked at once
        store,
        "select type, status, year, inside, count(*) filter (not mutual and own) as sent, "
        "count(*) filter (not mutual and not own) as received, count(*) filter (mutual) as both_ from ("
        "select type, status, year(date_start) as year, list_contains(sources, ?) as own, "
        f'coalesce("symmetric", false) as mutual, coalesce({inside}, false) as inside from {{rows}} where {where}) '
        "group by all",
        "type, status, year, inside", ("sent", "received", "both_"), [code, *days, *values],
    ).to_pylist()  # fmt: skip
    types: dict[tuple[str | None, str | None], Counter[str]] = defaultdict(Counter)
    years: dict[int, Counter[str]] = defaultdict(Counter)
    channels = {t: c for c in CHANNELS for t in types_of(c)}
    for row in rows:
        counted = {"sent": row["sent"], "received": row["received"], "both": row["both_"]}
        if row["inside"]:
            types[row["type"], row["status"]].update(counted)
        if row["status"] == "occurred" and row["year"] is not None:
            years[row["year"]][channels.get(row["type"], "")] += sum(counted.values())
    order = sorted(types, key=lambda k: (-types[k].total(), k[0] or "", k[1] or ""))
    listed = [{"type": t, "status": s, **{side: types[t, s][side] for side in SIDES}} for t, s in order]
    return listed, [{"year": y, **{c: n[c] for c in CHANNELS}} for y, n in sorted(years.items())]


def offices(known: Knowledge, code: str, on: date) -> list[dict[str, Any]]:
    """Terms of the leaders and ministers of an actor, newest first; ``now`` on the day asked for."""
    terms = [t for t in known.leaders if t.state == code]
    terms.sort(key=lambda t: ((t.since or date.min), t.person), reverse=True)
    return [term(t) | {"person": t.person, "name": t.name, "role": t.role, "now": t.covers(on)} for t in terms]


def term(one: Term) -> dict[str, Any]:
    """An office and its days."""
    return {"state": one.state, "title": one.title, "since": one.since, "until": one.until}


def person(store: Store, asked: Asked, name: str) -> Answer:
    """One leader or minister: offices by date, what he said, and events that name him.  Raises `NotFound`."""
    terms = store.names.knowledge.terms_of(name)
    if not terms:
        raise NotFound("there is no such person", about=name[:200], fix="look for a name with /api/suggest")
    called = terms[0].name
    rows = store.query(
        "select * from events where id in (select l.event from reports r join report_events l on l.report = r.id "
        f"where contains(r.participants, ?)) order by date_start desc nulls last, id limit {NEWEST}",
        [f'"name":"{called}"'],
    ).to_pylist()
    body: dict[str, Any] = {
        "person": name, "name": called, "aliases": list(terms[0].aliases),
        "offices": [term(t) | {"role": t.role} for t in terms],
        "quotations": said_by(store, "speaker_name", called, NEWEST), "events": event_cards(store, rows),
    }  # fmt: skip
    body["names"] = naming(store.names, body)
    return Answer(body=body, rows=body["offices"], columns=("state", "role", "title", "since", "until"))
