"""The first page: what is new, what changed most, what is due, and what it rests on."""

from __future__ import annotations

from typing import Any

from comity.record.store import Store
from comity.relations.changes import Change, changes
from comity.web.asked import Asked
from comity.web.cards import event_cards, naming
from comity.web.pairs import OCCURRED, counts, news_day, pairs
from comity.web.pledges import due
from comity.web.render import Answer
from comity.web.shared import Shared
from comity.web.sources import imported, months

NEW, CHANGED, DUE, PAIRS = 12, 10, 8, 12
SPANS = {"week": 7, "month": 30}
COLUMNS = (
    "span", "a", "b", "direction", "channel", "change", "score", "probability", "support", "events", "before", "after",
    "first", "last", "reason", "event",
)  # fmt: skip


def home(store: Store, asked: Asked, shared: Shared) -> Answer:
    """All of the first page; its table is what changed."""
    day = news_day(store)
    new = store.query(
        "select * from events where imported_from is null order by first_seen desc nulls last, confidence desc, id "
        f"limit {NEW}"
    ).to_pylist()
    changed = {span: changed_in(store, days) for span, days in SPANS.items()}
    busiest = store.query(
        f"select a, b, {counts('last')} from {pairs(store)} where {OCCURRED} group by all "
        f"order by events desc, a, b limit {PAIRS}"
    ).to_pylist()
    body = {
        "news_day": day, "new": event_cards(store, new), "changed": changed,
        "pledges_due": due(store, DUE, shared), "coverage": coverage(store), "pairs": busiest,
    }  # fmt: skip
    body["names"] = naming(store.names, body)
    rows = [{"span": span, **row} for span, found in changed.items() for row in found]
    return Answer(body=body, rows=rows, columns=COLUMNS)


def coverage(store: Store) -> dict[str, Any]:
    """What stands behind everything."""
    found = store.query(
        "select count(*) as documents, count(distinct source) as outlets, "
        "coalesce(list_sort(list_distinct(list(language))), []) as languages, min(published) as first, "
        "max(published) as last from documents"
    ).to_pylist()[0]
    found["imported"] = sum(row["events"] for row in imported(store))
    return {**found, "by_month": months(store)[-120:]}


def changed_in(store: Store, days: int) -> list[dict[str, Any]]:
    """The pairs that changed most in the last days, each with one line of reason; pairs that did not, after them."""
    return [as_object(c) for c in changes(store, days=days, limit=CHANGED, steady=True)]


def as_object(one: Change) -> dict[str, Any]:
    """A change for JSON."""
    shift = next(s for s in one.shifts if s.channel == one.channel)
    return {
        "a": one.a, "b": one.b, "direction": one.arrow, "channel": one.channel, "change": one.change,
        "score": round(one.score, 3), "probability": round(one.probability, 3), "support": one.support,
        "events": one.count, "before": round(shift.before, 3), "after": round(shift.after, 3), "first": one.first,
        "last": one.last, "reason": one.reason, "event": one.events[0] if one.events else None,
        "named": list(one.events),
    }  # fmt: skip
