"""Counts: how many events of what kind two actors had in each period.

One row a pair (two codes in order of the alphabet), direction, period, channel, type and status::

    a, b        codes, a < b
    direction   a, b (who acts) or both (symmetric acts)
    period      first day of the week (Monday), month or year
    channel     cooperation or conflict, by the PLOVER quad of the type
    type, status
    events      merged events (an event of several states counts once for each pair)
    weight      sum of the weights of `comity.relations.weights`;  weight2  sum of their squares
    documents, imported      documents behind them, events of them that were imported

An event counts in the period of its first day when its days fit into a span no longer than the period; others are
too vaguely dated for a line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import duckdb
import pyarrow as pa

from comity.errors import BadPeriod
from comity.model import Record
from comity.relations import weights

if TYPE_CHECKING:
    from comity.record.store import Store

By = Literal["week", "month", "year"]
PERIODS: tuple[By, ...] = ("week", "month", "year")
DAYS = {"week": 7, "month": 31, "year": 366}
Ask = Callable[[str, Sequence[Any]], pa.Table]
COLUMNS = (
    "a", "b", "direction", "period", "channel", "type", "status", "events", "weight", "weight2", "documents",
    "imported",
)  # fmt: skip


class Cube(Record, frozen=True):
    """Counts (Arrow, columns `COLUMNS`) and volumes (period, actor, events).

    ``volumes`` counts occurred events by period: of all pairs (actor '') and of each actor asked for.
    """

    by: By
    counts: Any
    volumes: Any


def from_store(store: Store, by: By, pair: tuple[str, str] | None = None) -> Cube:
    """The cube of a record, of all pairs or of one.  Raises `BadPeriod`."""
    return make(store.query, "events", by, pair)


def from_table(events: pa.Table, by: By, pair: tuple[str, str] | None = None) -> Cube:
    """The cube of a table with the columns sources, targets (lists), type, date_start; others of `events` may lack."""
    have = set(events.column_names)
    defaults = {
        "mode": "null::varchar", "status": "'occurred'", "date_end": "date_start", "symmetric": "false",
        "documents": "1", "imported_from": "null::varchar",
    }  # fmt: skip
    columns = ["sources", "targets", "type", "date_start"] + [f'"{c}"' for c in defaults if c in have]
    added = [f'{sql} as "{name}"' for name, sql in defaults.items() if name not in have]
    connection = duckdb.connect()
    connection.register("given", events)

    def ask(sql: str, values: Sequence[Any]) -> pa.Table:
        return connection.sql(sql, params=list(values) or None).to_arrow_table()

    connection.execute(f"create view events as select {', '.join(columns + added)} from given")
    return make(ask, "events", by, pair)


def make(ask: Ask, name: str, by: By, pair: tuple[str, str] | None) -> Cube:
    """The cube by two questions to a database that has the events under a name."""
    if by not in PERIODS:
        raise BadPeriod(f"there is no period '{by}'", fix=f"use {', '.join(PERIODS)}")
    low, high = sorted(pair) if pair else ("", "")
    inside = f"date_start is not null and coalesce(date_end, date_start) - date_start < {DAYS[by]}"
    touched = "list_has_any(sources, [?, ?]) and list_has_any(targets, [?, ?])" if pair else "true"
    kept = "where s <> t" + (" and least(s, t) = ? and greatest(s, t) = ?" if pair else "")
    counts = ask(
        f"""
        with sides as (
            select unnest(sources) as s, targets, type, coalesce(mode, '') as mode, status, "symmetric", documents,
                imported_from, date_trunc('{by}', date_start)::date as period
            from {name} where {inside} and {touched}),
        pairs as (select * exclude (targets), unnest(targets) as t from sides)
        select least(s, t) as a, greatest(s, t) as b,
            case when "symmetric" then 'both' when s < t then 'a' else 'b' end as direction,
            period, w.channel, p.type, status, count(*) as events,
            sum(coalesce(m.weight, w.weight)::double) as weight,
            sum(coalesce(m.weight, w.weight)::double ** 2) as weight2,
            sum(coalesce(documents, 0))::bigint as documents, count(imported_from) as imported
        from pairs p join (select * from {weights.values()} where mode = '') w on w.type = p.type
        left join (select * from {weights.values()} where mode <> '') m on m.type = p.type and m.mode = p.mode
        {kept} group by all order by a, b, period, channel, p.type, status, direction
        """,
        [low, high] * 3 if pair else [],
    )
    return Cube(by=by, counts=counts, volumes=_volumes(ask, name, by, pair))


def _volumes(ask: Ask, name: str, by: By, pair: tuple[str, str] | None) -> pa.Table:
    """How much happened in each period: in the world (actor ''), and to each actor."""
    actors = "list_distinct(list_concat(sources, targets))"
    chosen = f"list_intersect({actors}, [?, ?])" if pair else actors
    return ask(
        f"""
        with placed as (
            select date_trunc('{by}', date_start)::date as period, sources, targets from {name}
            where date_start is not null and status = 'occurred' and type is not null
            and coalesce(date_end, date_start) - date_start < {DAYS[by]})
        select period, '' as actor, count(*) as events from placed group by all
        union all
        select period, actor, count(*) as events
        from (select period, unnest({chosen}) as actor from placed) group by all order by all
        """,
        list(pair) if pair else [],
    )


def periods(first: date, last: date, by: By) -> list[date]:
    """The first days of all periods from the one of a day to the one of another."""
    at = floor(first, by)
    found = []
    while at <= last:
        found.append(at)
        at = following(at, by)
    return found


def floor(day: date, by: By) -> date:
    """The first day of the period in which a day lies."""
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day.replace(month=1, day=1)


def following(start: date, by: By) -> date:
    """The first day of the next period."""
    if by == "week":
        return start + timedelta(days=7)
    if by == "month":
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return date(start.year + 1, 1, 1)
