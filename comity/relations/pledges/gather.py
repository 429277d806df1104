"""Announced events and the later events of their pairs, with what their reports say, from the tables of a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from comity.model import Record
from comity.relations.pledges.model import Act, Evidence
from comity.relations.pledges.near import near, pairs_of
from comity.relations.pledges.tables import KNOWN, Tables

AT_ONCE = 4_000
"""Pledges that are gathered together; more are taken in turns, pair by pair, for the sake of memory."""
Row = Mapping[str, Any]


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
_REPORTS = """
    with linked as materialized (
        select l.event, l.report from report_events l where l.event in (select unnest(?))),
    told as materialized (
        select l.event, r.id, r.document, r.evidence, r.evidence_start, r.evidence_end, r.participants, r.speaker_name,
            r.speaker_state, coalesce(r.confidence, 0) as sure, coalesce(d.published, r.date_end, r.date_start) as day
        from linked l join reports r on r.id = l.report left join documents d on d.id = r.document
        where coalesce(d.published, r.date_end, r.date_start, ?) <= ?),
    best as (
        select distinct on (event) * from told order by event, evidence is null, sure desc, id desc),
    voices as (
        select distinct on (event) event, speaker_name, speaker_state from told
        where speaker_name is not null or speaker_state is not null order by event, sure desc, id desc)
    select b.event, t.last_told, b.id as report, b.document, b.evidence, b.evidence_start, b.evidence_end,
        b.participants, v.speaker_name, v.speaker_state
    from best b join (select event, max(day) as last_told from told group by event) t using (event)
    left join voices v using (event)
"""


def gather(tables: Tables, where: str, values: Sequence[Any], as_of: date) -> Iterator[Gathered]:
    """The announced events that meet a condition, told by a day, and what may settle them, some thousand at a time.

    Those of which no day at all is known, not even that of the news, are left out.
    """
    rows = tables.query(
        f"select {EVENT} from events where status = 'announced' and ({where}) and {KNOWN} <= ?",
        [*values, as_of],
    ).to_pylist()
    rows.sort(key=lambda r: (pairs_of(act(r, None)), r["id"]))
    for at in range(0, len(rows), AT_ONCE):
        yield gathered(tables, rows[at : at + AT_ONCE], as_of)


def gathered(tables: Tables, rows: Sequence[Row], as_of: date) -> Gathered:
    """These announced events with what may settle them."""
    found = near(tables, [act(r, None) for r in rows], as_of)
    names = sorted({e for events in found.later.values() for e in events})
    others = tables.query(f"select {EVENT} from events where id in (select unnest(?))", [names]).to_pylist()
    reports = told_by(tables, [*(r["id"] for r in rows), *names], as_of)
    events = {r["id"]: act(r, reports.get(r["id"])) for r in (*rows, *others)}
    later = {t: tuple(events[e] for e in listed if e in events) for t, listed in found.later.items()}
    return Gathered(told=tuple(events[r["id"]] for r in rows), later=later, usual=found.usual, heard=found.heard)


def told_by(tables: Tables, events: Sequence[str], as_of: date) -> dict[str, Row]:
    """What the reports of each event say that were published up to a day: the sentence of the surest, its speaker."""
    rows = tables.query(_REPORTS, [list(dict.fromkeys(events)), as_of, as_of]).to_pylist()
    return {r["event"]: r for r in rows}


def act(row: Row, told: Row | None) -> Act:
    """A row of `events` with what its reports say."""
    told = told or {}
    return Act(
        id=row["id"], type=row["type"] or "", mode=row["mode"], status=row["status"] or "",
        sources=tuple(row["sources"] or ()), targets=tuple(row["targets"] or ()), symmetric=bool(row["symmetric"]),
        start=row["date_start"], end=row["date_end"], precision=row["precision"] or "unknown",
        place=row["place_name"], known=row["first_seen"] or row["date_end"] or row["date_start"],
        last_told=told.get("last_told"), reports=row["reports"] or 1, outlets=row["outlets"] or 0,
        documents=row["documents"] or 0, confidence=row["confidence"], link=row["pledge"],
        speaker=told.get("speaker_name"), speaker_state=told.get("speaker_state"),
        people=tuple(people(told.get("participants"))), evidence=sentence(told),
    )  # fmt: skip


def sentence(told: Row) -> Evidence | None:
    """The sentence of a report."""
    if not told.get("evidence"):
        return None
    return Evidence(
        text=told["evidence"], document=told["document"], report=told["report"], start=told["evidence_start"],
        end=told["evidence_end"],
    )  # fmt: skip


def people(participants: str | None) -> Iterable[tuple[str, str]]:
    """Name and state of those participants who hold an office, in the order in which they are named."""
    if not participants or participants == "[]":
        return
    seen = set()
    for one in msgspec.json.decode(participants):
        named = one.get("name"), one.get("state") or ""
        if one.get("office") and not one.get("sector") and named not in seen:
            seen.add(named)
            yield str(named[0]), named[1]
