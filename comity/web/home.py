"""The first page: what is new, what changed most, what is due, and what it rests on."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt
from typing import Any

from comity.record.store import Store
from comity.web.asked import Asked
from comity.web.cards import event_cards, naming
from comity.web.pairs import COUNTS, OCCURRED, news_day, pairs
from comity.web.pledges import due
from comity.web.render import Answer
from comity.web.sources import months

NEW, CHANGED, DUE, PAIRS = 12, 10, 8, 12
SPANS = {"week": 7, "month": 30}
BEFORE = 12
"""Weeks or months before with which the last one is compared."""
STEADY = 0.5
"""A change of less is none."""
COLUMNS = ("span", "a", "b", "direction", "channel", "score", "events", "before", "reason", "event")


def home(store: Store, asked: Asked) -> Answer:
    """All of the first page; its table is what changed."""
    day = news_day(store)
    new = store.query(
        "select * from events where imported_from is null order by first_seen desc nulls last, confidence desc, id "
        f"limit {NEW}"
    ).to_pylist()
    changed = {span: changes(store, day, span) for span in SPANS}
    busiest = store.query(
        f"select a, b, {COUNTS} from {pairs(OCCURRED)} group by all order by events desc, a, b limit {PAIRS}"
    ).to_pylist()
    body = {
        "news_day": day, "new": event_cards(store, new), "changed": changed,
        "pledges_due": due(store, day, DUE), "coverage": coverage(store), "pairs": busiest,
    }  # fmt: skip
    body["names"] = naming(store.names, body)
    rows = [{"span": span, **row} for span, found in changed.items() for row in found]
    return Answer(body=body, rows=rows, columns=COLUMNS)


def coverage(store: Store) -> dict[str, Any]:
    """What stands behind everything."""
    found = store.query(
        "select count(*) as documents, count(distinct source) as outlets, "
        "coalesce(list_sort(list_distinct(list(language))), []) as languages, min(published) as first, "
        "max(published) as last, (select count(*) from events where imported_from is not null) as imported "
        "from documents"
    ).to_pylist()[0]
    return {**found, "by_month": months(store)[-120:]}


def changes(store: Store, day: date, span: str) -> list[dict[str, Any]]:
    """The pairs whose last week or month differs most from the ones before, each with one line of reason."""
    days = SPANS[span]
    begin, since = day - timedelta(days=days - 1), day - timedelta(days=days * (BEFORE + 1) - 1)
    where = f"{OCCURRED} and date_start between date '{since}' and date '{day}'"
    rows = store.query(
        f"""
        with acts as (select *, date_start >= ? as now from {pairs(where, ', reports, confidence')}
            where coalesce(date_end, date_start) - date_start < 31),
        touched as (select a, b from acts where now group by all order by sum(weight) desc limit 400)
        select a, b, channel, count(*) filter (now) as events, coalesce(sum(weight) filter (now), 0) as now,
            coalesce(sum(weight) filter (not now), 0) / {BEFORE} as before, count(*) filter (not now) as earlier,
            arg_max(id, weight * ln(1 + coalesce(reports, 1))) filter (now) as event,
            mode(type) filter (now) as type, count(distinct type) filter (now) as types
        from acts join touched using (a, b) group by all order by a, b, channel
        """,
        [begin],
    ).to_pylist()
    found = [change(store, [r for r in rows if (r["a"], r["b"]) == p], span) for p in {(r["a"], r["b"]) for r in rows}]
    return sorted(found, key=lambda c: (-abs(c["score"]), c["a"], c["b"]))[:CHANGED]


def change(store: Store, rows: list[dict[str, Any]], span: str) -> dict[str, Any]:
    """The change of one pair from its one or two channels.

    The score of a channel is the difference of the square roots of the weighted sums, doubled: about normal with
    variance 1 for counts (Anscombe 1948).  A pair goes up when cooperation gains on conflict.
    """
    scores = {r["channel"]: 2 * (sqrt(r["now"] / 3 + 0.375) - sqrt(r["before"] / 3 + 0.375)) for r in rows}
    total = scores.get("cooperation", 0.0) - scores.get("conflict", 0.0)
    lead = max(rows, key=lambda r: (abs(scores[r["channel"]]), r["channel"]))
    moved = "rose" if lead["now"] > lead["before"] else "fell"
    events, before = lead["events"], lead["earlier"] / BEFORE
    told = f"{lead['channel'].capitalize()} {moved}: {events} {'event' if events == 1 else 'events'} this {span}"
    if lead["type"]:
        told += f", {'mostly ' if lead['types'] > 1 else ''}{lead['type'].lower()}"
    told += f"; {before:.2g} a {span} before" if lead["earlier"] else f"; none in {BEFORE} {span}s before"
    return {
        "a": lead["a"], "b": lead["b"], "direction": "steady" if abs(total) < STEADY else "up" if total > 0 else "down",
        "channel": lead["channel"], "score": round(total, 3), "events": sum(r["events"] for r in rows),
        "before": round(before, 3), "reason": told + ".", "event": lead["event"],
    }  # fmt: skip
