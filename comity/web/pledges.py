"""What was announced, and what became of it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from comity.record.store import Store
from comity.web.asked import Paged, Text
from comity.web.cards import event_cards, naming
from comity.web.cursors import page
from comity.web.pairs import news_day
from comity.web.render import Answer

STATES = ("overdue", "open", "kept")
MOST = 20_000
"""Announced events that are looked at, the newest."""
COLUMNS = ("id", "state", "due_start", "due_end", "made", "sources", "targets", "type", "mode", "confidence", "why",
           "fulfilled_by")  # fmt: skip


class PledgeList(Paged):
    """Which pledges."""

    pair: Annotated[Text | None, Field(description="Two actors.")] = None
    actor: Annotated[Text | None, Field(description="An actor on either side.")] = None
    state: Literal["overdue", "open", "kept"] | None = None
    since: Annotated[Text | None, Field(description="First day on which it is due.")] = None
    until: Annotated[Text | None, Field(description="Last day on which it is due.")] = None


def pledges(store: Store, asked: PledgeList, most: int) -> Answer:
    """A page of pledges, those due next first."""
    rows = store.events(
        pair=asked.pair, actor=asked.actor, status="announced", since=asked.since, until=asked.until, limit=MOST
    ).to_pylist()
    day = news_day(store)
    kept = fulfilled(store)
    counted = Counter(state_of(r, day, kept) for r in rows)
    rows = [r for r in rows if asked.state in (None, state_of(r, day, kept))]
    rows.sort(key=lambda r: nearness(r, day))
    limit = min(asked.limit or (50 if asked.format == "json" else most), most)
    part, following = page(rows, asked.cursor, limit)
    items = as_pledges(store, part, day, kept)
    body = {
        "items": items, "next": following, "total": len(rows), "names": naming(store.names, items),
        "states": [{"state": s, "count": counted[s]} for s in STATES], "news_day": day,
    }  # fmt: skip
    return Answer(body=body, rows=[flat(p) for p in items], columns=COLUMNS, more=following)


def due(store: Store, day: date, limit: int) -> list[dict[str, Any]]:
    """Pledges that are due next or were due last, not kept yet."""
    rows = store.query(
        "select * from events where status = 'announced' and date_start is not null "
        "order by abs(date_start - cast(? as date)), id limit 200",
        [day],
    ).to_pylist()
    kept = fulfilled(store)
    left = [r for r in rows if state_of(r, day, kept) != "kept"]
    return as_pledges(store, left[:limit], day, kept)


def of_pair(store: Store, a: str, b: str, limit: int) -> list[dict[str, Any]]:
    """Pledges between two actors, those due next first."""
    day = news_day(store)
    rows = store.events(pair=(a, b), status="announced", limit=MOST).to_pylist()
    rows.sort(key=lambda r: nearness(r, day))
    return as_pledges(store, rows[:limit], day, fulfilled(store))


def fulfilled(store: Store) -> dict[str, list[str]]:
    """The events that fulfil each announced one."""
    found: dict[str, list[str]] = {}
    for row in store.query("select pledge, id from events where pledge is not null order by id").to_pylist():
        found.setdefault(row["pledge"], []).append(row["id"])
    return found


def state_of(row: dict[str, Any], day: date, kept: dict[str, list[str]]) -> str:
    """What became of an announced event up to a day."""
    end = row["date_end"]
    return "kept" if row["id"] in kept else "overdue" if end is not None and end < day else "open"


def nearness(row: dict[str, Any], day: date) -> tuple[int, str]:
    """Days between when it is due and a day; undated ones last."""
    at = row["date_start"]
    return (abs((at - day).days) if at else 10**6, row["id"])


def as_pledges(store: Store, rows: list[dict[str, Any]], day: date, kept: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Announced events as pledges."""
    named = [e for r in rows for e in kept.get(r["id"], ())]
    sql = "select * from events where id in (select unnest(?))"
    done = {c["id"]: c for c in event_cards(store, store.query(sql, [named]).to_pylist())} if named else {}
    words = {
        "kept": "an event that occurred fulfils it",
        "overdue": f"it was due before {day}, and no event fulfils it",
        "open": "no event fulfils it yet",
    }
    found = []
    for card in event_cards(store, rows):
        row = next(r for r in rows if r["id"] == card["id"])
        state = state_of(row, day, kept)
        dated = {"start": row["date_start"], "end": row["date_end"], "precision": row["precision"]}
        found.append({
            "id": card["id"], "state": state, "event": card, "due": dated if row["date_start"] else None,
            "made": row["first_seen"], "fulfilled_by": [done[e] for e in kept.get(row["id"], ()) if e in done],
            "confidence": row["confidence"], "why": words[state],
        })  # fmt: skip
    return found


def flat(pledge: dict[str, Any]) -> dict[str, Any]:
    """A pledge as a row of a table."""
    dated = pledge["due"] or {}
    return {**pledge["event"], **pledge, "due_start": dated.get("start"), "due_end": dated.get("end"),
            "fulfilled_by": [e["id"] for e in pledge["fulfilled_by"]]}  # fmt: skip
