"""Events by pairs of actors and by actor, as SQL: the common ground of home, actors, network and map."""

from __future__ import annotations

from datetime import date

from comity.record.store import Store
from comity.relations.changes import last_day
from comity.relations.cubefile import prepare
from comity.relations.weights import CHANNELS
from comity.web.cards import types_of

OCCURRED = "status = 'occurred'"
CHANNELS_COUNTED = (
    "count(*) filter (channel = 'cooperation') as cooperation, count(*) filter (channel = 'conflict') as conflict"
)


def pairs(store: Store) -> str:
    """The table of every event with every pair of its actors (`comity.relations.facts`), as it is now.

    Its columns are event, a, b (a < b), direction, day, last, type, status, channel, weight and more.
    """
    prepare(store)
    return "rel_facts"


def channel() -> str:
    """The channel of an event by its type, as SQL over `events`."""
    parts = [f"when type in ({', '.join(repr(t) for t in types_of(c))}) then '{c}'" for c in CHANNELS]
    return f"(case {' '.join(parts)} end)"


def counts(last: str = "coalesce(date_end, date_start)") -> str:
    """Columns of sums over events: events, cooperation, conflict, last."""
    return f"count(*) as events, {CHANNELS_COUNTED}, max({last}) as last"


def news_day(store: Store) -> date:
    """The day up to which the record knows: of the newest document, else of the newest event, never after today."""
    today = date.today()
    sql = "select max(published) as day from documents where published <= ?"
    found = store.query(sql, [today]).column(0)[0].as_py() or last_day(store)
    return min(found, today) if found else today
