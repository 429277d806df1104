"""Events by pairs of actors, as SQL: the common ground of home, actors and network."""

from __future__ import annotations

from datetime import date

from comity.record.store import Store
from comity.relations.weights import CHANNELS, values
from comity.web.cards import types_of

OCCURRED = "status = 'occurred'"


def pairs(where: str, columns: str = "") -> str:
    """A query of every event with every pair of its actors: id, a, b (a < b), s, t, type, channel, weight, days.

    An event of several states stands once for each source and target, as in `comity.relations.cube`.  ``columns`` are
    further columns of `events`, each after a comma.
    """
    return (
        f"(with sides as (select id, unnest(sources) as s, targets, type, coalesce(mode, '') as mode, "
        f'coalesce("symmetric", false) as mutual, date_start, date_end{columns} from events where {where}), '
        "dyads as (select * exclude (targets), unnest(targets) as t from sides) "
        "select p.*, least(s, t) as a, greatest(s, t) as b, w.channel, coalesce(m.weight, w.weight)::double as weight "
        f"from dyads p join (select * from {values()} where mode = '') w on w.type = p.type "
        f"left join (select * from {values()} where mode <> '') m on m.type = p.type and m.mode = p.mode "
        "where s <> t)"
    )


def channel() -> str:
    """The channel of an event by its type, as SQL over `events`."""
    parts = [f"when type in ({', '.join(repr(t) for t in types_of(c))}) then '{c}'" for c in CHANNELS]
    return f"(case {' '.join(parts)} end)"


def each(where: str) -> str:
    """Every event once for each of its actors, with columns code and channel beside those of `events`."""
    return (
        f"(select *, unnest(list_distinct(list_concat(sources, targets))) as code, {channel()} as channel "
        f"from events where {where})"
    )


CHANNELS_COUNTED = (
    "count(*) filter (channel = 'cooperation') as cooperation, count(*) filter (channel = 'conflict') as conflict"
)
COUNTS = (
    f"count(*) as events, {CHANNELS_COUNTED}, max(coalesce(date_end, date_start)) as last"
)
"""Columns of sums over pairs."""


def news_day(store: Store) -> date:
    """The day up to which the record knows: of the newest document, else of the newest event, never after today."""
    today = date.today()
    found = store.query(
        "select coalesce((select max(published) from documents where published <= ?), "
        f"(select max(coalesce(date_end, date_start)) from events where {OCCURRED} and date_start <= ?)) as day",
        [today, today],
    ).column(0)[0].as_py()  # fmt: skip
    return min(found, today) if found else today
