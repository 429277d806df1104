"""What was announced, and what became of it, as the page shows it: see `comity.relations.pledges`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from comity.errors import BadUsage
from comity.record.query import listing
from comity.record.store import Store
from comity.relations.pledges import STATES, Pledge, Pledges, Settling, calendar, pledges, reliability
from comity.relations.pledges.listing import seen_from
from comity.relations.pledges.model import COLUMNS
from comity.web.asked import Asked, Paged, Text
from comity.web.cards import cards_of, naming
from comity.web.cursors import page
from comity.web.pairs import news_day
from comity.web.render import Answer
from comity.web.scopes import Scope
from comity.web.shared import Shared

OVERDUE = "overdue"
MOST = 20_000
"""Announced events that are looked at, those made last."""
NEAR = (40, 200)
"""Announced events that are looked at to find those due next; more where too few of the first are open."""
RIVALS = 3
TRUST = (
    "actor", "other", "channel", "pledges", "fulfilled", "broken", "overtaken", "lapsed", "open", "doubtful", "share",
    "low", "high", "least", "coverage",
)  # fmt: skip


class PledgeList(Paged):
    """Which pledges."""

    pair: Annotated[Text | None, Field(description="Two actors.")] = None
    actor: Annotated[Text | None, Field(description="An actor on either side.")] = None
    state: Annotated[Text | None, Field(description=f"{', '.join((*STATES, OVERDUE))}; with commas.")] = None
    since: Annotated[Text | None, Field(description="First day on which it is due.")] = None
    until: Annotated[Text | None, Field(description="Last day on which it is due.")] = None
    as_of: Annotated[Text | None, Field(description="As seen from this day (the newest news); also today.")] = None


class TrustAsked(Asked):
    """Whose pledges."""

    pair: Annotated[Text | None, Field(description="Two actors.")] = None
    actor: Annotated[Text | None, Field(description="An actor on either side.")] = None


def pledge_list(store: Store, asked: PledgeList, shared: Shared, most: int) -> Answer:
    """A page of pledges, those due next or just before first; all of them as a calendar."""
    wanted = checked(asked.state)
    found = chosen(store, asked, shared)
    kept = [p for p in found if not wanted or p.state in wanted or (OVERDUE in wanted and p.overdue)]
    kept.sort(key=lambda p: nearness(p, found.as_of))
    if asked.format == "ics":
        text = calendar(kept[:most], store.names.name, "Comity: pledges")
        return Answer(other={"ics": text.decode()})
    limit = min(asked.limit or (50 if asked.format == "json" else most), most)
    part, following = page(kept, asked.cursor, limit)
    rows = [p.row() for p in part]
    if asked.format != "json":
        return Answer(rows=rows, columns=COLUMNS, more=following)
    items = shown(store, part)
    counts = [{"state": s, "count": n} for s, n in found.counts.items()]
    counts.append({"state": OVERDUE, "count": sum(p.overdue for p in found)})
    body = {
        "items": items, "next": following, "total": len(kept), "names": naming(store.names, items), "states": counts,
        "as_of": found.as_of, "news_day": found.as_of,
    }  # fmt: skip
    return Answer(body=body, rows=rows, columns=COLUMNS)


def chosen(store: Store, asked: PledgeList, shared: Shared) -> Pledges:
    """The pledges of a question, of all states; those of the whole record are worked out once for each commit."""
    if any((asked.pair, asked.actor, asked.since, asked.until, asked.as_of)):
        return pledges(
            store, actor=asked.actor, pair=asked.pair, since=asked.since, until=asked.until, as_of=asked.as_of
        )
    return shared.of(store, "pledges", lambda: pledges(store, events=newest(store)))


def newest(store: Store) -> list[str] | None:
    """The announced events that were made last, where there are very many."""
    sql = f"select id from events where status = 'announced' order by first_seen desc nulls last, id limit {MOST + 1}"
    ids: list[str] = store.query(sql).column(0).to_pylist()
    return ids[:MOST] if len(ids) > MOST else None


def checked(state: str | None) -> tuple[str, ...]:
    """States as asked for.  Raises `BadUsage`."""
    wanted = listing(state)
    for one in wanted:
        if one not in (*STATES, OVERDUE):
            raise BadUsage(f"there is no state '{one}' of a pledge", fix=f"use {', '.join((*STATES, OVERDUE))}")
    return wanted


def nearness(pledge: Pledge, day: date) -> tuple[int, str]:
    """Days between when it is due and a day; those without a day last."""
    due = pledge.due_end or pledge.due_start
    return (abs((due - day).days) if due else 10**7, pledge.id)


def due(store: Store, limit: int, shared: Shared) -> list[dict[str, Any]]:
    """Pledges that are due next or are overdue; worked out anew when an event of their pairs has changed."""
    day = news_day(store)
    sql = (
        "select id from events where status = 'announced' and date_start is not null order by "
        f"abs(coalesce(date_end, date_start) - cast(? as date)), id limit {NEAR[-1]}"
    )
    near: list[str] = store.query(sql, [day]).column(0).to_pylist()

    def work() -> tuple[list[Pledge], Scope]:
        return nearest(store, near, day, limit)

    dated, _ = shared.of(store, "due", work, key=(day, seen_from(store, None), near), about=lambda found: found[1])
    return shown(store, dated)


def nearest(store: Store, near: list[str], day: date, limit: int) -> tuple[list[Pledge], Scope]:
    """The open ones among announced events, the first of which are looked at first, and what that hangs on."""
    dated: list[Pledge] = []
    groups: set[frozenset[str]] = set()
    for first, most in zip((0, *NEAR), NEAR, strict=False):
        if len(dated) < limit and first < len(near):
            found = pledges(store, events=near[first:most])
            groups |= {frozenset({s, t}) for p in found for s in p.act.sources for t in p.act.targets}
            opened = [p for p in found if p.state == "open" and (p.due_end or p.due_start)]
            dated += sorted(opened, key=lambda p: nearness(p, day))
    return dated[:limit], Scope(actors=tuple(groups), events=frozenset(near), listed=False)


def of_pair(store: Store, a: str, b: str, limit: int) -> list[dict[str, Any]]:
    """Pledges between two actors, those due next or just before first."""
    found = pledges(store, pair=(a, b))
    return shown(store, sorted(found, key=lambda p: nearness(p, found.as_of))[:limit])


def shown(store: Store, listed: Sequence[Pledge]) -> list[dict[str, Any]]:
    """Pledges with the cards of their events."""
    settled = [s for p in listed for s in (p.settled, *p.rivals[:RIVALS]) if s]
    cards = cards_of(store, [*(p.id for p in listed), *(s.act.id for s in settled)])
    return [as_object(p, cards) for p in listed if p.id in cards]


def as_object(pledge: Pledge, cards: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A pledge for JSON."""
    act, done = pledge.act, pledge.settled
    dated = {"start": pledge.due_start, "end": pledge.due_end, "precision": pledge.precision}
    kept = done is not None and done.kind == "fulfilled" and done.act.id in cards
    return {
        "id": pledge.id, "state": pledge.state, "overdue": pledge.overdue, "doubtful": pledge.doubtful,
        "score": round(pledge.score, 3), "event": cards[pledge.id],
        "due": dated if pledge.due_start or pledge.due_end else None, "made": pledge.made, "lapses": pledge.lapses,
        "fulfilled_by": [cards[done.act.id]] if kept and done is not None else [],
        "settled": settling(done, cards) if done is not None else None,
        "rivals": [settling(s, cards) for s in pledge.rivals[:RIVALS]],
        "speaker": {"name": act.speaker, "state": act.speaker_state} if act.speaker or act.speaker_state else None,
        "confidence": act.confidence, "why": "; ".join(pledge.reasons), "reasons": list(pledge.reasons),
    }  # fmt: skip


def settling(one: Settling, cards: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What settles a pledge, or may."""
    return {
        "kind": one.kind, "score": round(one.score, 3), "late": one.late, "reasons": list(one.reasons),
        "by": list(one.by), "event": cards.get(one.act.id),
    }  # fmt: skip


def trust(store: Store, asked: TrustAsked, shared: Shared) -> Answer:
    """How often announcements came true, by actor and channel, with intervals of 90 per cent."""
    found: Iterable[Pledge] = chosen(store, PledgeList(pair=asked.pair, actor=asked.actor), shared)
    rows = [r.row() for r in reliability(list(found))]
    body = {"items": rows, "names": {c: store.names.name(c) for r in rows for c in (r["actor"], r["other"]) if c}}
    return Answer(body=body, rows=rows, columns=TRUST)
