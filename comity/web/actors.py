"""Actors: suggestions while somebody types, lists, one state or organisation, one person."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from comity.errors import NotFound
from comity.knowledge import Knowledge
from comity.knowledge.records import Term
from comity.record.query import day
from comity.record.store import Store
from comity.web.asked import Asked, Paged, Text
from comity.web.cards import event_cards, naming
from comity.web.cursors import page
from comity.web.matches import matching, named
from comity.web.pairs import CHANNELS_COUNTED, OCCURRED, channel, counts, each, news_day, pairs
from comity.web.quotations import said_by
from comity.web.render import Answer
from comity.web.shared import Shared

Kind = Literal["state", "organisation", "group"]
COLUMNS = ("code", "name", "kind", "events", "cooperation", "conflict", "partners", "first", "last")
PARTNERS = ("code", "events", "cooperation", "conflict", "sent", "received", "both", "net", "last")
QUOTED, NEWEST = 10, 20


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
        f"with counted as (select code, {counts()}, min(date_start) as first from {each(OCCURRED)} group by code), "
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
    found = store.names.code(code)
    on = day(asked.on, end=True) or news_day(store)
    partners = dealings(store, found, asked)
    newest = store.events(actor=found, since=asked.since, until=asked.until, limit=NEWEST).to_pylist()[::-1]
    body = {
        **described(store.names.knowledge, found), "partners": partners, "types": types(store, found, asked),
        "years": years(store, found), "offices": offices(store.names.knowledge, found, on), "on": on,
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
    since, until = day(asked.since), day(asked.until, end=True)
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


def types(store: Store, code: str, asked: ActorAsked) -> list[dict[str, Any]]:
    """Counts of events by type, status and who acts."""
    where, values = window(store, code, asked)
    return list(
        store.query(
            'select type, status, count(*) filter (not coalesce("symmetric", false) and list_contains(sources, ?)) as '
            'sent, count(*) filter (not coalesce("symmetric", false) and not list_contains(sources, ?)) as received, '
            f'count(*) filter ("symmetric") as "both" from events where {where} group by all '
            "order by count(*) desc, type, status",
            [code, code, *values],
        ).to_pylist()
    )


def years(store: Store, code: str) -> list[dict[str, Any]]:
    """Counts by year and channel."""
    where, values = store.filter(actor=code).where()
    return list(
        store.query(
            f"select year(date_start) as year, {CHANNELS_COUNTED} from (select date_start, {channel()} as channel "
            f"from events where {OCCURRED} and {where} and date_start is not null) group by all order by year",
            values,
        ).to_pylist()
    )


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
