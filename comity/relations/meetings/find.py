"""`meetings`: every meeting of some persons or actors in a record, beside what texts claim of their number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from rapidfuzz import fuzz

from comity.errors import BadUsage
from comity.knowledge import Knowledge, fold
from comity.record.query import period
from comity.record.wording import many, short_day
from comity.relations.meetings.model import FORMS, Claim, Form, Meeting, Meetings, Party, Told
from comity.relations.meetings.who import is_person, party

if TYPE_CHECKING:
    from comity.record.store import Store

Row = Mapping[str, Any]
LIKE = 88
"""Likeness of names, 0 to 100, from which a damaged name of somebody unknown is this person's."""
VIDEO = re.compile(
    r"\b(?:video\w*|virtual(?:ly)?|on-?line|teleconferenc\w*|telematic\w*|zoom|by screen)\b", re.IGNORECASE
)
PHONE = re.compile(r"\b(?:(?:tele)?phon\w*|call(?:ed|s)? (?:between|with)|by letter|wrote to)\b", re.IGNORECASE)
FACE = re.compile(
    r"\b(?:face to face|in person|sat (?:down|together)|shook hands|handshake|dined|lunch\w*|dinner|banquet|embraced|"
    r"received|hosted|side by side|walked|met (?:in|at|on the (?:edge|margins?|sidelines?)))\b",
    re.IGNORECASE,
)
_TALKS = """
    select e.*, list({'report': r.id, 'evidence': r.evidence, 'document': r.document, 'start': r.evidence_start,
            'end': r.evidence_end, 'published': d.published, 'outlet': d.source,
            'speaker': coalesce(r.speaker_name, r.speaker_state), 'participants': r.participants}
            order by r.confidence desc nulls last, r.id) filter (r.id is not null) as told
    from (select * from events where type = 'CONSULT' and status = 'occurred' and WHERE) e
    left join report_events l on l.event = e.id left join reports r on r.id = l.report
    left join documents d on d.id = r.document
    group by all order by e.date_start, e.id
"""


def meetings(
    store: Store, *who: str, since: date | str | None = None, until: date | str | None = None
) -> Meetings:
    """Every meeting, call or talk in which all of ``who`` took part, oldest first.

    Each is a person ("XI-JINPING", "Xi Jinping", "Putin") or an actor ("RUS", "Russia").  A person takes part where a
    report names him, or the leader of his state while he is that.  Days are inclusive.  Raises `UnknownName` with
    suggestions, `BadUsage` for fewer than two.
    """
    parties = tuple(dict.fromkeys(party(store, w) for w in who))
    if len(parties) < 2:
        raise BadUsage("a meeting needs two", fix="give two persons or states: XI-JINPING VLADIMIR-PUTIN")
    rows = talks(store, parties, *period(since, until))
    known = store.names.knowledge
    there = [r for r in rows if all(takes_part(known, p, r) for p in parties) and together(parties, r)]
    counted = [r for r in rows if (r["count"] or 0) > 1]
    held = [meeting(r) for r in there if (r["count"] or 0) <= 1]
    found = united(held, any(p.kind == "person" for p in parties))
    claims = [claim(r, found, "parties" if r in there else "states") for r in counted]
    years = Counter(str(m.start.year) if m.start else "undated" for m in found)
    forms = Counter(m.form for m in found)
    return Meetings(
        parties=parties, items=tuple(found), claims=tuple(sorted(claims, key=lambda c: (c.by or date.max, c.event))),
        years=dict(sorted(years.items())), forms={f: forms[f] for f in FORMS if forms[f]},
        unnamed=len(rows) - len(there) - sum(c.level == "states" for c in claims),
    )  # fmt: skip


def talks(store: Store, parties: Sequence[Party], since: date | None, until: date | None) -> list[dict[str, Any]]:
    """Talks in which the actors of all parties are on some side, with their reports."""
    parts = ["list_has_any(list_concat(sources, targets), ?)"] * len(parties)
    values: list[Any] = [list(p.codes) for p in parties]
    if since:
        parts.append("coalesce(date_end, date_start) >= ?")
        values.append(since)
    if until:
        parts.append("coalesce(date_start, date_end) <= ?")
        values.append(until)
    found: list[dict[str, Any]] = store.query(_TALKS.replace("WHERE", " and ".join(parts)), values).to_pylist()
    for row in found:
        row["told"] = row["told"] or []
        row["there"] = [p for t in row["told"] for p in msgspec.json.decode(t.pop("participants") or "[]")]
    return found


def takes_part(known: Knowledge, one: Party, row: Row) -> bool:
    """Whether a party takes part in an event."""
    if one.kind == "actor":
        return one.id in (*row["sources"], *row["targets"])
    return any(names(known, one, p, row["date_start"]) for p in row["there"])


def names(known: Knowledge, one: Party, participant: Row, on: date | None) -> bool:
    """Whether a participant of a report is this person: by name, by a damaged name, or as the leader of the day."""
    called, state = fold(participant["name"]), participant.get("state")
    if called in one.names:
        return True
    if state not in one.codes:
        return False
    if participant.get("office") == "leader" and on is not None:
        leader = known.leader(state, on)
        return leader is not None and leader.person.upper() == one.id
    if not is_person(dict(participant)) or called in known.full_names:
        return False
    return any(fuzz.ratio(called, name) >= LIKE for name in one.names)


def together(parties: Sequence[Party], row: Row) -> bool:
    """Whether the parties deal with one another: some side has one and the other side another, or all meet all."""
    if row["symmetric"] or row["mode"] == "multilateral" or len(parties) > 2:
        return True
    first, second = parties
    sides = set(row["sources"] or ()), set(row["targets"] or ())
    a, b = set(first.codes), set(second.codes)
    return bool((sides[0] & a and sides[1] & b) or (sides[0] & b and sides[1] & a))


def meeting(row: Row) -> Meeting:
    """An event with its reports as a meeting."""
    told = tuple(Told(**t) for t in row["told"])
    people = dict.fromkeys((p["name"], p.get("state") or "") for p in row["there"] if is_person(p))
    return Meeting(
        events=(row["id"],), start=row["date_start"], end=row["date_end"], precision=row["precision"] or "unknown",
        form=form(row["mode"], [t.evidence or "" for t in told], row["place_name"]), place=row["place_name"],
        country=row["place_country"], sources=tuple(row["sources"] or ()), targets=tuple(row["targets"] or ()),
        people=tuple(people), reports=row["reports"] or 1, outlets=row["outlets"] or 0, confidence=row["confidence"],
        told=told, imported_from=row["imported_from"],
    )  # fmt: skip


def form(mode: str | None, sentences: Sequence[str], place: str | None) -> Form:
    """How they met, from the mode of the event and the words of its sentences."""
    if mode in ("visit", "third-party", "multilateral"):
        return mode  # type: ignore[return-value]
    if any(VIDEO.search(s) for s in sentences):
        return "video"
    if mode == "phone" or any(PHONE.search(s) for s in sentences):
        return "phone"
    return "in person" if place or any(FACE.search(s) for s in sentences) else "unknown"


def united(found: Sequence[Meeting], persons: bool) -> list[Meeting]:
    """Events that are one meeting joined: one day, forms that fit, and one sentence or the same persons."""
    kept: list[Meeting] = []
    for one in found:
        at = next((n for n, k in enumerate(kept) if same(k, one, persons)), None)
        if at is None:
            kept.append(one)
        else:
            kept[at] = both(kept[at], one)
    return kept


def same(first: Meeting, second: Meeting, persons: bool) -> bool:
    """Whether two events are of one meeting."""
    if first.start is None or first.start != second.start or first.end != second.end:
        return False
    if first.precision != "day" or second.precision != "day" or not fit(first.form, second.form):
        return False
    if first.place and second.place and first.place != second.place:
        return False
    sentences = {t.evidence for t in first.told if t.evidence} & {t.evidence for t in second.told if t.evidence}
    return persons or bool(sentences)


def fit(first: Form, second: Form) -> bool:
    """Whether two forms may be told of one meeting."""
    away = {"phone", "video"}
    return first == second or "unknown" in (first, second) or ("in person" in (first, second) and not {
        first, second} & away)  # fmt: skip


def both(first: Meeting, second: Meeting) -> Meeting:
    """Two events as one meeting."""
    exact = min((first, second), key=lambda m: FORMS.index(m.form))
    told = tuple({t.report: t for t in (*first.told, *second.told)}.values())
    seen = {(t.document, t.evidence) for t in told}
    outlets = len({t.outlet for t in told if t.outlet}) or max(first.outlets, second.outlets)
    sure = [c for c in (first.confidence, second.confidence) if c is not None]
    return msgspec.structs.replace(
        first, events=(*first.events, *second.events), form=exact.form, place=first.place or second.place,
        country=first.country or second.country, sources=merged(first.sources, second.sources),
        targets=merged(first.targets, second.targets), people=merged(first.people, second.people),
        reports=len(seen) or first.reports, outlets=outlets, confidence=max(sure, default=None), told=told,
    )  # fmt: skip


def merged(first: Iterable[Any], second: Iterable[Any]) -> tuple[Any, ...]:
    """Both without doubles."""
    return tuple(dict.fromkeys((*first, *second)))


def claim(row: Row, found: Sequence[Meeting], level: Any) -> Claim:
    """A number of meetings that a text tells, beside what the record holds of the same days."""
    told = tuple(Told(**t) for t in row["told"])
    start, end = row["date_start"], row["date_end"] or row["date_start"]
    by = min((t.published for t in told if t.published), default=row["first_seen"])
    until = end or by
    held = sum(
        m.start is not None and (start is None or (m.end or m.start) >= start) and (until is None or m.start <= until)
        for m in found
    )
    return Claim(
        event=row["id"], count=row["count"], start=start, end=end, precision=row["precision"] or "unknown", by=by,
        level=level, held=held, reports=row["reports"] or 1, told=told,
        difference=difference(row["count"], held, start, until, level),
    )  # fmt: skip


def difference(count: int, held: int, start: date | None, end: date | None, level: str) -> str:
    """The difference in one sentence."""
    whose = " of the states" if level == "states" else ""
    days = f"since {short_day(start)}" if start else "in all"
    days += f" by {short_day(end)}" if end else ""
    gap = count - held
    rest = f"{gap} {'is' if gap == 1 else 'are'} not in it" if gap > 0 else f"{-gap} more than claimed"
    rest = rest if gap else "both agree"
    return f"a text claims {many(count, 'meeting')}{whose} {days}, the record holds {held}: {rest}"
