"""Announced events and the later events of their pairs, from the tables of a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

import msgspec
import pyarrow as pa

from comity.model import Record
from comity.relations.pledges.acts import pairs_of_types
from comity.relations.pledges.model import Act, Evidence
from comity.relations.pledges.windows import DAY, before, window

PER_STATUS = 8
"""Later events of each status that are weighed for a pledge: linked ones, those of its type, the nearest in time."""
YEAR = 365
Row = Mapping[str, Any]


class Tables(Protocol):
    """Whatever answers SQL over the tables of `comity.record.schema`: a `Store`, or tables in memory."""

    def query(self, sql: str, values: Sequence[Any] = ...) -> pa.Table:
        """The answer as an Arrow table."""


class Gathered(Record, frozen=True):
    """Pledges with the events that may settle them.

    ``usual`` is how many events of a type the pair has a day (in the year before the promise), ``heard`` how many
    events of it were told from the promise to the end of the grace.
    """

    told: tuple[Act, ...] = ()
    later: Mapping[str, tuple[Act, ...]] = {}
    usual: Mapping[str, Mapping[str, float]] = {}
    heard: Mapping[str, int] = {}


EVENT = (
    'id, type, mode, status, sources, targets, coalesce("symmetric", false) as "symmetric", date_start, date_end, '
    "precision, place_name, first_seen, reports, outlets, documents, confidence, pledge"
)
_KNOWN = "coalesce(first_seen, date_end, date_start)"
_PAIRS = """
    select distinct {columns}, least(s, t) as a, greatest(s, t) as b from (
        select *, unnest(targets) as t from (select *, unnest(sources) as s from {source})) where s <> t
"""
_ASKED = """
    told as (
        select e.id, e.type, e.sources, e.targets, q.low, q.high, q.made, q.lapses from (
            select unnest(?) as id, unnest(?::date[]) as low, unnest(?::date[]) as high, unnest(?::date[]) as made,
                unnest(?::date[]) as lapses
        ) q join events e on e.id = q.id),
    sides as ({sides}),
    later as ({later})
"""
_LATER = f"""
    with {{asked}},
    found as (
        select s.id as told, l.id, l.type = s.type as same, l.linked = s.id as link, l.status,
            abs(coalesce(l.date_start, l.known) - s.high) as far
        from sides s join later l on l.a = s.a and l.b = s.b and l.id <> s.id
        join (select unnest(?) as told_type, unnest(?) as later_type) k
            on k.told_type = s.type and k.later_type = l.type
        where greatest(coalesce(l.date_end, l.date_start, l.known), l.known) >= s.low
            and least(coalesce(l.date_start, l.known), l.known) <= s.high),
    ranked as (
        select distinct on (told, id) * from found)
    select told, id from ranked
    qualify row_number() over (
        partition by told, status order by link desc nulls last, same desc, far, id) <= {PER_STATUS}
    order by told, id
"""
_USUAL = """
    with {asked}
    select s.id as told, l.type, count(distinct l.id) filter (
            l.status = 'occurred' and l.date_start >= s.made - 365 and l.date_start < s.made) as before,
        count(distinct l.id) filter (l.known > s.made and l.known <= s.lapses) as heard
    from sides s join later l on l.a = s.a and l.b = s.b and l.id <> s.id
    where l.known <= s.lapses and coalesce(l.date_start, l.known) >= s.made - 365
    group by all
"""
_REPORTS = """
    with told as (
        select l.event, r.*, coalesce(d.published, r.date_end, r.date_start) as day
        from (select unnest(?) as event) q join report_events l on l.event = q.event
        join reports r on r.id = l.report left join documents d on d.id = r.document
        where coalesce(d.published, r.date_end, r.date_start, ?) <= ?)
    select event, max(day) as last_told,
        arg_max({'text': evidence, 'document': document, 'report': id, 'start': evidence_start, 'end': evidence_end},
            (coalesce(confidence, 0), id)) filter (evidence is not null) as evidence,
        arg_max(participants, (coalesce(confidence, 0), id)) as participants,
        arg_max({'name': speaker_name, 'state': speaker_state}, (coalesce(confidence, 0), id))
            filter (speaker_name is not null or speaker_state is not null) as speaker
    from told group by event
"""


def gather(tables: Tables, where: str, values: Sequence[Any], as_of: date) -> Gathered:
    """The announced events that meet a condition, told by a day, and what may settle them.

    Costs two queries over the announced events and their pairs, and one for the sentences.
    """
    rows = tables.query(
        f"select {EVENT} from events where status = 'announced' and ({where}) and coalesce({_KNOWN}, ?) <= ? "
        "order by date_start, id",
        [*values, as_of, as_of],
    ).to_pylist()
    if not rows:
        return Gathered()
    bare = [act(r, None) for r in rows]
    links, usual, heard = candidates(tables, bare, as_of)
    names = sorted({e for found in links.values() for e in found})
    others = tables.query(f"select {EVENT} from events where id in (select unnest(?))", [names]).to_pylist()
    reports = told_by(tables, [*(r["id"] for r in rows), *names], as_of)
    events = {r["id"]: act(r, reports.get(r["id"])) for r in (*rows, *others)}
    later = {t: tuple(events[e] for e in found if e in events) for t, found in links.items()}
    return Gathered(told=tuple(events[r["id"]] for r in rows), later=later, usual=usual, heard=heard)


def candidates(
    tables: Tables, told: Sequence[Act], as_of: date
) -> tuple[dict[str, list[str]], dict[str, dict[str, float]], dict[str, int]]:
    """By pledge: ids of later events, how usual events of each type are for its pair, how many were told after it."""
    windows = [window(a) for a in told]
    asked: list[Any] = [
        [a.id for a in told],
        [before(w.made, DAY) for w in windows],
        [w.horizon for w in windows],
        [w.made for w in windows],
        [w.lapses for w in windows],
    ]
    kinds = pairs_of_types()
    sides = _PAIRS.format(columns="id, type, low, high, made, lapses", source="told")
    first, last = min(asked[1]), max(asked[2])
    bounds = [before(first, timedelta(days=YEAR)), last, as_of]
    source = (
        f"(select *, {_KNOWN} as known, pledge as linked from events "
        "where greatest(coalesce(date_end, date_start, first_seen), first_seen) >= ? "
        "and least(coalesce(date_start, first_seen), first_seen) <= ? "
        "and status in ('occurred', 'announced', 'negated') and "
        f"coalesce({_KNOWN}, current_date) <= ?)"
    )
    later = _PAIRS.format(columns="id, type, status, date_start, date_end, known, linked", source=source)
    common = _ASKED.format(sides=sides, later=later)
    types = [[t for t, _ in kinds], [x for _, x in kinds]]
    links: dict[str, list[str]] = defaultdict(list)
    for row in tables.query(_LATER.format(asked=common), [*asked, *bounds, *types]).to_pylist():
        links[row["told"]].append(row["id"])
    usual: dict[str, dict[str, float]] = defaultdict(dict)
    heard: dict[str, int] = defaultdict(int)
    for row in tables.query(_USUAL.format(asked=common), [*asked, *bounds]).to_pylist():
        usual[row["told"]][row["type"]] = row["before"] / YEAR
        heard[row["told"]] += row["heard"]
    return dict(links), dict(usual), dict(heard)


def told_by(tables: Tables, events: Sequence[str], as_of: date) -> dict[str, Row]:
    """What the reports of each event say that were published up to a day."""
    rows = tables.query(_REPORTS, [list(dict.fromkeys(events)), as_of, as_of]).to_pylist()
    return {r["event"]: r for r in rows}


def act(row: Row, told: Row | None) -> Act:
    """A row of `events` with what its reports say."""
    told = told or {}
    evidence, speaker = told.get("evidence"), told.get("speaker") or {}
    return Act(
        id=row["id"], type=row["type"] or "", mode=row["mode"], status=row["status"] or "",
        sources=tuple(row["sources"] or ()), targets=tuple(row["targets"] or ()), symmetric=bool(row["symmetric"]),
        start=row["date_start"], end=row["date_end"], precision=row["precision"] or "unknown",
        place=row["place_name"], known=row["first_seen"] or row["date_end"] or row["date_start"],
        last_told=told.get("last_told"), reports=row["reports"] or 1, outlets=row["outlets"] or 0,
        documents=row["documents"] or 0, confidence=row["confidence"], link=row["pledge"],
        speaker=speaker.get("name"), speaker_state=speaker.get("state"), people=tuple(people(told.get("participants"))),
        evidence=Evidence(**evidence) if evidence else None,
    )  # fmt: skip


def people(participants: str | None) -> Iterable[tuple[str, str]]:
    """Name and state of those participants who hold an office, in the order in which they are named."""
    if not participants:
        return
    seen = set()
    for one in msgspec.json.decode(participants):
        named = one.get("name"), one.get("state") or ""
        if one.get("office") and not one.get("sector") and named not in seen:
            seen.add(named)
            yield str(named[0]), named[1]
