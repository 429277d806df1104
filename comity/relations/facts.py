"""Facts: one row for each event and pair of actors, and the sums of them that everything else asks.

Four tables are defined over the events of a connection, as `define` makes them::

    rel_facts     event, key (its hash), a, b (codes, a < b), direction (a, b or both: who acts), day, last, span (days
                  between the two), type, mode, status, channel, weight, precision, reports, documents, imported
    rel_months    month, a, b, direction, channel, type, status, events, weight, weight2, documents, imported: the cube
    rel_pairs     the same, for questions about one pair
    rel_volumes   actor ('' is the world), day, span (7, 31 or 366: the least of them above the days of the event),
                  events: how much occurred

An event of several states is a fact of each two of them.  `comity.relations.cubefile` keeps them beside the index.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from comity.relations import weights

Run = Callable[[str], Any]
SPANS = (7, 31, 366)
"""Days of a week, a month and a year at most: an event counts in a period that its days fit into."""
FACT = (
    "event, key, a, b, direction, day, last, span, type, mode, status, channel, weight, precision, reports, documents, "
    "imported"
)
MONTH = "month, a, b, direction, channel, type, status"


def facts(source: str = "events") -> str:
    """The query of `rel_facts` from a table with the columns of events."""
    columns = (
        'id, sources, targets, type, mode, status, date_start, date_end, precision, reports, documents, '
        'imported_from, coalesce("symmetric", false) as sym'
    )
    plain = "len(sources) = 1 and len(targets) = 1"
    return f"""
        select {FACT} from (
            select id as event, hash(id) as key, least(s, t) as a, greatest(s, t) as b,
                case when sym then 'both' when s < t then 'a' else 'b' end as direction, date_start as day,
                coalesce(date_end, date_start) as last, (coalesce(date_end, date_start) - date_start)::integer as span,
                e.type, e.mode, status, w.channel, coalesce(m.weight, w.weight)::double as weight, precision,
                coalesce(reports, 1) as reports, coalesce(documents, 0) as documents, imported_from as imported
            from (
                select {columns}, sources[1] as s, targets[1] as t from {source} where {plain}
                union all
                select {columns}, s, t from (
                    select distinct on (id, s, t) * from (
                        select *, unnest(targets) as t from (
                            select *, unnest(sources) as s from {source} where not ({plain})))
                    where not coalesce("symmetric", false) or s < t or not list_contains(sources, t)
                        or not list_contains(targets, s))
            ) e
            join (select * from {weights.values()} where mode = '') w on w.type = e.type
            left join (select * from {weights.values()} where mode <> '') m on m.type = e.type and m.mode = e.mode
            where s <> t)
    """


def months(source: str = "rel_facts") -> str:
    """The query of `rel_months` from facts."""
    return f"""
        select date_trunc('month', day)::date as month, a, b, direction, channel, type, status, count(*) as events,
            sum(weight) as weight, sum(weight ** 2) as weight2, sum(documents)::bigint as documents,
            count(imported) as imported
        from {source} where day is not null and span < 31 group by all
    """


def volumes(source: str = "rel_facts") -> str:
    """The query of `rel_volumes` from facts."""
    kept = (
        f"select a, b, day, case when span < 7 then 7 when span < 31 then 31 else 366 end as span from {source} "
        "where status = 'occurred' and day is not null and span < 366"
    )
    return f"""
        select actor, day, span, sum(events)::bigint as events from (
            select unnest(['', a, b]) as actor, day, span, events from (
                select a, b, day, span, count(*) as events from ({kept}) group by all)) group by all
    """


def define(run: Run, source: str = "events") -> None:
    """Define them as views over a table of events."""
    run(f"create or replace temp view rel_facts as {facts(source)}")
    run(f"create or replace temp view rel_months as {months()}")
    run("create or replace temp view rel_pairs as select * from rel_months")
    run(f"create or replace temp view rel_volumes as {volumes()}")


def inside(by: str) -> int:
    """The greatest span, in days, of events that count in periods of this length."""
    return dict(zip(("week", "month", "year"), SPANS, strict=True))[by]


def pair_where(pair: Sequence[str] | None) -> tuple[str, list[str]]:
    """A condition on facts or months for one pair, and its values."""
    return ("a = ? and b = ?", sorted(pair)) if pair else ("true", [])
